//! Version 1 of the format, which must never change.

use islands_core::bot::Strength;
use islands_core::{Event, GameCreated, GameId, IslandType, Outcome, Player, PlayerName};

use super::super::{CHECKSUM_LEN, decode, encode};
use super::{PLACE, batch, board, guess, island, sealed};
use islands_engine::CommandId;
use islands_engine::journal::Batch;
use islands_engine::{Bot, GameConfig};

fn name(text: &str) -> PlayerName {
    PlayerName::new(text).unwrap()
}

/// Checks that a batch is written as this line, and the line read as this batch.
#[track_caller]
fn check_batch(batch: &Batch, line: &str) {
    let bytes = encode(PLACE, batch).unwrap();
    assert_eq!(str::from_utf8(&bytes[CHECKSUM_LEN..]).unwrap(), line);
    assert_eq!(bytes, sealed(line));
    assert_eq!(decode(PLACE, &bytes).as_ref(), Ok(batch));
}

#[track_caller]
fn check(event: Event, json: &str) {
    let line = format!(r#"{{"v":1,"at":1735689600123,"by":"player1","events":[{json}]}}"#);
    check_batch(&batch(vec![event]), &line);
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
        config: Some(GameConfig {
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

    batch.config = Some(GameConfig {
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
