//! Snapshot tests: the exact JSON of views and replies.

use islands_core::{Command, CoordinateSet, Player, Reply, View, Viewer};
use serde_json::{Value, json};

use crate::commands::{guess, position, position_all};
use crate::drawing::ADA;
use crate::fixture::{Fixture, land};

#[track_caller]
fn check(fixture: &Fixture, viewer: Viewer, expected: Value) {
    let view = View::of(&fixture.game, viewer);
    assert_eq!(serde_json::to_value(view).ok(), Some(expected));
}

#[test]
fn a_game_that_waits_for_its_second_player() {
    check(
        &Fixture::initialized(),
        Viewer::Spectator,
        json!({
            "seq": 1, "viewer": null, "state": "initialized",
            "players": {"player1": {"name": "Ada", "islands_set": false}, "player2": null},
            "moves": [],
            "forested": {"player1": {}, "player2": {}},
            "winner": null, "rematch": [], "boards": null
        }),
    );
}

#[test]
fn a_player_sees_its_own_placed_islands() {
    let fixture = Fixture::joined()
        .accept(Player::One, position("dot", 1, 1))
        .accept(Player::Two, position("dot", 2, 2))
        .accept(Player::One, position("s_shape", 9, 1));
    check(
        &fixture,
        Viewer::Player(Player::One),
        json!({
            "seq": 5, "viewer": "player1", "state": "players_set",
            "players": {
                "player1": {"name": "Ada", "islands_set": false},
                "player2": {"name": "Bob", "islands_set": false}
            },
            "board": {
                "dot": [{"row": 1, "col": 1}],
                "s_shape": [
                    {"row": 9, "col": 2}, {"row": 9, "col": 3},
                    {"row": 10, "col": 1}, {"row": 10, "col": 2}
                ]
            },
            "moves": [],
            "forested": {"player1": {}, "player2": {}},
            "winner": null, "rematch": [], "boards": null
        }),
    );
}

/// Ada's islands, as drawn in `drawing.rs`.
fn adas_board() -> Value {
    json!({
        "atoll": [
            {"row": 1, "col": 1}, {"row": 1, "col": 2}, {"row": 2, "col": 2},
            {"row": 3, "col": 1}, {"row": 3, "col": 2}
        ],
        "dot": [{"row": 1, "col": 5}],
        "l_shape": [
            {"row": 5, "col": 1}, {"row": 6, "col": 1},
            {"row": 7, "col": 1}, {"row": 7, "col": 2}
        ],
        "s_shape": [
            {"row": 9, "col": 2}, {"row": 9, "col": 3},
            {"row": 10, "col": 1}, {"row": 10, "col": 2}
        ],
        "square": [
            {"row": 9, "col": 9}, {"row": 9, "col": 10},
            {"row": 10, "col": 9}, {"row": 10, "col": 10}
        ]
    })
}

#[test]
fn guesses_and_forested_islands_are_public() {
    let fixture = Fixture::battle()
        .accept(Player::One, guess("J8"))
        .accept(Player::Two, guess("A4"))
        .accept(Player::One, guess("A9"));
    let public = json!({
        "seq": 9, "state": "player2_turn",
        "players": {
            "player1": {"name": "Ada", "islands_set": true},
            "player2": {"name": "Bob", "islands_set": true}
        },
        "moves": [
            {"player": "player1", "row": 10, "col": 8, "outcome": "hit", "forested": "dot"},
            {"player": "player2", "row": 1, "col": 4, "outcome": "miss", "forested": null},
            {"player": "player1", "row": 1, "col": 9, "outcome": "hit", "forested": null}
        ],
        "forested": {"player1": {}, "player2": {"dot": [{"row": 10, "col": 8}]}},
        "winner": null, "rematch": [], "boards": null
    });
    let mut spectators = public.clone();
    spectators["viewer"] = Value::Null;
    check(&fixture, Viewer::Spectator, spectators);
    let mut adas = public;
    adas["viewer"] = "player1".into();
    adas["board"] = adas_board();
    check(&fixture, Viewer::Player(Player::One), adas);
}

#[test]
fn both_boards_are_public_after_the_end() {
    let fixture = Fixture::joined()
        .accept(Player::One, position_all(ADA))
        .accept(Player::Two, position("dot", 5, 5))
        .accept(Player::Two, Command::Resign)
        .accept(Player::Two, Command::RequestRematch);
    check(
        &fixture,
        Viewer::Spectator,
        json!({
            "seq": 6, "viewer": null, "state": "game_over",
            "players": {
                "player1": {"name": "Ada", "islands_set": false},
                "player2": {"name": "Bob", "islands_set": false}
            },
            "moves": [],
            "forested": {"player1": {}, "player2": {}},
            "winner": {"player": "player1", "reason": "resigned"},
            "rematch": ["player2"],
            "boards": {"player1": adas_board(), "player2": {"dot": [{"row": 5, "col": 5}]}}
        }),
    );
}

#[test]
fn replies_hold_the_outcome_of_a_command() {
    #[track_caller]
    fn check(mut fixture: Fixture, command: Command, expected: Value) {
        let by = Player::One;
        let events = fixture.try_command(by, command).expect("it is allowed");
        let reply = Reply::of(&fixture.game, by, &events);
        assert_eq!(serde_json::to_value(reply).ok(), Some(expected));
    }
    check(Fixture::joined(), position("dot", 1, 1), json!({}));
    check(
        Fixture::arranged(),
        Command::SetIslands,
        json!({"board": adas_board()}),
    );
    let hit = json!({"outcome": "hit", "forested": "dot", "win": false});
    check(Fixture::battle(), guess("J8"), hit);
    let miss = json!({"outcome": "miss", "forested": null, "win": false});
    check(Fixture::battle(), guess("A1"), miss);
    check(Fixture::battle(), Command::Resign, json!({}));
    check(Fixture::over(), Command::RequestRematch, json!({}));

    let last = land(Player::Two).iter().last().expect("18 cells");
    let most = land(Player::Two).iter().take(17).collect();
    let fixture = Fixture::battle().alternate_guesses(most, CoordinateSet::ALL);
    let win = json!({"outcome": "hit", "forested": "dot", "win": true});
    check(fixture, guess(&last.to_string()), win);
}
