//! The name that a sender gives a command.

use std::fmt;

/// A command's id: up to 36 characters of the sender's choice. A repeat of a
/// command that was accepted under this id gets its reply again and changes
/// nothing, as long as it is among the last 32 of its player.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommandId(Box<str>);

impl CommandId {
    /// The longest id, in characters: a UUID in its usual form.
    pub const MAX_CHARS: usize = 36;

    /// An id that was sent along.
    ///
    /// # Errors
    /// [`InvalidCommandId`] when it is empty or too long.
    pub fn new(text: &str) -> Result<CommandId, InvalidCommandId> {
        if text.is_empty() || text.chars().nth(CommandId::MAX_CHARS).is_some() {
            Err(InvalidCommandId)
        } else {
            Ok(CommandId(text.into()))
        }
    }

    /// An id for a command that was sent without one, so that it too can be
    /// repeated after a crash. It is drawn, not secret.
    pub(crate) fn draw() -> CommandId {
        CommandId(format!("~{:032x}", fastrand::u128(..)).into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An id that is empty or longer than 36 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCommandId;

impl fmt::Display for InvalidCommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a command's id has 1 to {} characters",
            CommandId::MAX_CHARS
        )
    }
}

impl std::error::Error for InvalidCommandId {}
