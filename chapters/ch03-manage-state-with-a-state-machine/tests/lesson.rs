//! The lesson's versions against the product.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use ch03::flags::{Flags, reachable};
use ch03::typestate::{Guessing, Next, Waiting};
use islands_core::bot::{Strength, next_command};
use islands_core::{
    Command, Coordinate, Facts, Game, Pair, Placement, Player, StateName, View, Viewer, apply,
    create, decide, random_board,
};

fn carry_out(game: Game, by: Player, command: Command) -> Game {
    let events = decide(&game, by, command, &Facts::default()).unwrap();
    events.iter().fold(game, apply)
}

/// A game in which both boards are set, from these seeds.
fn set(seeds: Pair<u64>) -> Game {
    let mut game = Game::new(&create("Ada").unwrap());
    game = carry_out(game, Player::Two, Command::AddPlayer { name: "Bob".into() });
    for player in Player::BOTH {
        let islands = random_board(seeds[player])
            .islands()
            .map(|island| Placement {
                island: island.kind().name().into(),
                row: island.corner().row().into(),
                col: island.corner().col().into(),
            });
        let islands = islands.collect();
        game = carry_out(game, player, Command::PositionAll { islands });
        game = carry_out(game, player, Command::SetIslands);
    }
    game
}

#[test]
fn eleven_of_64_combinations_of_flags_are_reachable() {
    assert_eq!(reachable().len(), 11);
    assert!(reachable().contains(&Flags::default()));
    let nonsense = Flags {
        over: true,
        turn1: true,
        ..Flags::default()
    };
    assert!(!reachable().contains(&nonsense));
}

#[test]
fn the_flags_accept_a_guess_after_the_end_and_the_rules_do_not() {
    let game = set(Pair { one: 1, two: 2 });
    let mut flags = Flags::of(&game);
    flags.resign();
    assert!(flags.guess(Player::One).is_ok());

    let game = carry_out(game, Player::Two, Command::Resign);
    let guess = Command::GuessCoordinate { row: 1, col: 1 };
    let refused = decide(&game, Player::One, guess, &Facts::default()).unwrap_err();
    assert_eq!(refused.reason(), "game_over");
}

/// Plays seeded games by bots through both, guess by guess.
#[test]
fn a_type_for_each_state_and_the_product_agree_on_whole_games() {
    for seed in 0..50 {
        let seeds = Pair {
            one: seed,
            two: seed + 1_000,
        };
        let mut game = set(seeds);
        let boards = Pair::from_fn(|player| random_board(seeds[player]));
        let mut typed: Guessing = Waiting::new("Ada").join("Bob").set(boards);
        let winner = loop {
            let by = typed.turn();
            let View::Player(view) = View::of(&game, Viewer::Player(by)) else {
                unreachable!("a player has a player's view");
            };
            let command = next_command(&view, Strength::Hunt, seed).unwrap();
            let Command::GuessCoordinate { row, col } = command else {
                unreachable!("it is a turn to guess");
            };
            game = carry_out(game, by, command);
            match typed.guess(Coordinate::new(row, col).unwrap()) {
                Next::Guessing(next) => typed = next,
                Next::Over(over) => break over.winner,
            }
            let is_turn_of_one = typed.turn() == Player::One;
            assert_eq!(game.state_name() == StateName::Player1Turn, is_turn_of_one);
        };
        assert_eq!(game.state_name(), StateName::GameOver);
        let view = View::of(&game, Viewer::Spectator);
        let ending = view.public().winner.unwrap();
        assert_eq!(game.name(ending.winner).unwrap().to_string(), winner);
    }
}
