//! Random ids for new games.

use islands_core::GameId;

use crate::call_error::CallError;

/// Returns an unguessable id: 80 random bits from the operating system.
///
/// # Errors
/// [`CallError::Busy`] if the operating system has no random bytes.
pub(crate) fn random_game_id() -> Result<GameId, CallError> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system gives no random bytes");
        CallError::Busy
    })?;
    Ok(GameId::from_bytes(bytes))
}
