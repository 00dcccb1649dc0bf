//! The key that signs and verifies seat tokens.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use islands_core::{GameId, Player};
use sha2::Sha256;

/// The key that signs seat tokens. Keep it secret: it can make the token of any seat.
#[derive(Clone)]
pub struct SeatKey {
    mac: Hmac<Sha256>,
}

/// Bytes of a seat: the game's id and the player's number.
const SEAT_BYTES: usize = 11;
/// Bytes of the MAC (message authentication code) after the seat: a whole HMAC-SHA-256.
const MAC_BYTES: usize = 32;
/// Bytes of the MAC that [`SeatKey::join_command_id`] keeps.
const JOIN_ID_BYTES: usize = 16;

impl SeatKey {
    /// Signs tokens with `key`.
    pub fn new(key: &[u8; 32]) -> SeatKey {
        // HMAC pads a short key with zeros to a block of its hash (RFC 2104).
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        SeatKey {
            mac: Hmac::new(&block.into()),
        }
    }

    /// Returns the token of a seat, 58 characters of base64url. It holds and proves the game and
    /// the player, and is valid as long as the game exists.
    pub fn token(&self, game: GameId, player: Player) -> String {
        your_code!(self, game, player)
    }

    /// Returns the seat of a token; `None` unless this key has signed it. The MACs are
    /// compared in constant time.
    pub fn verify(&self, token: &str) -> Option<(GameId, Player)> {
        your_code!(self, token)
    }

    /// Returns the command id of a request to take the second seat, derived from the id that
    /// the client chose for the request.
    ///
    /// A repeat of this request gets the seat token, so the id of another command of player 2
    /// must not pass for it: those ids are not secret. A MAC, which only the server can
    /// compute, keeps the two apart.
    pub fn join_command_id(&self, game: GameId, id: &str) -> String {
        let taking = [&game.to_bytes(), id.as_bytes()].concat();
        let code = self.sign(&taking).finalize().into_bytes();
        BASE64URL_NOPAD.encode(&code[..JOIN_ID_BYTES])
    }

    fn sign(&self, seat: &[u8]) -> Hmac<Sha256> {
        self.mac.clone().chain_update(seat)
    }
}

fn number(player: Player) -> u8 {
    match player {
        Player::One => 1,
        Player::Two => 2,
    }
}
