//! The lesson's versions against the product.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use ch02::hash_board::{HashBoard, Refused};
use ch02::moving::position_seeing_itself;
use ch02::tables::{GuessRow, Tables, Violation};
use ch02::{count, hash_board};
use islands_core::{
    Command, Coordinate, Draft, Facts, Game, Island, IslandType, Placement, Player, Rng, apply,
    create, decide, random_board,
};

/// Returns a random kind and a random cell.
fn placement(rng: &mut Rng) -> (IslandType, Coordinate) {
    let cells: Vec<_> = Coordinate::all().collect();
    let kind = rng.pick(&IslandType::ALL).unwrap();
    (kind, rng.pick(&cells).unwrap())
}

#[test]
fn hash_sets_and_bits_accept_and_refuse_the_same_placements() {
    let mut rng = Rng::new(1);
    let (mut hashed, mut draft) = (HashBoard::default(), Draft::default());
    let mut refused = [0; 2];
    for _ in 0..10_000 {
        let (kind, corner) = placement(&mut rng);
        let ours = hashed.position(kind, (corner.row(), corner.col()));
        let theirs = match Island::new(kind, corner) {
            Err(_) => Err(Refused::OffBoard),
            Ok(island) => draft
                .position(island)
                .map_err(|it| Refused::Overlap(it.with)),
        };
        assert_eq!(ours, theirs.map(|moved| draft = moved));
        match ours {
            Err(Refused::OffBoard) => refused[0] += 1,
            Err(Refused::Overlap(_)) => refused[1] += 1,
            Ok(()) => {}
        }
    }
    // The placements reach both refusals often.
    assert!(refused.iter().all(|count| *count > 1_000), "{refused:?}");
}

#[test]
fn hash_sets_and_bits_cover_the_same_cells() {
    for kind in IslandType::ALL {
        for corner in Coordinate::all() {
            let ours = hash_board::cells(kind, (corner.row(), corner.col()));
            let theirs = Island::new(kind, corner).ok().map(|island| {
                let cells = island.cells().iter();
                cells.map(|cell| (cell.row(), cell.col())).collect()
            });
            assert_eq!(ours, theirs, "{kind} at {corner}");
        }
    }
}

#[test]
fn the_broken_check_refuses_moves_to_places_that_overlap_the_old_one() {
    let mut rng = Rng::new(2);
    let mut wrong = 0;
    for seed in 0..100 {
        let draft = Draft::from(random_board(seed));
        for _ in 0..100 {
            let (kind, corner) = placement(&mut rng);
            let Ok(island) = Island::new(kind, corner) else {
                continue;
            };
            let (theirs, ours) = (
                draft.position(island),
                position_seeing_itself(draft, island),
            );
            let old = draft.island(kind).unwrap();
            match old.cells().overlaps(island.cells()) {
                true => assert!(ours.is_err()),
                false => assert_eq!(ours, theirs),
            }
            wrong += usize::from(ours.is_err() && theirs.is_ok());
        }
    }
    assert!(wrong > 100, "{wrong} of 10,000 placements show the bug");
}

#[test]
fn the_broken_check_is_right_while_each_island_is_placed_once() {
    for seed in 0..100 {
        let board = random_board(seed);
        let broken = board
            .islands()
            .try_fold(Draft::default(), position_seeing_itself);
        assert_eq!(broken, Ok(Draft::from(board)));
    }
}

/// Sends the same guesses to the tables and to the rules, from before the second player joins.
/// All cells are on the board, so the constraints on columns refuse nothing.
#[test]
fn tables_refuse_repeats_alone_and_the_rules_also_what_comes_too_early_or_out_of_turn() {
    let mut game = Game::new(&create("Ada").unwrap());
    let mut tables = Tables::default();
    let key = tables.insert_game("Ada");
    let run = |game: Game, by, command| {
        let events = decide(&game, by, command, &Facts::default())?;
        Ok::<_, islands_core::Rejection>(events.iter().fold(game, apply))
    };
    let mut rng = Rng::new(3);
    let cells: Vec<_> = Coordinate::all().collect();
    let (mut by_tables, mut by_rules) = (0, 0);
    for turn in 0..200 {
        if turn == 50 {
            game = with_both_boards_set(game, run);
            tables.update_player2(key, "Bob").unwrap();
        }
        let by = rng.pick(&[Player::One, Player::Two]).unwrap();
        let cell = rng.pick(&cells).unwrap();
        let (row, col) = (cell.row().into(), cell.col().into());
        let player = if by == Player::One { 1 } else { 2 };
        let guess = GuessRow {
            game: key,
            player,
            row,
            col,
        };
        match tables.insert_guess(guess) {
            Ok(_) => {}
            Err(violation) => {
                assert_eq!(violation, Violation::Unique);
                by_tables += 1;
            }
        }
        match run(game.clone(), by, Command::GuessCoordinate { row, col }) {
            Ok(after) => game = after,
            Err(_) => by_rules += 1,
        }
    }
    // The page of the chapter names these numbers.
    assert_eq!((by_tables, by_rules), (68, 141));
}

fn with_both_boards_set(
    game: Game,
    run: impl Fn(Game, Player, Command) -> Result<Game, islands_core::Rejection>,
) -> Game {
    let bob = Command::AddPlayer { name: "Bob".into() };
    let mut game = run(game, Player::Two, bob).unwrap();
    for (player, seed) in [(Player::One, 1), (Player::Two, 2)] {
        let islands = random_board(seed).islands().map(|island| Placement {
            island: island.kind().name().into(),
            row: island.corner().row().into(),
            col: island.corner().col().into(),
        });
        let islands = Command::PositionAll {
            islands: islands.collect(),
        };
        game = run(game, player, islands).unwrap();
        game = run(game, player, Command::SetIslands).unwrap();
    }
    game
}

#[test]
fn tables_refuse_a_row_that_violates_a_constraint() {
    let mut tables = Tables::default();
    let guess = |game, row| GuessRow {
        game,
        player: 1,
        row,
        col: 1,
    };
    let game = tables.insert_game("Ada");
    assert_eq!(tables.insert_guess(guess(game, 1)), Ok(1));
    assert_eq!(tables.insert_guess(guess(game, 1)), Err(Violation::Unique));
    assert_eq!(
        tables.insert_guess(guess(game, 11)),
        Err(Violation::Check("row"))
    );
    assert_eq!(
        tables.insert_guess(guess(2, 1)),
        Err(Violation::ForeignKey(2))
    );
}

#[test]
fn there_are_1_077_346_308_boards() {
    assert_eq!(count::boards(), 1_077_346_308);
}
