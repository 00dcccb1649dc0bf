//! How often and how long, in one game.

/// How often a player may put islands somewhere in one game. It bounds the log
/// of a game; nobody needs so many who does not mean to fill it.
pub const MAX_POSITIONINGS: u8 = 200;

/// How long a player has to be away, in milliseconds, before the other one may
/// claim the win.
pub const AWAY_MS: u64 = 120_000;
