//! Commands that play whole games between Ada and Bob.

use crate::command::{Command, Placement};
use crate::coordinate::Coordinate;
use crate::event::Event;
use crate::facts::Facts;
use crate::game::{Game, create, decide};
use crate::guesses::Outcome;
use crate::player::Player;
use crate::state_name::StateName;

/// Where `PLAYER places all` puts the islands.
const BOARD: [(&str, u8, u8); 5] = [
    ("atoll", 1, 1),
    ("dot", 10, 10),
    ("l_shape", 6, 2),
    ("s_shape", 3, 7),
    ("square", 8, 6),
];

const STATES: [StateName; 5] = [
    StateName::Initialized,
    StateName::PlayersSet,
    StateName::Player1Turn,
    StateName::Player2Turn,
    StateName::GameOver,
];

/// The game, and the states that the script has reached.
struct Play {
    game: Game,
    reached: Vec<StateName>,
}

/// Returns a function that answers commands. It keeps the game between them.
pub fn start() -> impl FnMut(&str) -> String {
    let mut play = Play {
        game: new_game(),
        reached: vec![StateName::Initialized],
    };
    move |command| {
        let words: Vec<&str> = command.split_whitespace().collect();
        match words.first() {
            None => String::new(),
            Some(word) if word.starts_with('#') => String::new(),
            Some(_) => answer(&words, &mut play).unwrap_or_else(|problem| format!("? {problem}")),
        }
    }
}

fn new_game() -> Game {
    Game::new(&create("Ada").expect("a name"))
}

fn answer(words: &[&str], play: &mut Play) -> Result<String, String> {
    match words {
        ["new", "game"] => {
            play.game = new_game();
            Ok(format!("now {}", play.game.state_name()))
        }
        ["states"] => Ok(STATES
            .iter()
            .map(|state| match play.reached.contains(state) {
                true => format!("{state}: reached\n"),
                false => format!("{state}: never\n"),
            })
            .collect()),
        ["bob", "joins"] => Ok(play.decide(Player::Two, Command::AddPlayer { name: "Bob".into() })),
        ["both", "guess", cells @ ..] if !cells.is_empty() => {
            let mut answers = String::new();
            // All cells are read before the first is guessed.
            let named = cells.iter().map(|name| Ok((*name, numbers(name)?)));
            for (name, at) in named.collect::<Result<Vec<_>, String>>()? {
                for by in Player::BOTH {
                    answers += &format!("{} {name}: {}\n", player_name(by), play.guess(by, at));
                }
            }
            Ok(answers)
        }
        [by, rest @ ..] => {
            let by = player(by).ok_or(format!("expected {COMMANDS}"))?;
            match rest {
                ["places", "all"] => Ok(play.decide(by, all())),
                ["places", kind, at] => {
                    let (row, col) = numbers(at)?;
                    let island = (*kind).to_owned();
                    let placement = Placement { island, row, col };
                    Ok(play.decide(by, Command::PositionIsland(placement)))
                }
                ["sets"] => Ok(play.decide(by, Command::SetIslands)),
                ["guesses", at] => Ok(play.guess(by, numbers(at)?)),
                ["resigns"] => Ok(play.decide(by, Command::Resign)),
                _ => Err(format!("expected {COMMANDS}")),
            }
        }
        [] => Err(format!("expected {COMMANDS}")),
    }
}

const COMMANDS: &str = "`new game`, `bob joins`, `both guess CELL …`, or `ada` or `bob` and then \
                        `places all`, `places KIND CELL`, `sets`, `guesses CELL` or `resigns`";

impl Play {
    fn guess(&mut self, by: Player, (row, col): (i64, i64)) -> String {
        self.decide(by, Command::GuessCoordinate { row, col })
    }

    fn decide(&mut self, by: Player, command: Command) -> String {
        let answer = match decide(&self.game, by, command, &Facts::default()) {
            Ok(events) => {
                for event in &events {
                    self.game.apply(event);
                }
                events.iter().map(shown).collect::<Vec<_>>().join(", ")
            }
            Err(rejection) => format!("refused: {}", rejection.reason()),
        };
        let state = self.game.state_name();
        if !self.reached.contains(&state) {
            self.reached.push(state);
        }
        format!("{answer}; now {state}{}", self.winner())
    }

    fn winner(&self) -> String {
        match crate::view::PublicView::of(&self.game).winner {
            Some(ending) => format!(", {} has won", player_name(ending.winner)),
            None => String::new(),
        }
    }
}

fn all() -> Command {
    let placement = |(island, row, col): (&str, u8, u8)| Placement {
        island: island.to_owned(),
        row: row.into(),
        col: col.into(),
    };
    Command::PositionAll {
        islands: BOARD.into_iter().map(placement).collect(),
    }
}

fn player(name: &str) -> Option<Player> {
    Player::BOTH.into_iter().find(|by| player_name(*by) == name)
}

fn player_name(player: Player) -> &'static str {
    match player {
        Player::One => "ada",
        Player::Two => "bob",
    }
}

fn cell(name: &str) -> Result<(i64, i64), String> {
    let cell: Result<Coordinate, _> = name.parse();
    let cell = cell.map_err(|_| {
        format!("there is no cell {name}: write A1 to J10, or numbers, such as 11/1")
    })?;
    Ok((cell.row().into(), cell.col().into()))
}

/// Reads `B7`, or numbers that need not be on the board: `2/7`.
fn numbers(name: &str) -> Result<(i64, i64), String> {
    let Some((row, col)) = name.split_once('/') else {
        return cell(name);
    };
    let problem = format!("expected ROW/COLUMN as numbers, not {name}");
    let number = |text: &str| text.parse::<i64>().map_err(|_| problem.clone());
    Ok((number(row)?, number(col)?))
}

fn shown(event: &Event) -> String {
    match event {
        Event::PlayerAdded { .. } => "joined".to_owned(),
        Event::IslandPositioned { .. } | Event::IslandsPositioned { .. } => "placed".to_owned(),
        Event::IslandsSet { .. } => "set".to_owned(),
        Event::CoordinateGuessed(guess) => match (guess.outcome, guess.forested) {
            (Outcome::Miss, _) => "miss".to_owned(),
            (Outcome::Hit, None) => "hit".to_owned(),
            (Outcome::Hit, Some(island)) => format!("hit, {island} forested"),
        },
        Event::GameWon { .. } => "won".to_owned(),
        Event::PlayerResigned { .. } => "resigned".to_owned(),
        other => format!("{other:?}"),
    }
}
