//! The state machine as a table: every state × every command × each player.
//!
//! A cell of the table holds the events, or the reason of the rejection. If
//! several reasons apply, the order is `game_over`, the specific reason,
//! `wrong_state`, `not_your_turn`, and the arguments last. So the table has each
//! command with valid arguments and, if it takes any, with invalid ones.

use islands_core::{Command, Event, Placement, Player, Rejection};

use crate::commands::{CommandWithFacts, add_player, claim_win, guess, position, position_all};
use crate::drawing::{ADA, placements};
use crate::fixture::{Fixture, event_name};

const TABLE: &str = "
initialized                        player1                  player2
  add_player                       PlayerAdded              PlayerAdded
  add_player, no name              invalid_name             invalid_name
  position_island                  wrong_state              wrong_state
  position_island, off the board   wrong_state              wrong_state
  position_all                     wrong_state              wrong_state
  position_all, but one            wrong_state              wrong_state
  set_islands                      wrong_state              wrong_state
  guess_coordinate                 wrong_state              wrong_state
  guess_coordinate, off the board  wrong_state              wrong_state
  resign                           wrong_state              wrong_state
  claim_win                        wrong_state              wrong_state
  claim_win, too early             wrong_state              wrong_state
  request_rematch                  wrong_state              wrong_state

players_set, no player ready          player1                  player2
  add_player                       game_full                game_full
  add_player, no name              game_full                game_full
  position_island                  IslandPositioned         IslandPositioned
  position_island, off the board   invalid_coordinate       invalid_coordinate
  position_all                     IslandsPositioned        IslandsPositioned
  position_all, but one            not_all_islands_positioned not_all_islands_positioned
  set_islands                      IslandsSet               IslandsSet
  guess_coordinate                 wrong_state              wrong_state
  guess_coordinate, off the board  wrong_state              wrong_state
  resign                           PlayerResigned           PlayerResigned
  claim_win                        wrong_state              wrong_state
  claim_win, too early             wrong_state              wrong_state
  request_rematch                  wrong_state              wrong_state

players_set, player 1 ready        player1                  player2
  add_player                       game_full                game_full
  add_player, no name              game_full                game_full
  position_island                  islands_already_set      IslandPositioned
  position_island, off the board   islands_already_set      invalid_coordinate
  position_all                     islands_already_set      IslandsPositioned
  position_all, but one            islands_already_set      not_all_islands_positioned
  set_islands                      islands_already_set      IslandsSet
  guess_coordinate                 wrong_state              wrong_state
  guess_coordinate, off the board  wrong_state              wrong_state
  resign                           PlayerResigned           PlayerResigned
  claim_win                        wrong_state              wrong_state
  claim_win, too early             wrong_state              wrong_state
  request_rematch                  wrong_state              wrong_state

players_set, player 2 ready        player1                  player2
  add_player                       game_full                game_full
  add_player, no name              game_full                game_full
  position_island                  IslandPositioned         islands_already_set
  position_island, off the board   invalid_coordinate       islands_already_set
  position_all                     IslandsPositioned        islands_already_set
  position_all, but one            not_all_islands_positioned islands_already_set
  set_islands                      IslandsSet               islands_already_set
  guess_coordinate                 wrong_state              wrong_state
  guess_coordinate, off the board  wrong_state              wrong_state
  resign                           PlayerResigned           PlayerResigned
  claim_win                        wrong_state              wrong_state
  claim_win, too early             wrong_state              wrong_state
  request_rematch                  wrong_state              wrong_state

player1_turn                       player1                  player2
  add_player                       game_full                game_full
  add_player, no name              game_full                game_full
  position_island                  islands_already_set      islands_already_set
  position_island, off the board   islands_already_set      islands_already_set
  position_all                     islands_already_set      islands_already_set
  position_all, but one            islands_already_set      islands_already_set
  set_islands                      islands_already_set      islands_already_set
  guess_coordinate                 CoordinateGuessed        not_your_turn
  guess_coordinate, off the board  invalid_coordinate       not_your_turn
  resign                           PlayerResigned           PlayerResigned
  claim_win                        WinClaimed               WinClaimed
  claim_win, too early             opponent_present         opponent_present
  request_rematch                  wrong_state              wrong_state

player2_turn                       player1                  player2
  add_player                       game_full                game_full
  add_player, no name              game_full                game_full
  position_island                  islands_already_set      islands_already_set
  position_island, off the board   islands_already_set      islands_already_set
  position_all                     islands_already_set      islands_already_set
  position_all, but one            islands_already_set      islands_already_set
  set_islands                      islands_already_set      islands_already_set
  guess_coordinate                 not_your_turn            CoordinateGuessed
  guess_coordinate, off the board  not_your_turn            invalid_coordinate
  resign                           PlayerResigned           PlayerResigned
  claim_win                        WinClaimed               WinClaimed
  claim_win, too early             opponent_present         opponent_present
  request_rematch                  wrong_state              wrong_state

game_over, no player asked            player1                  player2
  request_rematch                  RematchRequested         RematchRequested
  anything else                    game_over                game_over

game_over, player 1 asked          player1                  player2
  request_rematch                  already_requested        RematchRequested+RematchStarted
  anything else                    game_over                game_over

game_over, player 2 asked          player1                  player2
  request_rematch                  RematchRequested+RematchStarted already_requested
  anything else                    game_over                game_over

game_over, both asked              player1                  player2
  request_rematch                  already_requested        already_requested
  anything else                    game_over                game_over
";

fn state(name: &str) -> Fixture {
    let (one, two) = (Player::One, Player::Two);
    match name {
        "initialized" => Fixture::initialized(),
        "players_set, no player ready" => Fixture::arranged(),
        "players_set, player 1 ready" => Fixture::arranged().accept(one, Command::SetIslands),
        "players_set, player 2 ready" => Fixture::arranged().accept(two, Command::SetIslands),
        "player1_turn" => Fixture::battle(),
        "player2_turn" => Fixture::battle().accept(one, guess("A1")),
        "game_over, no player asked" => Fixture::over(),
        "game_over, player 1 asked" => Fixture::over().accept(one, Command::RequestRematch),
        "game_over, player 2 asked" => Fixture::over().accept(two, Command::RequestRematch),
        "game_over, both asked" => Fixture::over()
            .accept(one, Command::RequestRematch)
            .accept(two, Command::RequestRematch),
        _ => panic!("there is no state {name}"),
    }
}

fn asked(name: &str) -> CommandWithFacts {
    let command = match name {
        "add_player" => add_player("Grace"),
        "add_player, no name" => add_player(" "),
        "position_island" => position("dot", 8, 8),
        "position_island, off the board" => position("dot", 11, 8),
        "position_all" => position_all(ADA),
        "position_all, but one" => {
            let islands: Vec<Placement> = placements(ADA).into_iter().skip(1).collect();
            Command::PositionAll { islands }
        }
        "set_islands" => Command::SetIslands,
        "guess_coordinate" => guess("E5"),
        "guess_coordinate, off the board" => Command::GuessCoordinate { row: 11, col: 1 },
        "resign" => Command::Resign,
        "claim_win" => return claim_win(120_000),
        "claim_win, too early" => return claim_win(119_999),
        "request_rematch" => Command::RequestRematch,
        _ => panic!("there is no command {name}"),
    };
    command.into()
}

const COMMANDS: [&str; 13] = [
    "add_player",
    "add_player, no name",
    "position_island",
    "position_island, off the board",
    "position_all",
    "position_all, but one",
    "set_islands",
    "guess_coordinate",
    "guess_coordinate, off the board",
    "resign",
    "claim_win",
    "claim_win, too early",
    "request_rematch",
];

/// Writes a decision as a cell of the table.
fn happens(decided: &Result<Vec<Event>, Rejection>) -> String {
    match decided {
        Ok(events) => Vec::from_iter(events.iter().map(event_name)).join("+"),
        Err(rejection) => rejection.reason().to_string(),
    }
}

#[track_caller]
fn check(state_name: &str, command_name: &str, expected: &[&str]) {
    for (by, expected) in Player::BOTH.into_iter().zip(expected) {
        let before = state(state_name);
        let mut after = before.clone();
        let decided = after.try_command(by, asked(command_name));
        assert_eq!(
            happens(&decided),
            *expected,
            "{state_name}: {command_name} by {by}"
        );
        if decided.is_err() {
            assert_eq!(after.game, before.game, "a refusal changes nothing");
        }
    }
}

#[test]
fn every_command_in_every_state_has_the_outcome_in_the_table() {
    let mut cells = 0;
    for block in TABLE.trim().split("\n\n") {
        let (head, rows) = block.split_once('\n').expect("a state and its rows");
        let state_name = head.split("  ").next().expect("a name");
        let mut left = COMMANDS.to_vec();
        for row in rows.lines() {
            let (name, expected) = row.trim().split_once("  ").expect("a command");
            let expected: Vec<&str> = expected.split_whitespace().collect();
            assert_eq!(expected.len(), 2, "{row}");
            let meant = match name {
                "anything else" => std::mem::take(&mut left),
                _ => vec![name],
            };
            for command_name in meant {
                check(state_name, command_name, &expected);
                left.retain(|other| *other != command_name);
                cells += 2;
            }
        }
        assert!(left.is_empty(), "{state_name} says nothing of {left:?}");
    }
    assert_eq!(cells, 10 * COMMANDS.len() * 2);
}
