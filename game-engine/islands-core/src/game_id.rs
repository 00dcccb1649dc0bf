//! The id of a game.

use std::fmt;
use std::str::FromStr;

/// The id of a game: 80 bits, written as 16 characters.
///
/// The characters are lower-case base32 (RFC 4648, `a`–`z` and `2`–`7`). Anyone
/// with the id may watch the game, so ids are drawn at random where games are
/// opened. The core only passes an id from a finished game to its rematch.
///
/// ```
/// use islands_core::GameId;
///
/// let id = GameId::from_bytes([0; 10]);
/// assert_eq!(id.to_string(), "aaaaaaaaaaaaaaaa");
/// assert_eq!("aaaaaaaaaaaaaaaa".parse(), Ok(id));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GameId([u8; 10]);

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const CHARS: usize = 16;

impl GameId {
    /// Creates an id from its 80 bits.
    pub const fn from_bytes(bytes: [u8; 10]) -> GameId {
        GameId(bytes)
    }

    /// Returns the 80 bits of the id.
    pub const fn to_bytes(self) -> [u8; 10] {
        self.0
    }
}

impl fmt::Display for GameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self
            .0
            .iter()
            .fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut text = String::with_capacity(CHARS);
        for place in (0..CHARS).rev() {
            let digit = (bits >> (5 * place)) as usize & 31;
            text.push(char::from(ALPHABET[digit]));
        }
        f.pad(&text)
    }
}

impl fmt::Debug for GameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for GameId {
    type Err = InvalidGameId;

    fn from_str(text: &str) -> Result<GameId, InvalidGameId> {
        if text.len() != CHARS {
            return Err(InvalidGameId);
        }
        let mut bits = 0u128;
        for byte in text.bytes() {
            let digit = ALPHABET.iter().position(|letter| *letter == byte);
            bits = bits << 5 | digit.ok_or(InvalidGameId)? as u128;
        }
        // The id is in the low 80 of the 128 bits.
        let mut bytes = [0; 10];
        bytes.copy_from_slice(&bits.to_be_bytes()[6..]);
        Ok(GameId(bytes))
    }
}

/// The error when a text is not 16 characters of lower-case base32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidGameId;

impl fmt::Display for InvalidGameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a game's id has 16 characters, each a to z or 2 to 7")
    }
}

impl std::error::Error for InvalidGameId {}

#[cfg(feature = "serde")]
impl serde::Serialize for GameId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
