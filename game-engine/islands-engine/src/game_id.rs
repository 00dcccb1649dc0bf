//! New names for new games.

use islands_core::GameId;

use crate::call_error::CallError;

/// Draws an id that nobody can guess: 80 bits from the operating system.
///
/// # Errors
/// [`CallError::Busy`] in the unheard-of case that the system has none to give.
pub(crate) fn draw_game_id() -> Result<GameId, CallError> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system gives no random bytes");
        CallError::Busy
    })?;
    Ok(GameId::from_bytes(bytes))
}
