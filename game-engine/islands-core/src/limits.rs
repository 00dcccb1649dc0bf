//! Limits within one game.

/// Maximum number of accepted positioning commands per player and game. Bounds
/// the log of a game; regular play needs far fewer.
pub const MAX_POSITIONINGS: u8 = 200;

/// Minimum time, in milliseconds, that a player must be away before the opponent
/// may claim the win.
pub const MIN_AWAY_MS: u64 = 120_000;
