//! What a player is called.

use std::fmt;

/// A player's name: 1 to 32 characters without a control character, and no
/// space at either end.
///
/// ```
/// use islands_core::PlayerName;
///
/// assert_eq!(PlayerName::new("  Ada ")?.as_str(), "Ada");
/// assert!(PlayerName::new("   ").is_err());
/// # Ok::<(), islands_core::InvalidName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct PlayerName(Box<str>);

impl PlayerName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 32;

    /// A name from what someone typed; space around it is trimmed.
    ///
    /// # Errors
    /// [`InvalidName`] when nothing is left, when it is longer than 32
    /// characters, or when it has a control character.
    pub fn new(text: &str) -> Result<PlayerName, InvalidName> {
        let name = text.trim();
        let long = name.chars().nth(PlayerName::MAX_CHARS).is_some();
        if name.is_empty() || long || name.chars().any(char::is_control) {
            Err(InvalidName)
        } else {
            Ok(PlayerName(name.into()))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlayerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no [`PlayerName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidName;

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a name has 1 to {} characters and no control characters",
            PlayerName::MAX_CHARS
        )
    }
}

impl std::error::Error for InvalidName {}
