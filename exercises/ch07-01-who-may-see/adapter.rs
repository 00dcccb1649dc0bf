//! Commands that play a game, and show what a viewer sees of it.

use crate::{
    Command, Coordinate, Facts, Game, GameId, Islands, Move, Placement, Player, PlayerView,
    PublicView, Reason, View, Viewer, apply, create, decide,
};

/// The corners of the islands of each player.
const ADAS: [(&str, i64, i64); 5] = [
    ("atoll", 1, 1),
    ("dot", 1, 5),
    ("l_shape", 1, 7),
    ("s_shape", 5, 1),
    ("square", 5, 6),
];
const BOBS: [(&str, i64, i64); 5] = [
    ("atoll", 1, 9),
    ("dot", 10, 10),
    ("l_shape", 5, 9),
    ("s_shape", 8, 1),
    ("square", 8, 5),
];

/// Returns a function that answers commands. It keeps the game between them.
pub fn start() -> impl FnMut(&str) -> String {
    let mut game = Game::new(&create("Ada").expect("a name"));
    move |command| answer(command, &mut game).unwrap_or_else(|| "! unknown command".to_owned())
}

/// Answers `PLAYER joins`, `places the islands`, `sets them`, `guesses CELL`, `finds
/// everything`, `resigns`, `asks for a rematch`; and `VIEWER looks`, of whom cleo is a spectator.
fn answer(command: &str, game: &mut Game) -> Option<String> {
    let (who, what) = command.split_once(' ')?;
    if what == "looks" {
        return Some(seen(&View::of(game, viewer(who)?)));
    }
    let Viewer::Player(by) = viewer(who)? else {
        return None;
    };
    let commands = match what.split(' ').collect::<Vec<_>>()[..] {
        ["joins"] => vec![Command::AddPlayer { name: "Bob".into() }],
        ["places", "the", "islands"] => vec![Command::PositionAll {
            islands: match by {
                Player::One => ADAS.map(placement).into(),
                Player::Two => BOBS.map(placement).into(),
            },
        }],
        ["sets", "them"] => vec![Command::SetIslands],
        ["guesses", cell] => vec![guess(cell.parse().ok()?)],
        ["finds", "everything"] => return Some(find_everything(game, by)),
        ["resigns"] => vec![Command::Resign],
        ["asks", "for", "a", "rematch"] => vec![Command::RequestRematch],
        _ => return None,
    };
    let facts = Facts {
        rematch: GameId::from_bytes([9; 10]),
        ..Facts::default()
    };
    for command in commands {
        match decide(game, by, command, &facts) {
            Ok(events) => *game = events.iter().fold(game.clone(), apply),
            Err(rejection) => return Some(format!("refused, {}", rejection.reason())),
        }
    }
    Some("ok".to_owned())
}

/// Guesses each cell of the opponent's islands that is left. The opponent guesses water.
fn find_everything(game: &mut Game, by: Player) -> String {
    let corners = if by == Player::One { BOBS } else { ADAS };
    let mut board = crate::Draft::default();
    for (name, row, col) in corners {
        let kind = name.parse().expect("an island");
        let corner = Coordinate::new(row, col).expect("a cell");
        let island = crate::Island::new(kind, corner).expect("it is on the board");
        board = board.position(island).expect("there is room");
    }
    let land = board.finish().expect("five islands").land();
    let water: Vec<Coordinate> = Coordinate::all().filter(|at| at.row() == 4).collect();
    let others = Coordinate::all().filter(|at| at.row() == 7);
    let mut water = water.into_iter().chain(others);
    let guessed = game.guesses[by];
    for target in land.iter().filter(|at| !guessed.contains(*at)) {
        let targets = [(by, Some(target)), (by.opponent(), water.next())];
        for (player, at) in targets {
            let Some(at) = at else {
                return "no water is left".to_owned();
            };
            match decide(game, player, guess(at), &Facts::default()) {
                Ok(events) => *game = events.iter().fold(game.clone(), apply),
                Err(rejection) => return format!("ended, {}", rejection.reason()),
            }
        }
    }
    "ok".to_owned()
}

fn viewer(who: &str) -> Option<Viewer> {
    match who {
        "ada" => Some(Viewer::Player(Player::One)),
        "bob" => Some(Viewer::Player(Player::Two)),
        "cleo" => Some(Viewer::Spectator),
        _ => None,
    }
}

fn placement((island, row, col): (&str, i64, i64)) -> Placement {
    let island = island.into();
    Placement { island, row, col }
}

fn guess(at: Coordinate) -> Command {
    let (row, col) = (at.row().into(), at.col().into());
    Command::GuessCoordinate { row, col }
}

fn seen(view: &View) -> String {
    let PublicView {
        seq,
        state,
        players,
        moves,
        forested,
        winner,
        rematch,
        boards,
        next,
    } = view.public();
    let player = |player: Player| match &players[player] {
        None => "nobody".to_owned(),
        Some(info) if info.islands_set => format!("{}, ready", info.name),
        Some(info) => info.name.to_string(),
    };
    let mut lines = vec![
        format!(
            "event {seq}, {state}; {} and {}",
            player(Player::One),
            player(Player::Two)
        ),
        format!(
            "moves: {}; found of Ada's: {}; of Bob's: {}",
            moves_of(moves),
            islands(forested[Player::One]),
            islands(forested[Player::Two])
        ),
    ];
    if let View::Player(PlayerView { board, .. }) = view {
        lines.push(format!("own islands: {}", islands(*board)));
    }
    if let Some(boards) = boards {
        let [ada, bob] = Player::BOTH.map(|player| islands(boards[player]));
        lines.push(format!("Ada's islands: {ada}; Bob's: {bob}"));
    }
    if let Some(ending) = winner {
        let reason = match ending.reason {
            Reason::Forested => "forested",
            Reason::Resigned => "resigned",
            Reason::Abandoned => "abandoned",
        };
        lines.push(format!("{} wins, {reason}", ending.winner));
    }
    if !rematch.is_empty() || next.is_some() {
        let asked: Vec<String> = rematch.iter().map(Player::to_string).collect();
        let next = if next.is_some() {
            ", and it is there"
        } else {
            ""
        };
        lines.push(format!(
            "a rematch is wanted by {}{next}",
            asked.join(" and ")
        ));
    }
    lines.join("\n")
}

/// Lists moves, or counts them if they are many.
fn moves_of(moves: &[Move]) -> String {
    let shown = moves
        .iter()
        .map(|guess| format!("{} {} {:?}", guess.by, guess.at, guess.outcome));
    match moves.len() {
        0 => "none".to_owned(),
        1..=12 => shown.collect::<Vec<_>>().join(", ").to_lowercase(),
        many => many.to_string(),
    }
}

/// Names islands, each with its number of cells and the first of them.
fn islands(islands: Islands) -> String {
    let named: Vec<String> = islands
        .iter()
        .map(|(kind, cells)| {
            let first = cells
                .iter()
                .next()
                .map_or("nowhere".into(), |at| at.to_string());
            format!("{kind} {first} ({})", cells.len())
        })
        .collect();
    match named.is_empty() {
        true => "none".to_owned(),
        false => named.join(", "),
    }
}
