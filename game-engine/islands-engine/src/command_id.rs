//! The id that a sender gives a command: its idempotency key.

use std::fmt;

use thiserror::Error;

/// A command's id: 1 to 36 characters of the sender's choice. A repeat of an accepted
/// command gets the same reply and changes nothing, while its id is among the last 32
/// of its player.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CommandId(Text);

/// The text of an id. Every command has one and every game keeps some, so a short id
/// is stored inline.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Text {
    /// At most 36 bytes. The unused bytes are zero, so that equal ids compare equal.
    Short {
        length: u8,
        bytes: [u8; CommandId::MAX_CHARS],
    },
    /// More than 36 bytes, in at most 36 characters.
    Long(Box<str>),
}

impl CommandId {
    /// The longest id, in characters: a UUID in its usual form.
    pub const MAX_CHARS: usize = 36;

    /// Checks an id from a sender.
    ///
    /// # Errors
    /// [`InvalidCommandId`] if it is empty or too long.
    pub fn new(text: &str) -> Result<CommandId, InvalidCommandId> {
        if text.is_empty() || text.chars().nth(CommandId::MAX_CHARS).is_some() {
            return Err(InvalidCommandId);
        }
        let mut bytes = [0; CommandId::MAX_CHARS];
        Ok(CommandId(match bytes.get_mut(..text.len()) {
            Some(room) => {
                room.copy_from_slice(text.as_bytes());
                let length = text.len() as u8;
                Text::Short { length, bytes }
            }
            None => Text::Long(text.into()),
        }))
    }

    /// Returns a random id for a command that was sent without one, so that it can be repeated
    /// after a crash. It is not secret.
    pub(crate) fn random() -> CommandId {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let random = fastrand::u128(..);
        let mut bytes = [0; CommandId::MAX_CHARS];
        bytes[0] = b'~';
        for (place, byte) in bytes[1..33].iter_mut().enumerate() {
            *byte = DIGITS[(random >> (4 * place)) as usize % 16];
        }
        CommandId(Text::Short { length: 33, bytes })
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Short { length, bytes } => {
                // The bytes are a whole `str`, so they are valid UTF-8.
                std::str::from_utf8(&bytes[..usize::from(*length)]).unwrap_or_default()
            }
            Text::Long(text) => text,
        }
    }
}

impl fmt::Debug for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CommandId").field(&self.as_str()).finish()
    }
}

/// An id that is empty or longer than 36 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a command's id has 1 to {} characters", CommandId::MAX_CHARS)]
pub struct InvalidCommandId;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, right: bool) {
        let id = CommandId::new(text);
        let read = id.as_ref().map(CommandId::as_str);
        assert_eq!(read.ok(), right.then_some(text));
    }

    #[test]
    fn an_id_is_any_text_of_1_to_36_characters() {
        check("", false);
        check("a", true);
        check(&"a".repeat(36), true);
        check(&"a".repeat(37), false);
        check(&"\u{1f3dd}".repeat(36), true);
        check(&"\u{1f3dd}".repeat(37), false);
        check("a\0", true);
        assert_ne!(CommandId::new("a"), CommandId::new("a\0"));
    }

    #[test]
    fn a_random_id_is_valid() {
        let random = CommandId::random();
        assert_eq!(random.as_str().len(), 33);
        assert_eq!(CommandId::new(random.as_str()), Ok(random.clone()));
        assert_ne!(CommandId::random(), random);
    }
}
