//! The format is for ever: here it is, to the letter.

use std::time::Duration;

use islands_core::bot::Strength;
use islands_core::{
    Board, Coordinate, Draft, Event, GameCreated, GameId, Island, IslandType, Move, Outcome,
    Player, PlayerName,
};

use super::{CHECKSUM, Place, checksum, decode, encode};
use crate::command_id::CommandId;
use crate::journal::{Batch, LoadError};
use crate::opening::{Bot, Opening};

const PLACE: Place = Place {
    game: GameId::from_bytes([7; 10]),
    last: 3,
};

fn batch(events: Vec<Event>) -> Batch {
    Batch {
        at: std::time::UNIX_EPOCH + Duration::from_millis(1_735_689_600_123),
        by: Player::One,
        command_id: None,
        opening: None,
        events,
    }
}

fn name(text: &str) -> PlayerName {
    PlayerName::new(text).unwrap()
}

fn island(kind: IslandType, row: i64, col: i64) -> Island {
    Island::new(kind, Coordinate::new(row, col).unwrap()).unwrap()
}

fn board() -> Board {
    [
        island(IslandType::Atoll, 1, 1),
        island(IslandType::Dot, 10, 10),
        island(IslandType::LShape, 1, 4),
        island(IslandType::SShape, 5, 1),
        island(IslandType::Square, 8, 1),
    ]
    .into_iter()
    .try_fold(Draft::default(), Draft::position)
    .unwrap()
    .finish()
    .unwrap()
}

fn guess(outcome: Outcome, forested: Option<IslandType>) -> Event {
    Event::CoordinateGuessed(Move {
        by: Player::One,
        at: Coordinate::new(4, 10).unwrap(),
        outcome,
        forested,
    })
}

/// The bytes that a line of JSON has in the journal.
fn sealed(json: &str) -> Vec<u8> {
    let checksum = checksum(PLACE, json.as_bytes()).to_le_bytes();
    [&checksum, json.as_bytes()].concat()
}

/// A batch is written as this line, and the line is read as this batch.
#[track_caller]
fn check_batch(batch: &Batch, line: &str) {
    let bytes = encode(PLACE, batch).unwrap();
    assert_eq!(str::from_utf8(&bytes[CHECKSUM..]).unwrap(), line);
    assert_eq!(bytes, sealed(line));
    assert_eq!(decode(PLACE, &bytes).as_ref(), Ok(batch));
}

#[track_caller]
fn check(event: Event, json: &str) {
    let line = format!(r#"{{"v":1,"at":1735689600123,"by":"player1","events":[{json}]}}"#);
    check_batch(&batch(vec![event]), &line);
}

/// A line with a correct checksum is refused all the same, and it is said why.
#[track_caller]
fn check_refused(json: &str, why: &str) {
    let refused = decode(PLACE, &sealed(json));
    let Err(LoadError::Damaged(what)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(what, format!("event 3 of game {}: {why}", PLACE.game));
}

#[track_caller]
fn check_event_refused(json: &str, why: &str) {
    let line = format!(r#"{{"v":1,"at":0,"by":"player1","events":[{json}]}}"#);
    check_refused(&line, why);
}

#[test]
fn each_event_has_its_line() {
    let by = Player::Two;
    check(
        Event::GameCreated(GameCreated { name: name("Ada") }),
        r#"{"game_created":{"name":"Ada"}}"#,
    );
    check(
        Event::PlayerAdded {
            name: name("\"Zoë\" \u{1F3DD}"),
        },
        "{\"player_added\":{\"name\":\"\\\"Zoë\\\" \u{1F3DD}\"}}",
    );
    check(
        Event::IslandPositioned {
            by,
            island: island(IslandType::SShape, 9, 8),
        },
        r#"{"island_positioned":{"by":"player2","island":"s_shape","row":9,"col":8}}"#,
    );
    check(
        Event::IslandsPositioned { by, board: board() },
        concat!(
            r#"{"islands_positioned":{"by":"player2","islands":["#,
            r#"{"island":"atoll","row":1,"col":1},"#,
            r#"{"island":"dot","row":10,"col":10},"#,
            r#"{"island":"l_shape","row":1,"col":4},"#,
            r#"{"island":"s_shape","row":5,"col":1},"#,
            r#"{"island":"square","row":8,"col":1}]}}"#,
        ),
    );
    check(
        Event::IslandsSet { by },
        r#"{"islands_set":{"by":"player2"}}"#,
    );
    check(
        guess(Outcome::Miss, None),
        r#"{"coordinate_guessed":{"by":"player1","row":4,"col":10,"outcome":"miss"}}"#,
    );
    check(
        guess(Outcome::Hit, Some(IslandType::Dot)),
        r#"{"coordinate_guessed":{"by":"player1","row":4,"col":10,"outcome":"hit","forested":"dot"}}"#,
    );
    check(Event::GameWon { by }, r#"{"game_won":{"by":"player2"}}"#);
    check(
        Event::PlayerResigned { by },
        r#"{"player_resigned":{"by":"player2"}}"#,
    );
    check(
        Event::WinClaimed { by },
        r#"{"win_claimed":{"by":"player2"}}"#,
    );
    check(
        Event::RematchRequested { by },
        r#"{"rematch_requested":{"by":"player2"}}"#,
    );
    check(
        Event::RematchStarted {
            game: GameId::from_bytes([0; 10]),
        },
        r#"{"rematch_started":{"game":"aaaaaaaaaaaaaaaa"}}"#,
    );
}

#[test]
fn the_envelope_has_the_time_the_player_the_id_and_the_opening() {
    let won = vec![
        guess(Outcome::Hit, Some(IslandType::Atoll)),
        Event::GameWon { by: Player::One },
    ];
    let mut batch = Batch {
        by: Player::Two,
        command_id: CommandId::new("c-1").ok(),
        opening: Some(Opening {
            bot: Some(Bot {
                seat: Player::Two,
                strength: Strength::Hunt,
                seed: u64::MAX,
            }),
            listed: true,
            rematch: GameId::from_bytes([255; 10]),
        }),
        ..batch(won)
    };
    let events = concat!(
        r#""events":[{"coordinate_guessed":{"by":"player1","row":4,"col":10,"outcome":"hit","forested":"atoll"}},"#,
        r#"{"game_won":{"by":"player1"}}]}"#,
    );
    let envelope = concat!(
        r#"{"v":1,"at":1735689600123,"by":"player2","id":"c-1","opening":{"bot":"#,
        r#"{"seat":"player2","strength":"hunt","seed":18446744073709551615},"#,
        r#""listed":true,"rematch":"7777777777777777"},"#,
    );
    check_batch(&batch, &format!("{envelope}{events}"));

    batch.opening = Some(Opening {
        bot: None,
        listed: false,
        rematch: GameId::from_bytes([0; 10]),
    });
    let envelope = concat!(
        r#"{"v":1,"at":1735689600123,"by":"player2","id":"c-1","#,
        r#""opening":{"listed":false,"rematch":"aaaaaaaaaaaaaaaa"},"#,
    );
    check_batch(&batch, &format!("{envelope}{events}"));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let event = Event::IslandsPositioned {
        by: Player::One,
        board: board(),
    };
    let mut bytes = encode(PLACE, &batch(vec![event])).unwrap();
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        let read = decode(PLACE, &bytes);
        assert!(matches!(read, Err(LoadError::Damaged(_))), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(decode(PLACE, &bytes).is_ok());
}

#[test]
fn every_record_that_is_cut_off_is_noticed() {
    let bytes = encode(PLACE, &batch(vec![guess(Outcome::Hit, None)])).unwrap();
    for length in 0..bytes.len() {
        assert!(decode(PLACE, &bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn a_record_at_the_place_of_another_one_is_noticed() {
    let bytes = encode(PLACE, &batch(vec![guess(Outcome::Hit, None)])).unwrap();
    for last in [0, 2, 4, u64::MAX] {
        assert!(decode(Place { last, ..PLACE }, &bytes).is_err());
    }
    for bit in 0..80 {
        let mut id = PLACE.game.to_bytes();
        id[bit / 8] ^= 1 << (bit % 8);
        let game = GameId::from_bytes(id);
        assert!(decode(Place { game, ..PLACE }, &bytes).is_err());
    }
}

#[test]
fn a_version_that_is_not_known_is_refused() {
    check_refused(
        r#"{"v":7,"moves":[]}"#,
        "record version 7 is newer than this program knows (1)",
    );
    check_refused(r#"{"v":0}"#, "there is no version 0 of a record");
    check_refused(r#"{"at":1}"#, "missing field `v` at line 1 column 8");
}

#[test]
fn a_batch_without_an_event_is_neither_written_nor_read() {
    let refused = encode(PLACE, &batch(Vec::new()));
    assert_eq!(refused, Err("a batch has at least one event".into()));
    check_refused(
        r#"{"v":1,"at":0,"by":"player1","events":[]}"#,
        "there is no event in it",
    );
}

#[test]
fn what_no_player_could_have_done_is_not_read() {
    check_event_refused(
        r#"{"coordinate_guessed":{"by":"player1","row":11,"col":4,"outcome":"hit"}}"#,
        "there is no cell in row 11, column 4: both go from 1 to 10",
    );
    check_event_refused(
        r#"{"coordinate_guessed":{"by":"player1","row":1,"col":4,"outcome":"hit","forested":"isle"}}"#,
        r#"there is no island "isle""#,
    );
    check_event_refused(
        r#"{"island_positioned":{"by":"player1","island":"atoll","row":9,"col":1}}"#,
        "the atoll does not fit at I1",
    );
    let board = |islands: &str| {
        format!(r#"{{"islands_positioned":{{"by":"player1","islands":[{islands}]}}}}"#)
    };
    check_event_refused(
        &board(r#"{"island":"dot","row":1,"col":1},{"island":"square","row":1,"col":1}"#),
        "the square lies on the dot",
    );
    check_event_refused(
        &board(r#"{"island":"dot","row":1,"col":1},{"island":"dot","row":1,"col":2}"#),
        "the dot is there twice",
    );
    check_event_refused(
        &board(r#"{"island":"dot","row":1,"col":1},{"island":"square","row":3,"col":1}"#),
        "a board without atoll, l_shape, s_shape",
    );
    check_event_refused(
        r#"{"player_added":{"name":"\u0007"}}"#,
        r#"name "\u{7}": a name has 1 to 32 characters and no control characters"#,
    );
    check_event_refused(
        r#"{"rematch_started":{"game":"here"}}"#,
        r#"game "here": a game's id has 16 characters, each a to z or 2 to 7"#,
    );
    check_refused(
        r#"{"v":1,"at":0,"by":"player1","id":"","events":[{"game_won":{"by":"player1"}}]}"#,
        "a command's id has 1 to 36 bytes",
    );
}

#[test]
fn a_field_that_version_1_does_not_have_is_refused() {
    let at_the_top = r#"{"v":1,"at":0,"by":"player1","mood":1,"events":[]}"#;
    let in_an_event =
        r#"{"v":1,"at":0,"by":"player1","events":[{"game_won":{"by":"player1","mood":1}}]}"#;
    for line in [at_the_top, in_an_event] {
        let refused = decode(PLACE, &sealed(line));
        assert!(matches!(refused, Err(LoadError::Damaged(what)) if what.contains("mood")));
    }
}
