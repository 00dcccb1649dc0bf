//! Commands that ask the bot for many guesses, and say what they have in common.

use crate::board::{Board, Draft};
use crate::bot::{Strength, guess};
use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::event::Event;
use crate::game::{Game, create};
use crate::grid::grid;
use crate::guesses::Move;
use crate::island::{Island, IslandType};
use crate::placement::{legal_places, random_board};
use crate::player::{Pair, Player};
use crate::player_name::PlayerName;
use crate::view::PlayerView;

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    answer
}

/// Answers `hunt after CELLS`, `free after CELLS`, `random after CELLS`,
/// `repeat STRENGTH after CELLS`, `play STRENGTH GAMES`, `full STRENGTH` or
/// `reveal STRENGTH SEEDS`.
fn answer(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let number = |text: &str| text.parse().expect("a number");
    let strength = |name: &str| name.parse().expect("a strength");
    match &words[..] {
        ["hunt", "after", cells @ ..] => Situation::after(cells).hunt(),
        ["free", "after", cells @ ..] => Situation::after(cells).free(),
        ["random", "after", cells @ ..] => Situation::after(cells).random(),
        ["repeat", name, "after", cells @ ..] => Situation::after(cells).repeat(strength(name)),
        ["play", name, games] => play(strength(name), number(games)),
        ["full", name] => full(strength(name)),
        ["reveal", name, seeds] => reveal(strength(name), number(seeds)),
        _ => "! unknown command".to_owned(),
    }
}

/// What the bot sees as player 2, and what it should do.
struct Situation {
    view: PlayerView,
    /// The cells that it has not guessed.
    open: CoordinateSet,
    /// The open cells beside hits on islands that are not forested.
    near: CoordinateSet,
    /// The open cells beside forested islands.
    near_forested: CoordinateSet,
}

impl Situation {
    /// After these guesses of the bot. Player 1 has hit something before each of them.
    fn after(cells: &[&str]) -> Situation {
        let boards = Pair {
            one: hunted_board(),
            two: random_board(7),
        };
        let mut game = started(boards);
        for (cell, other) in cells.iter().zip(boards.two.land().iter()) {
            shoot(&mut game, boards, Player::One, other);
            shoot(
                &mut game,
                boards,
                Player::Two,
                cell.parse().expect("a cell"),
            );
        }
        let guesses = game.guesses[Player::Two];
        let open = CoordinateSet::ALL - guesses.hits() - guesses.misses();
        let view = PlayerView::of(&game, Player::Two);
        let forested = view.public.forested[Player::One].land();
        let beside = |cells: CoordinateSet| -> CoordinateSet {
            cells.iter().flat_map(Coordinate::neighbours).collect()
        };
        Situation {
            view,
            open,
            near: beside(guesses.hits() - forested) & open,
            near_forested: beside(forested) & open,
        }
    }

    /// Says whether the guesses are the cells beside hits on islands that are not forested.
    fn hunt(&self) -> String {
        let verdict = self.verdict(Strength::Hunt, 200, |guesses| {
            match (guesses.is_subset(self.near), self.near.is_subset(guesses)) {
                (true, true) => "always at a +, and each + comes up",
                (true, false) => "always at a +, but some of them never come up",
                (false, _) => "not always at a +",
            }
        });
        format!("{}\n{verdict}", self.drawn('+', self.near))
    }

    /// Says whether some guesses are not beside a forested island.
    fn free(&self) -> String {
        let verdict = self.verdict(Strength::Hunt, 100, |guesses| {
            match guesses.is_subset(self.near_forested) {
                true => "always at a -",
                false => "not always at a -",
            }
        });
        format!("{}\n{verdict}", self.drawn('-', self.near_forested))
    }

    /// Says whether each open cell is guessed with some seed.
    fn random(&self) -> String {
        let verdict = self.verdict(Strength::Random, 2_000, |guesses| {
            match self.open.is_subset(guesses) {
                true => "every open cell comes up",
                false => "some open cells never come up",
            }
        });
        verdict.to_owned()
    }

    /// Says whether each seed gives the same guess when it is asked again.
    fn repeat(&self, strength: Strength) -> String {
        let ask = |seed: u64| guess(&self.view, strength, seed);
        let first: Vec<_> = (0..100).map(ask).collect();
        let again: Vec<_> = (0..100).map(ask).collect();
        match first == again {
            true => "the same cells again".to_owned(),
            false => "other cells with the same seeds".to_owned(),
        }
    }

    /// Judges the guesses for the seeds below `seeds`, if all of them are open cells.
    fn verdict(
        &self,
        strength: Strength,
        seeds: u64,
        judge: impl Fn(CoordinateSet) -> &'static str,
    ) -> &'static str {
        let seeds = (0..seeds).chain([u64::MAX]);
        let guesses = seeds.map(|seed| guess(&self.view, strength, seed));
        match guesses.collect::<Option<CoordinateSet>>() {
            Some(guesses) if guesses.is_subset(self.open) => judge(guesses),
            Some(_) => "guesses a cell again",
            None => "no guess, although cells are open",
        }
    }

    /// Draws hits as `x`, misses as `o`, and these cells as `mark`.
    fn drawn(&self, mark: char, marked: CoordinateSet) -> String {
        let land = hunted_board().land();
        grid(|row, col| match Coordinate::new(row.into(), col.into()) {
            Ok(cell) if marked.contains(cell) => mark,
            Ok(cell) if self.open.contains(cell) => '·',
            Ok(cell) if land.contains(cell) => 'x',
            _ => 'o',
        })
    }
}

/// The S lies at B6, the square at E3 beside the atoll at B2, the L at G7, and the dot at I2.
fn hunted_board() -> Board {
    let corners = [(2, 2), (9, 2), (7, 7), (2, 6), (5, 3)];
    let islands = IslandType::ALL.into_iter().zip(corners);
    let draft = islands.fold(Draft::default(), |draft, (kind, (row, col))| {
        let corner = Coordinate::new(row, col).expect("a cell");
        let island = Island::new(kind, corner).expect("it fits");
        draft.position(island).expect("it does not overlap")
    });
    draft.finish().expect("five islands")
}

/// Returns a game in which both players have set their islands.
fn started(boards: Pair<Board>) -> Game {
    let mut game = Game::new(&create("Ada").expect("a name"));
    let name = PlayerName::new("Bob").expect("a name");
    game.apply(&Event::PlayerAdded { name });
    for by in Player::BOTH {
        let board = boards[by];
        game.apply(&Event::IslandsPositioned { by, board });
        game.apply(&Event::IslandsSet { by });
    }
    game
}

fn shoot(game: &mut Game, boards: Pair<Board>, by: Player, at: Coordinate) {
    let (outcome, forested) = game.guesses[by].try_at(boards[by.opponent()], at);
    game.apply(&Event::CoordinateGuessed(Move {
        by,
        at,
        outcome,
        forested,
    }));
}

/// Plays games between two bots, and says whether each is won.
fn play(strength: Strength, games: u64) -> String {
    for seed in 0..games {
        let boards = Pair {
            one: random_board(2 * seed),
            two: random_board(2 * seed + 1),
        };
        let mut game = started(boards);
        let mut by = Player::One;
        while !boards[by]
            .land()
            .is_subset(game.guesses[by.opponent()].hits())
        {
            match guess(&PlayerView::of(&game, by), strength, 2 * seed + by as u64) {
                Some(at) if game.guesses[by].contains(at) => {
                    return "guesses a cell again".to_owned();
                }
                Some(at) => shoot(&mut game, boards, by, at),
                None => return "no guess, although cells are open".to_owned(),
            }
            by = by.opponent();
        }
    }
    format!("{games} games are won")
}

/// Says what the bot guesses when no cell is left.
fn full(strength: Strength) -> String {
    let one = hunted_board();
    let boards = Pair { one, two: one };
    let mut game = started(boards);
    for cell in Coordinate::all() {
        shoot(&mut game, boards, Player::Two, cell);
    }
    match guess(&PlayerView::of(&game, Player::Two), strength, 0) {
        Some(_) => "guesses a cell again".to_owned(),
        None => "no guess, since no cell is open".to_owned(),
    }
}

/// Says whether first guesses tell something about the seed: whether they are drawn from a number
/// that places an island (`random_board` draws one for each, in the order of `IslandType::ALL`),
/// or a seed and the next one give neighbouring cells.
fn reveal(strength: Strength, seeds: u64) -> String {
    let view = Situation::after(&[]).view;
    let index = |seed| guess(&view, strength, seed).map(Coordinate::index);
    let follows = |seed: &u64| match (index(*seed), index(*seed + 1)) {
        (Some(cell), Some(next)) => (cell + 1) % 100 == next,
        _ => false,
    };
    // By chance it would be one in a hundred.
    if (0..seeds).filter(follows).count() as u64 > seeds / 10 {
        return "the seed decides the cell in an order that is easy to guess".to_owned();
    }
    let revealed = IslandType::ALL.into_iter().find(|kind| {
        let places: Vec<_> = legal_places(*kind).collect();
        let reveals = |seed: &u64| {
            let Some(cell) = guess(&view, strength, *seed) else {
                return false;
            };
            let place = usize::from(cell.index()) * places.len() / 100;
            let mut islands = random_board(*seed).islands();
            islands.any(|island| island == places[place])
        };
        // By chance it would be one in 72 to 100.
        (0..seeds).filter(reveals).count() as u64 > seeds / 10
    });
    match revealed {
        Some(kind) => format!("often reveals the {kind}"),
        None => "reveals nothing".to_owned(),
    }
}
