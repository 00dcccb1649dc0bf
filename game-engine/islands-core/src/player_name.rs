//! The name of a player.

use std::fmt;

/// A player's name, 1 to 32 characters long.
///
/// It has no space at either end, no control character, and none of the
/// zero-width and text-direction characters that make two names look alike.
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
    /// The maximum length of a name, in characters.
    pub const MAX_CHARS: usize = 32;

    /// Creates a name from user input, without the space around it.
    ///
    /// # Errors
    /// [`InvalidName`] when the trimmed text is empty, is longer than 32
    /// characters, or has a character that is not allowed.
    pub fn new(text: &str) -> Result<PlayerName, InvalidName> {
        let name = text.trim();
        let long = name.chars().nth(PlayerName::MAX_CHARS).is_some();
        if name.is_empty() || long || name.chars().any(is_control) {
            Err(InvalidName)
        } else {
            Ok(PlayerName(name.into()))
        }
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlayerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns whether a character is not allowed in a name: control characters, some
/// of zero width, and some that change the direction of the text around them.
/// The joiners U+200C and U+200D may stay, because scripts and emoji need them.
fn is_control(letter: char) -> bool {
    let unseen = matches!(
        letter,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}'
    );
    let turning = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    letter.is_control() || unseen || turning
}

/// The error when a text is not a valid [`PlayerName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidName;

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a name has 1 to {} characters and no control or invisible characters",
            PlayerName::MAX_CHARS
        )
    }
}

impl std::error::Error for InvalidName {}
