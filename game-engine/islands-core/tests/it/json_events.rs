//! The exact JSON of broadcasts: names and payloads.

use islands_core::{Command, CoordinateSet, Player, PlayerView, Viewer, public_event};
use serde_json::{Value, json};

use crate::commands::{
    CommandWithFacts, NEXT, add_player, claim_win, guess, position, position_all,
};
use crate::drawing::BOB;
use crate::fixture::{Fixture, land};

/// Checks what a command broadcasts to both players and to a spectator.
#[track_caller]
fn check(
    fixture: &mut Fixture,
    by: Player,
    asked: impl Into<CommandWithFacts>,
    expected: &[(&str, Value)],
) {
    let events = fixture.try_command(by, asked).expect("it is allowed");
    for viewer in [
        Viewer::Player(Player::One),
        Viewer::Player(Player::Two),
        Viewer::Spectator,
    ] {
        let sent = events
            .iter()
            .map(|event| public_event(&fixture.game, event, viewer));
        let sent: Vec<(&str, Value)> = sent
            .map(|event| (event.name(), serde_json::to_value(&event).expect("JSON")))
            .collect();
        let mine = viewer == Viewer::Player(by);
        let expected = expected.iter().cloned().map(|(name, mut payload)| {
            if let Some(fields) = payload.as_object_mut().filter(|_| !mine) {
                fields.remove("islands");
            }
            (name, payload)
        });
        assert_eq!(sent, Vec::from_iter(expected), "to {viewer:?}");
    }
}

fn bobs_board() -> Value {
    json!({
        "atoll": [
            {"row": 3, "col": 5}, {"row": 3, "col": 6}, {"row": 4, "col": 6},
            {"row": 5, "col": 5}, {"row": 5, "col": 6}
        ],
        "dot": [{"row": 10, "col": 8}],
        "l_shape": [
            {"row": 7, "col": 4}, {"row": 8, "col": 4},
            {"row": 9, "col": 4}, {"row": 9, "col": 5}
        ],
        "s_shape": [
            {"row": 7, "col": 7}, {"row": 7, "col": 8},
            {"row": 8, "col": 6}, {"row": 8, "col": 7}
        ],
        "square": [
            {"row": 1, "col": 9}, {"row": 1, "col": 10},
            {"row": 2, "col": 9}, {"row": 2, "col": 10}
        ]
    })
}

#[test]
fn joining_and_arranging() {
    let mut fixture = Fixture::initialized();
    let two = Player::Two;
    let added = json!({"player": "player2", "name": "Bob"});
    let bob = add_player(" Bob ");
    check(&mut fixture, two, bob, &[("player_added", added)]);
    let one_island = json!({"player": "player2", "islands": {"dot": [{"row": 2, "col": 7}]}});
    check(
        &mut fixture,
        two,
        position("dot", 2, 7),
        &[("island_positioned", one_island)],
    );
    let all = json!({"player": "player2", "islands": bobs_board()});
    check(
        &mut fixture,
        two,
        position_all(BOB),
        &[("islands_positioned", all)],
    );
    let set = json!({"player": "player2"});
    check(
        &mut fixture,
        two,
        Command::SetIslands,
        &[("player_set_islands", set)],
    );
}

#[test]
fn guessing() {
    let mut fixture = Fixture::battle();
    let miss = json!({
        "player": "player1", "row": 1, "col": 8,
        "outcome": "miss", "forested": null, "cells": []
    });
    let name = "player_guessed_coordinate";
    check(&mut fixture, Player::One, guess("A8"), &[(name, miss)]);
    let forested = json!({
        "player": "player2", "row": 1, "col": 5,
        "outcome": "hit", "forested": "dot", "cells": [{"row": 1, "col": 5}]
    });
    check(&mut fixture, Player::Two, guess("A5"), &[(name, forested)]);
}

#[test]
fn the_last_guess_is_two_broadcasts() {
    let most = land(Player::Two).iter().take(17).collect();
    let mut fixture = Fixture::battle().alternate_guesses(most, CoordinateSet::ALL);
    let guessed = json!({
        "player": "player1", "row": 10, "col": 8,
        "outcome": "hit", "forested": "dot", "cells": [{"row": 10, "col": 8}]
    });
    let boards = json!({"player1": adas_board(), "player2": bobs_board()});
    let over = json!({"winner": "player1", "reason": "forested", "boards": boards});
    let expected = [("player_guessed_coordinate", guessed), ("game_over", over)];
    check(&mut fixture, Player::One, guess("J8"), &expected);
}

fn adas_board() -> Value {
    let view = PlayerView::of(&Fixture::battle().game, Player::One);
    serde_json::to_value(view.board).expect("JSON")
}

#[test]
fn the_other_ends() {
    let boards = json!({"player1": adas_board(), "player2": bobs_board()});
    let resigned = json!({"winner": "player2", "reason": "resigned", "boards": boards});
    let resign = Command::Resign;
    check(
        &mut Fixture::battle(),
        Player::One,
        resign,
        &[("game_over", resigned)],
    );
    let left = json!({"winner": "player2", "reason": "abandoned", "boards": boards});
    check(
        &mut Fixture::battle(),
        Player::Two,
        claim_win(120_000),
        &[("game_over", left)],
    );
}

#[test]
fn a_rematch() {
    let mut fixture = Fixture::over();
    let asks = |player: &str| ("rematch_requested", json!({"player": player}));
    check(
        &mut fixture,
        Player::Two,
        Command::RequestRematch,
        &[asks("player2")],
    );
    let started = ("rematch_started", json!({"game": NEXT.to_string()}));
    check(
        &mut fixture,
        Player::One,
        Command::RequestRematch,
        &[asks("player1"), started],
    );
}

#[test]
fn how_it_began() {
    let fixture = Fixture::initialized();
    let event = public_event(&fixture.game, &fixture.log[0], Viewer::Spectator);
    assert_eq!(event.name(), "game_created");
    let payload = json!({"player": "player1", "name": "Ada"});
    assert_eq!(serde_json::to_value(event).unwrap(), payload);
}
