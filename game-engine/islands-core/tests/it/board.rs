//! Arranging islands on a draft, and the complete board.

use islands_core::{Board, Coordinate, Draft, Island, IslandType, Missing, Overlap};

use crate::drawing::{self, ADA, draw};

fn island(kind: IslandType, corner: &str) -> Island {
    let corner = corner.parse().expect("a cell");
    Island::new(kind, corner).expect("it fits")
}

#[track_caller]
fn arrange(islands: &[(IslandType, &str)]) -> Result<Draft, Overlap> {
    islands
        .iter()
        .map(|(kind, corner)| island(*kind, corner))
        .try_fold(Draft::default(), Draft::position)
}

#[test]
fn islands_may_touch() {
    let draft = arrange(&[
        (IslandType::Square, "A1"),
        (IslandType::Dot, "A3"),
        (IslandType::SShape, "B2"),
    ]);
    let drawing = draw(draft.unwrap().islands());
    let expected = "
    q q d . . . . . . .
    q q s s . . . . . .
    . s s . . . . . . .";
    assert!(drawing.starts_with(expected), "{drawing}");
}

#[test]
fn islands_never_overlap() {
    let refused = arrange(&[(IslandType::Square, "A1"), (IslandType::Dot, "B2")]);
    let with = IslandType::Square;
    assert_eq!(refused, Err(Overlap { with }));
}

#[test]
fn the_lagoon_of_the_atoll_and_the_corner_of_the_s_are_free() {
    arrange(&[(IslandType::Atoll, "A1"), (IslandType::Dot, "B1")]).unwrap();
    arrange(&[(IslandType::SShape, "A1"), (IslandType::Dot, "A1")]).unwrap();
}

#[test]
fn a_placed_island_can_be_moved_over_its_own_cells() {
    let draft = arrange(&[(IslandType::Square, "A1"), (IslandType::Square, "A2")]).unwrap();
    assert_eq!(draft.islands().count(), 1);
    let moved = draft.island(IslandType::Square).unwrap();
    assert_eq!(moved.corner().to_string(), "A2");
}

#[test]
fn a_board_has_all_five_islands() {
    let draft = arrange(&[(IslandType::Square, "A1"), (IslandType::Dot, "J10")]).unwrap();
    let islands = vec![IslandType::Atoll, IslandType::LShape, IslandType::SShape];
    assert_eq!(draft.finish(), Err(Missing { islands }));

    let board = drawing::board(ADA);
    assert_eq!(Draft::from(board).finish(), Ok(board));
}

#[test]
fn a_board_has_18_cells_of_land() {
    let board: Board = drawing::board(ADA);
    assert_eq!(board.land().len(), 18);
    for cell in Coordinate::all() {
        let there = board.island_at(cell);
        assert_eq!(board.land().contains(cell), there.is_some());
        assert!(there.is_none_or(|island| island.cells().contains(cell)));
    }
}

#[test]
fn a_drawing_shows_the_board_it_was_made_of() {
    assert_eq!(draw(drawing::board(ADA).islands()).trim(), ADA.trim());
}
