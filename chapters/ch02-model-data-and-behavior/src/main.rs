//! Chapter 2's walk: `cargo run -p ch02`.

mod draw;
mod timing;

use std::process::ExitCode;
use std::time::Instant;

use ch02::{count, hash_board, moving, tables};
use islands_core::{
    Coordinate, CoordinateSet, Draft, Guesses, Island, IslandType, legal_places, random_board,
};
use walk::{Chapter, Page, Step, grid, run, show, thousands};

use crate::draw::{bits, cells, in_a_row, land, shape};
use crate::timing::{bit_sets, hash_sets, profile, rounded, timed};

const CHAPTER: Chapter = Chapter {
    package: "ch02",
    title: "Chapter 2 · Model data and behavior",
    question: "What is the game, before there is any process or page?",
    sources: walk::sources!["main.rs"],
    steps: &[
        Step::new("A cell", "A cell that cannot be wrong", a_cell),
        Step::new(
            "A row that does not exist",
            "A cell that cannot be wrong",
            a_row_that_does_not_exist,
        ),
        Step::new(
            "The game as tables",
            "What a constraint can say",
            the_game_as_tables,
        ),
        Step::new("Five shapes", "Shapes and corners", five_shapes),
        Step::new(
            "An island off the board",
            "Shapes and corners",
            an_island_off_the_board,
        ),
        Step::new("How many places", "Shapes and corners", how_many_places),
        Step::new(
            "A set of cells is a number",
            "A set of cells is a number",
            a_set_is_a_number,
        ),
        Step::new(
            "Two islands, one cell",
            "Overlap, and moving an island",
            two_islands_one_cell,
        ),
        Step::new(
            "The same island again",
            "Overlap, and moving an island",
            the_same_island_again,
        ),
        Step::new(
            "A draft becomes a board",
            "A draft becomes a board",
            a_draft_becomes_a_board,
        ),
        Step::new("How many boards", "Counting as a test", how_many_boards),
        Step::new(
            "The same with hash sets",
            "What a hash set costs",
            the_same_with_hash_sets,
        ),
        Step::new("A guess", "A guess", a_guess),
    ],
    serve: None,
};

fn main() -> ExitCode {
    walk::main(&CHAPTER)
}

fn a_cell(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Two players each hide five islands on a board of ten by ten cells, then take turns to \
         guess cells of the other's board. So the first thing to model is a cell. People write a \
         letter for the row and a number for the column:",
    );
    let cell = show!(page, "B7".parse::<Coordinate>()?);
    show!(page, (cell.row(), cell.col()));
    page.draw(&cells(CoordinateSet::EMPTY.with(cell)));
    page.say(
        "`Coordinate` is a type of its own, and not a pair of numbers. The next step shows what \
         that buys.",
    );
    Ok(())
}

fn a_row_that_does_not_exist(page: &mut Page<'_>) -> walk::Result {
    page.say("The board has rows 1 to 10. A client sends you row 11.");
    let guess = page.choose(
        "What does `Coordinate::new(11, 1)` return?",
        &[
            "The cell A1: it wraps around",
            "The cell K1, which other functions must check for",
            "An error, and no coordinate",
        ],
    );
    let outcome = show!(page, Coordinate::new(11, 1));
    page.reveal(&guess, if outcome.is_err() { 2 } else { 1 });
    if let Err(error) = outcome {
        page.say(&format!("Displayed, the error reads: \"{error}\"."));
    }
    page.say(
        "The fields of `Coordinate` are private, and every public way to make one yields a cell of \
         the board. So a function that takes one has nothing to check. The price: all code that \
         starts from two numbers must handle the error.",
    );
    Ok(())
}

fn the_game_as_tables(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A web application often begins with the tables of its database. Here is the game as three \
         tables. An insert checks the ranges of the columns, that the game exists, and that the \
         same guess is not there already. Ada opens a game. No second player has joined it. Ada \
         guesses C4.",
    );
    let mut tables = tables::Tables::default();
    let game = show!(page, tables.insert_game("Ada"));
    let guess = page.choose(
        "Does the table of guesses accept the row?",
        &["Yes", "No, a constraint refuses it"],
    );
    let inserted = show!(page, {
        tables.insert_guess(tables::GuessRow {
            game,
            player: 1,
            row: 3,
            col: 4,
        })
    });
    page.reveal(&guess, usize::from(inserted.is_err()));
    page.say(
        "Every constraint holds. Whether a guess may be made now is a question about the whole \
         game, and none of these constraints asks it. In this workspace a function does, and \
         storage comes last.",
    );
    Ok(())
}

fn five_shapes(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "There are five kinds of island, and none is ever turned. A shape is a list of offsets \
         (rows down, columns right) from its corner, the upper-left corner of the box around it. \
         Here are four; the fifth, the S, comes after the question.",
    );
    let shapes = IslandType::ALL.map(|kind| match kind {
        // The question below would be answered by the drawing.
        IslandType::SShape => String::new(),
        _ => shape(kind),
    });
    page.draw(&in_a_row(&shapes));
    let guess = page.choose(
        "The S is two cells above two, the upper pair one to the right. Does it cover its own \
         corner?",
        &["Yes", "No"],
    );
    let offsets = show!(page, IslandType::SShape.offsets());
    page.reveal(&guess, usize::from(!offsets.contains(&(0, 0))));
    page.draw(&shape(IslandType::SShape));
    page.say(
        "The corner says where an island is. It need not be a cell of it, so no code may assume \
         that the corner is land.",
    );
    Ok(())
}

fn an_island_off_the_board(page: &mut Page<'_>) -> walk::Result {
    let (h1, i1) = ("H1".parse()?, "I1".parse()?);
    page.say("An `Island` is a kind and a corner. Here is an L with its corner at H1:");
    let island = show!(page, Island::new(IslandType::LShape, h1));
    page.draw(&cells(island.map_err(refused)?.cells()));
    page.say("An L is three rows high. One row further down, its foot would be in row K:");
    let _ = show!(page, Island::new(IslandType::LShape, i1));
    page.say(
        "As with coordinates, the constructor checks once. From here on an island is on the \
         board, and no function asks again.",
    );
    Ok(())
}

fn how_many_places(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A dot fits on each of the 100 cells. The atoll, the L and the S have fewer corners to \
         choose from, since the box around them has to fit: 72 each.",
    );
    let guess = page.number("How many places has the square, two by two cells?");
    let places = show!(page, legal_places(IslandType::Square).count());
    page.reveal(&guess, places);
    let all = IslandType::ALL.map(|kind| format!("{kind} {}", legal_places(kind).count()));
    page.say(&format!("All five: {}.", all.join(", ")));
    page.say(
        "`legal_places` holds no table. It tries each cell as a corner and keeps the islands that \
         `Island::new` accepts, so it cannot disagree with the rule.",
    );
    Ok(())
}

fn a_set_is_a_number(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Which cells does an island cover? A hundred cells are a hundred bits, and they fit in one \
         `u128`. Number the cells row by row from 0, and let a bit say whether its cell is in the \
         set. An atoll at C4 is this number, its lowest bit first, ten bits to a line:",
    );
    let c4 = "C4".parse()?;
    let atoll = Island::new(IslandType::Atoll, c4).map_err(refused)?;
    page.draw(&walk::beside(&bits(atoll.cells()), &cells(atoll.cells())));
    show!(page, atoll.cells());
    let guess = page.number("A1 is bit 0. Which bit is C4?");
    let bit = Coordinate::all().position(|cell| cell == c4);
    page.reveal(&guess, bit.ok_or("C4 is a cell")?);
    page.say(
        "The same atoll at A1 has its lowest bit at 0, and C4 is that number shifted by 23 bits. One \
         shift moves the whole island. This works because `Island::new` has checked the edges: past \
         the right edge, a bit would land in the next row. Of the 128 bits, 28 are never used.",
    );
    show!(page, size_of::<CoordinateSet>());
    Ok(())
}

fn two_islands_one_cell(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A player arranges islands one at a time. A `Draft` holds those placed so far. Islands may \
         touch, but no two may cover the same cell. With bits, that check is one AND: two sets \
         overlap if `a & b` is not 0.",
    );
    let square = Island::new(IslandType::Square, "B2".parse()?).map_err(refused)?;
    let atoll = Island::new(IslandType::Atoll, "C3".parse()?).map_err(refused)?;
    let draft = run!(page, Draft::default().position(square));
    let draft = draft.map_err(in_the_way)?;
    page.say("The square is on the left. On the right is an atoll that wants a cell of it:");
    page.draw(&walk::beside(&cells(square.cells()), &cells(atoll.cells())));
    show!(page, square.cells() & atoll.cells());
    let _ = show!(page, draft.position(atoll));
    page.say(
        "The error names the island in the way, since the player has to know what to move. The \
         draft itself is unchanged: `position` takes one draft and returns another.",
    );
    Ok(())
}

fn the_same_island_again(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "The square is in the draft, at B2. The player drags it one cell to the right, to B3:",
    );
    let square = Island::new(IslandType::Square, "B2".parse()?).map_err(refused)?;
    let draft = Draft::default().position(square).map_err(in_the_way)?;
    let b3 = "B3".parse()?;
    let moved = show!(page, Island::new(IslandType::Square, b3));
    let moved = moved.map_err(refused)?;
    page.draw(&walk::beside(&cells(square.cells()), &cells(moved.cells())));
    let guess = page.choose(
        "The two places share two cells. What does `position` do?",
        &[
            "It refuses: an overlap",
            "It moves the square",
            "Now there are two squares",
        ],
    );
    let islands = |draft: Draft| draft.islands().collect::<Vec<_>>();
    let outcome = show!(page, draft.position(moved).map(islands));
    let islands = outcome.map_err(in_the_way)?;
    page.reveal(&guess, islands.len());
    page.say(
        "A player has one island of each kind, so a second square is the first one, moved. Only \
         the other kinds can be in the way. Leave that out, and the check still looks right:",
    );
    let _ = show!(page, moving::position_seeing_itself(draft, moved));
    page.say("That version of the check passes every test that places each island once.");
    Ok(())
}

fn a_draft_becomes_a_board(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A player is ready when all five islands are placed. You could count them wherever it \
         matters. Here, `finish` counts once, and returns a value of another type. First with a \
         draft that holds a dot alone:",
    );
    let dot = Island::new(IslandType::Dot, "J10".parse()?).map_err(refused)?;
    let draft = run!(page, Draft::default().position(dot));
    let draft = draft.map_err(in_the_way)?;
    let _ = show!(page, draft.finish());
    page.say(
        "A `Board` always has five islands. A function that takes a `Board` cannot be called too \
         early, because that call does not compile. Here is a complete one, drawn at random from \
         the seed 7:",
    );
    let board = run!(page, random_board(7));
    page.draw(&land(board));
    Ok(())
}

fn how_many_boards(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "100 places for the dot, 81 for the square, 72 for each of the others: were they \
         independent, there would be 3,023,308,800 boards. Overlaps make it fewer.",
    );
    let guess = page.choose(
        "How many legal boards are there?",
        &[
            "about ten million",
            "about a hundred million",
            "about a billion",
            "about two billion",
        ],
    );
    let began = Instant::now();
    let boards = show!(page, count::boards());
    let took = page.figure("count_ms", began.elapsed().as_millis());
    let about = [50_000_000, 500_000_000, 1_500_000_000];
    let place = about.iter().filter(|limit| boards > **limit).count();
    page.reveal(&guess, place);
    page.say(&format!(
        "Exactly {}: {} ways to place the four larger islands, times the 83 cells that they leave \
         for the dot. The program tried every way to place the four, which took {took} ms ({}).",
        thousands(boards),
        thousands(boards / 83),
        profile(),
    ));
    page.say(
        "A number like this is a good test. One of the tests of `islands-core` counts the boards \
         with the crate's own placement rule: most mistakes in a shape, an edge or the overlap check \
         change the number.",
    );
    Ok(())
}

fn the_same_with_hash_sets(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Most of us would write `HashSet<(u8, u8)>` first. It gives the same answers, which a test \
         of this chapter checks with 10,000 random placements. What does it cost? A sample: each \
         of the 72 atolls against each of the 72 S shapes, 5,184 overlap checks.",
    );
    let sets = [IslandType::Atoll, IslandType::SShape].map(bit_sets);
    let bits = run!(page, timed(&sets, |one, other| one.overlaps(*other)));
    let sets = [IslandType::Atoll, IslandType::SShape].map(hash_sets);
    let hashed = run!(page, timed(&sets, hash_board::overlap));
    show!(page, (bits.found, hashed.found));
    let times = page.figure("hash_overlap_times", rounded(hashed.ns / bits.ns));
    let bits = page.figure("bits_overlap_ns", rounded(bits.ns));
    let hashed = page.figure("hash_overlap_ns", rounded(hashed.ns));
    page.say(&format!(
        "Both find the same overlaps. With bits a check and the loop around it took {bits} ns, with \
         hash sets {hashed} ns: {times} times as long ({}). Each hash set also has an allocation of \
         its own, and a `Board` of them is no longer `Copy`.",
        profile(),
    ));
    page.say(
        "In a game of two people you would never notice. Step 11 makes almost 20 million of these checks, \
         and there you would.",
    );
    Ok(())
}

fn a_guess(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "`Guesses` are two sets of cells: hits and misses. `try_at` says what one more guess would \
         bring on the other player's board, and `with` adds it. An island whose cells are all hit \
         is forested. The player that forests all five wins.",
    );
    let board = random_board(7);
    let dot = board
        .islands()
        .find(|island| island.kind() == IslandType::Dot);
    let at = dot.ok_or("a board has a dot")?.corner();
    let guess = page.choose(
        "The first guess hits the dot. Which islands are forested?",
        &["None yet", "The dot"],
    );
    let (outcome, forested) = show!(page, Guesses::default().try_at(board, at));
    page.reveal(&guess, usize::from(forested.is_some()));
    let guesses = show!(page, Guesses::default().with(at, outcome));
    page.say("The board with the hit, marked x:");
    page.draw(&grid(|row, col| {
        match Coordinate::new(row.into(), col.into()) {
            Ok(cell) if guesses.hits().contains(cell) => 'x',
            Ok(cell) if board.land().contains(cell) => '#',
            _ => '·',
        }
    }));
    page.say(
        "The dot has one cell, so its first hit is its last. Nothing here is a process, a page or \
         a table: these are values, and functions from values to values. Chapter 3 adds the rules \
         about who may do what, and when.",
    );
    page.say("The exercises of this chapter begin with a cell. Open the first: `cargo x next`.");
    Ok(())
}

fn refused(error: islands_core::OffBoard) -> String {
    format!("there is no room for {} at {}", error.kind, error.corner)
}

fn in_the_way(error: islands_core::Overlap) -> String {
    format!("{} is in the way", error.with)
}
