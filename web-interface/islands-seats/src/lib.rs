//! Seat tokens, with which a client proves its seat at a game.
//!
//! The server signs the game's id and the player, and keeps nothing: whoever has the key can
//! verify a token, today or after a restart.
//!
//! ```
//! use islands_core::{GameId, Player};
//! use islands_seats::SeatKey;
//!
//! let seat_key = SeatKey::new(&[7; 32]);
//! let game = GameId::from_bytes(*b"0123456789");
//! let token = seat_key.token(game, Player::Two);
//! assert_eq!(seat_key.verify(&token), Some((game, Player::Two)));
//!
//! let other_key = SeatKey::new(&[8; 32]);
//! assert_eq!(other_key.verify(&token), None);
//! ```

mod seat_key;

pub use seat_key::SeatKey;
