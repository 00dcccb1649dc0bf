//! The lesson's versions against the product.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use ch02::hash_board::{HashBoard, Refused};
use ch02::moving::position_seeing_itself;
use ch02::tables::{ForeignKeyViolation, GuessRow, Tables};
use ch02::{count, hash_board};
use islands_core::{
    Command, Coordinate, Draft, Facts, Game, Island, IslandType, Player, Rng, apply, create,
    decide, random_board,
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
#[test]
fn tables_accept_every_guess_and_the_rules_only_legal_ones() {
    let mut game = Game::new(&create("Ada").unwrap());
    let mut tables = Tables::default();
    let key = tables.insert_game("Ada");
    let run = |game: Game, by, command| {
        let events = decide(&game, by, command, &Facts::default())?;
        Ok::<_, islands_core::Rejection>(events.iter().fold(game, apply))
    };
    let mut rng = Rng::new(3);
    let (mut accepted, mut refused) = (0, 0);
    for turn in 0..200 {
        if turn == 50 {
            game = run(game, Player::Two, Command::AddPlayer { name: "Bob".into() }).unwrap();
            tables.update_player2(key, "Bob").unwrap();
            for (player, seed) in [(Player::One, 1), (Player::Two, 2)] {
                let islands = random_board(seed)
                    .islands()
                    .map(|island| islands_core::Placement {
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
        }
        let by = rng.pick(&[Player::One, Player::Two]).unwrap();
        let (row, col) = (
            rng.pick(&[1, 2, 3, 10, 11]).unwrap(),
            rng.pick(&[1, 2, 3, 0]).unwrap(),
        );
        let player = if by == Player::One { 1 } else { 2 };
        let inserted = tables.insert_guess(GuessRow {
            game: key,
            player,
            row,
            col,
        });
        assert!(inserted.is_ok());
        match run(game.clone(), by, Command::GuessCoordinate { row, col }) {
            Ok(after) => {
                accepted += 1;
                game = after;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(
        accepted > 10 && refused > 100,
        "{accepted} accepted, {refused} refused"
    );
}

#[test]
fn tables_refuse_a_row_of_a_game_that_does_not_exist() {
    let guess = GuessRow {
        game: 1,
        player: 1,
        row: 1,
        col: 1,
    };
    let inserted = Tables::default().insert_guess(guess);
    assert_eq!(inserted, Err(ForeignKeyViolation { game: 1 }));
}

#[test]
fn there_are_1_077_346_308_boards() {
    assert_eq!(count::boards(), 1_077_346_308);
}
