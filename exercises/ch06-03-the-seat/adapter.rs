//! Commands that make tokens, change them, and have them verified.

use data_encoding::BASE64URL_NOPAD;
use islands_core::{GameId, Player};

use crate::seat_key::SeatKey;

/// Returns a function that answers commands.
pub fn start() -> impl FnMut(&str) -> String {
    |command| answer(command).unwrap_or_else(|| "! unknown command".to_owned())
}

/// Answers `token of SEAT`, and `verify` with a text: `the text TEXT`, or `SEAT` with what is
/// changed behind it. A seat is `ada at GAME` or `bob at GAME`, where the game is a letter.
fn answer(command: &str) -> Option<String> {
    if let Some(seat) = command.strip_prefix("token of ") {
        return token(seat, 1);
    }
    let what = command.strip_prefix("verify ")?;
    let text = match what.split_once(", ") {
        None => match what.strip_prefix("the text ") {
            Some(text) => text.trim_matches('"').to_owned(),
            None => token(what, 1)?,
        },
        Some((seat, "signed with another key")) => token(seat, 2)?,
        Some((seat, "each byte changed in turn")) => return each_byte_changed(&token(seat, 1)?),
        Some((seat, change)) => changed(&token(seat, 1)?, change)?,
    };
    Some(verified(&text))
}

fn verified(token: &str) -> String {
    match SeatKey::new(&[1; 32]).verify(token) {
        Some((game, player)) => format!("{} at {}", name(player), letter(game)),
        None => "no seat".to_owned(),
    }
}

/// Changes each byte of a token, one after the other, and says which change goes unnoticed.
fn each_byte_changed(token: &str) -> Option<String> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let answer = verified(&BASE64URL_NOPAD.encode(&changed));
        if answer != "no seat" {
            return Some(format!("byte {}: {answer}", place + 1));
        }
    }
    Some("no seat".to_owned())
}

/// Returns a token with a change, which the commands describe.
fn changed(token: &str, change: &str) -> Option<String> {
    match change {
        "with a letter behind it" => return Some(format!("{token}A")),
        "with a space behind it" => return Some(format!("{token} ")),
        "with a space before it" => return Some(format!(" {token}")),
        "with = behind it" => return Some(format!("{token}==")),
        "with + and / for - and _" => return Some(token.replace('-', "+").replace('_', "/")),
        _ => {}
    }
    let mut bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    match change.split(' ').collect::<Vec<_>>()[..] {
        ["byte", place, "changed"] => *bytes.get_mut(place.parse::<usize>().ok()? - 1)? ^= 1,
        ["for", player] => *bytes.get_mut(10)? = number(player)?,
        ["at", game] => bytes.get_mut(..10)?.copy_from_slice(&id(game)?.to_bytes()),
        [length, "bytes", "long"] => bytes.resize(length.parse().ok()?, 0),
        ["bytes", "12", "and", "13", "swapped"] if bytes.len() > 12 => bytes.swap(11, 12),
        ["with", "the", "last", "byte", "of", "the", "MAC"] => drop(bytes.drain(11..42)),
        ["with", "the", "last", "31", "bytes", "of", "the", "MAC"] => drop(bytes.remove(11)),
        _ => return None,
    }
    Some(BASE64URL_NOPAD.encode(&bytes))
}

fn token(seat: &str, key: u8) -> Option<String> {
    let (player, game) = seat.split_once(" at ")?;
    let player = match number(player)? {
        1 => Player::One,
        _ => Player::Two,
    };
    Some(SeatKey::new(&[key; 32]).token(id(game)?, player))
}

fn number(player: &str) -> Option<u8> {
    match player {
        "ada" => Some(1),
        "bob" => Some(2),
        "nobody" => Some(3),
        _ => None,
    }
}

/// Returns the game whose ten bytes are this letter.
fn id(game: &str) -> Option<GameId> {
    Some(GameId::from_bytes([*game.as_bytes().first()?; 10]))
}

fn letter(game: GameId) -> String {
    let bytes = game.to_bytes();
    let first = char::from(bytes[0]);
    match bytes == [bytes[0]; 10] {
        true => first.to_string(),
        false => format!("another game than {first}"),
    }
}

fn name(player: Player) -> &'static str {
    match player {
        Player::One => "ada",
        Player::Two => "bob",
    }
}
