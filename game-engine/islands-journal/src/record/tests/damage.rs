//! Damaged and invalid records are refused, with a reason.

use islands_core::{Event, GameId, Outcome, Player};

use super::super::{RecordKey, decode, encode};
use super::{PLACE, batch, board, guess, sealed};
use islands_engine::journal::LoadError;

/// Checks that an invalid line with a correct checksum is refused for this reason.
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
fn a_record_under_another_key_is_noticed() {
    let bytes = encode(PLACE, &batch(vec![guess(Outcome::Hit, None)])).unwrap();
    for last in [0, 2, 4, u64::MAX] {
        assert!(decode(RecordKey { last, ..PLACE }, &bytes).is_err());
    }
    for bit in 0..80 {
        let mut id = PLACE.game.to_bytes();
        id[bit / 8] ^= 1 << (bit % 8);
        let game = GameId::from_bytes(id);
        assert!(decode(RecordKey { game, ..PLACE }, &bytes).is_err());
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
        "the record has no event",
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
        r#"name "\u{7}": a name has 1 to 32 characters and no control or invisible characters"#,
    );
    check_event_refused(
        r#"{"rematch_started":{"game":"here"}}"#,
        r#"game "here": a game's id has 16 characters, each a to z or 2 to 7"#,
    );
    check_refused(
        r#"{"v":1,"at":0,"by":"player1","id":"","events":[{"game_won":{"by":"player1"}}]}"#,
        "a command's id has 1 to 36 characters",
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
