//! The computer player.

use islands_core::bot::{self, Strength, UnknownStrength};
use islands_core::{
    Board, Command, Coordinate, CoordinateSet, IslandType, Placement, Player, PlayerView,
    legal_places, random_board,
};

use crate::commands::{guess_at, position_all};
use crate::drawing::{self, ADA, BOB, board};
use crate::fixture::Fixture;

/// Plays a game between two bots, and returns the winner.
#[track_caller]
fn play(strengths: [Strength; 2], seed: u64) -> (Player, Fixture) {
    let mut fixture = Fixture::joined();
    while !fixture.game.is_over() {
        let before = fixture.game.seq();
        for (by, strength) in Player::BOTH.into_iter().zip(strengths) {
            let view = PlayerView::of(&fixture.game, by);
            let seed = seed * 2 + (by == Player::Two) as u64 * 1_000_003;
            if let Some(command) = bot::next_command(&view, strength, seed) {
                fixture = fixture.accept(by, command);
            }
        }
        assert!(
            fixture.game.seq() > before,
            "seed {seed}: neither bot moves"
        );
    }
    let ending = PlayerView::of(&fixture.game, Player::One).public.winner;
    (ending.expect("it is over").winner, fixture)
}

#[test]
fn bots_finish_games_and_no_command_of_theirs_is_refused() {
    for seed in 0..50 {
        for strengths in [[Strength::Random; 2], [Strength::Hunt; 2]] {
            let (_, fixture) = play(strengths, seed);
            let view = PlayerView::of(&fixture.game, Player::One);
            assert!(view.public.moves.len() < 200);
        }
    }
}

#[test]
fn hunting_beats_guessing_at_random() {
    let mut wins = 0;
    for seed in 0..300 {
        let hunter = [Player::One, Player::Two][(seed % 2) as usize];
        let strengths = match hunter {
            Player::One => [Strength::Hunt, Strength::Random],
            Player::Two => [Strength::Random, Strength::Hunt],
        };
        wins += u32::from(play(strengths, seed).0 == hunter);
    }
    assert!(wins >= 270, "{wins} of 300");
}

/// Two games that differ only in the place of Bob's dot, until Ada hits a dot.
#[test]
fn a_bot_depends_on_its_players_view_alone() {
    let elsewhere = BOB.replace('d', ".").replacen('.', "d", 1);
    let dots = [BOB, &elsewhere].map(|drawing| drawing::cells(drawing, 'd'));
    assert_ne!(board(BOB), board(&elsewhere));
    for seed in 0..20 {
        let [mut fixture, mut other] = [BOB, &elsewhere].map(battle);
        for answer in Coordinate::all() {
            let [choice, same] = [&fixture, &other].map(|fixture| {
                let view = PlayerView::of(&fixture.game, Player::One);
                bot::guess(&view, Strength::Hunt, seed).expect("a cell is left")
            });
            assert_eq!(choice, same, "seed {seed}");
            if dots.iter().any(|dot| dot.contains(choice)) {
                break;
            }
            for fixture in [&mut fixture, &mut other] {
                fixture.try_command(Player::One, guess_at(choice)).unwrap();
                fixture.try_command(Player::Two, guess_at(answer)).unwrap();
            }
        }
    }
}

fn battle(bobs: &str) -> Fixture {
    Fixture::joined()
        .accept(Player::One, position_all(ADA))
        .accept(Player::Two, position_all(bobs))
        .accept(Player::One, Command::SetIslands)
        .accept(Player::Two, Command::SetIslands)
}

/// A bot draws its islands and its guesses from one seed. If it drew its first
/// guess like its first island, the guess would reveal that island.
#[test]
fn the_first_guess_of_a_bot_says_nothing_about_its_islands() {
    let view = PlayerView::of(&battle(BOB).game, Player::One);
    let atolls = Vec::from_iter(legal_places(IslandType::Atoll));
    let mut given_away = 0;
    for seed in 0..7_200 {
        let guess = bot::guess(&view, Strength::Random, seed).expect("a cell");
        let cell = usize::from(guess.row() - 1) * 10 + usize::from(guess.col() - 1);
        let like_it = atolls[cell * atolls.len() / 100];
        let board: Board = random_board(seed);
        given_away += u32::from(board.islands().any(|island| island == like_it));
    }
    // Chance alone gives one in 72: a hundred, within three standard deviations.
    assert!((70..=130).contains(&given_away), "{given_away} of 7200");
}

#[test]
fn a_hunter_stays_near_what_it_has_found() {
    let fixture = battle(BOB).alternate_guesses(cells("A9"), cells("D2"));
    let view = PlayerView::of(&fixture.game, Player::One);
    for seed in 0..100 {
        let guess = bot::guess(&view, Strength::Hunt, seed).expect("a cell");
        assert!(cells("A8 A10 B9").contains(guess), "{guess}");
    }
    // One hit forests the dot, so the bot guesses anywhere again.
    let fixture = battle(BOB).alternate_guesses(cells("J8"), cells("D2"));
    let view = PlayerView::of(&fixture.game, Player::One);
    let guesses: CoordinateSet = (0..500)
        .filter_map(|seed| bot::guess(&view, Strength::Hunt, seed))
        .collect();
    assert!(guesses.len() > 90);
}

fn cells(list: &str) -> CoordinateSet {
    let cells = list.split(' ').map(|cell| cell.parse().expect("a cell"));
    cells.collect()
}

#[test]
fn a_bot_arranges_sets_and_then_waits() {
    let fixture = Fixture::joined();
    let next = |fixture: &Fixture| {
        let view = PlayerView::of(&fixture.game, Player::Two);
        bot::next_command(&view, Strength::Random, 7)
    };
    let islands = random_board(7).islands().map(Placement::from).collect();
    let arrange = Command::PositionAll { islands };
    assert_eq!(next(&fixture), Some(arrange.clone()));
    let fixture = fixture.accept(Player::Two, arrange);
    assert_eq!(next(&fixture), Some(Command::SetIslands));
    let fixture = fixture.accept(Player::Two, Command::SetIslands);
    assert_eq!(next(&fixture), None);
    assert_eq!(next(&Fixture::battle()), None, "it is Ada's turn");
}

#[test]
fn a_bot_accepts_a_rematch() {
    let asked = |fixture: &Fixture| {
        let view = PlayerView::of(&fixture.game, Player::Two);
        let next = bot::next_command(&view, Strength::Random, 7);
        matches!(next, Some(Command::RequestRematch))
    };
    let fixture = Fixture::over();
    assert!(!asked(&fixture));
    let fixture = fixture.accept(Player::One, Command::RequestRematch);
    assert!(asked(&fixture));
    assert!(!asked(
        &fixture.accept(Player::Two, Command::RequestRematch)
    ));
}

#[test]
fn strengths_have_names() {
    for strength in [Strength::Random, Strength::Hunt] {
        assert_eq!(strength.to_string().parse(), Ok(strength));
    }
    assert_eq!("exact".parse::<Strength>(), Err(UnknownStrength::NotYet));
    assert_eq!("Hunt".parse::<Strength>(), Err(UnknownStrength::Unknown));
}
