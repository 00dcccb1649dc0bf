//! No unhit cell of an opponent's island is shown before the end.
//!
//! Two checks that do not depend on how views are built. One scans their JSON
//! for cells. The other plays two games that differ only in what a viewer must
//! not know, and compares everything that the viewer gets.

use islands_core::{
    Command, Coordinate, CoordinateSet, Event, Island, Placement, Player, Reply, Rng, View, Viewer,
    legal_places, public_event, random_board,
};
use serde_json::Value;

use crate::commands::guess_at;
use crate::fixture::{Fixture, board, land};
use crate::monkey::pick;

const VIEWERS: [Viewer; 3] = [
    Viewer::Player(Player::One),
    Viewer::Player(Player::Two),
    Viewer::Spectator,
];

/// Everything that a viewer gets after these events: view, pushes and reply.
fn shown(fixture: &Fixture, events: &[Event], viewer: Viewer) -> Value {
    let game = &fixture.game;
    let views = serde_json::to_value(View::of(game, viewer)).expect("JSON");
    let pushes = events.iter().map(|event| public_event(game, event, viewer));
    let pushes = serde_json::to_value(Vec::from_iter(pushes)).expect("JSON");
    let reply = match viewer {
        Viewer::Player(by) if owner_of(events) == Some(by) => Reply::of(game, by, events),
        _ => Reply::Done {},
    };
    Value::Array(vec![
        views,
        pushes,
        serde_json::to_value(reply).expect("JSON"),
    ])
}

/// The sender of the command, if these events make the reply more than `Done`.
fn owner_of(events: &[Event]) -> Option<Player> {
    match events.first()? {
        Event::IslandsSet { by } => Some(*by),
        Event::CoordinateGuessed(guess) => Some(guess.by),
        _ => None,
    }
}

/// Every cell in a JSON value, at any depth.
fn cells(json: &Value) -> CoordinateSet {
    match json {
        Value::Array(items) => items
            .iter()
            .map(cells)
            .fold(CoordinateSet::EMPTY, |a, b| a | b),
        Value::Object(fields) => {
            let line = |name| fields.get(name).and_then(Value::as_i64);
            let here = line("row").zip(line("col"));
            let here = here.and_then(|(row, col)| Coordinate::new(row, col).ok());
            fields
                .values()
                .map(cells)
                .fold(here.into_iter().collect(), |a, b| a | b)
        }
        _ => CoordinateSet::EMPTY,
    }
}

/// No cell is land on both boards, so each cell of land in the JSON has one owner.
/// Players never guess where they have land, since the scan would call it a leak.
#[test]
fn json_shows_no_unhit_cell_of_an_opponent() {
    for seed in 0..20 {
        let mut rng = Rng::new(seed);
        let mut fixture = Fixture::battle();
        let mut left = Player::BOTH.map(|by| CoordinateSet::ALL - land(by));
        let mut by = Player::One;
        loop {
            let guesses = &mut left[by as usize];
            let at = pick(&mut rng, &Vec::from_iter(guesses.iter()));
            *guesses = *guesses - [at].into_iter().collect();
            let events = fixture.try_command(by, guess_at(at)).expect("a guess");
            if fixture.game.is_over() {
                break;
            }
            for viewer in VIEWERS {
                let seen = cells(&shown(&fixture, &events, viewer));
                for owner in Player::BOTH {
                    let hidden = land(owner) & left[owner.opponent() as usize];
                    let leaked = seen & hidden;
                    assert!(
                        viewer == Viewer::Player(owner) || leaked.is_empty(),
                        "seed {seed}: {viewer:?} is shown {leaked:?}"
                    );
                }
            }
            by = by.opponent();
        }
        for viewer in VIEWERS {
            let seen = cells(&shown(&fixture, &[], viewer));
            assert!((land(Player::One) | land(Player::Two)).is_subset(seen));
        }
    }
}

#[test]
fn the_scan_sees_what_is_there() {
    let json =
        serde_json::json!({"a": [{"row": 1, "col": 2}, {"b": {"col": 4, "row": 3, "c": 0}}]});
    assert_eq!(format!("{:?}", cells(&json)), "{A2, C4}");
    let own = shown(&Fixture::battle(), &[], Viewer::Player(Player::One));
    assert_eq!(cells(&own), land(Player::One));
}

/// Returns the board with one island moved from unguessed cells to other unguessed
/// cells, if that is possible.
fn indistinguishable(secret: &[Island], guessed: CoordinateSet) -> Option<Vec<Island>> {
    (0..secret.len()).find_map(|moved| {
        let others = secret.iter().enumerate().filter(|(i, _)| *i != moved);
        let taken = others.fold(guessed, |taken, (_, island)| taken | island.cells());
        let free = |island: &Island| !island.cells().overlaps(taken);
        let elsewhere = legal_places(secret[moved].kind())
            .find(|island| free(island) && *island != secret[moved])?;
        let mut other = secret.to_vec();
        other[moved] = elsewhere;
        free(&secret[moved]).then_some(other)
    })
}

#[test]
fn games_that_differ_only_in_hidden_cells_have_equal_views() {
    let mut compared = 0;
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let bobs = Vec::from_iter(random_board(seed).islands());
        let all = Vec::from_iter(Coordinate::all());
        let guessed = CoordinateSet::from_iter((0..40).map(|_| pick(&mut rng, &all)));
        let Some(other) = indistinguishable(&bobs, guessed) else {
            continue;
        };
        let [one, two] = [bobs, other].map(|bobs| everything_ada_is_shown(&bobs, guessed));
        assert_eq!(one, two, "seed {seed}");
        compared += 1;
    }
    assert!(compared > 30, "{compared} pairs of games");
}

/// Plays a game in which Ada guesses these cells of Bob's board. Returns what Ada
/// and a spectator get at each step.
fn everything_ada_is_shown(bobs: &[Island], guessed: CoordinateSet) -> Vec<Value> {
    let all = |islands: &[Island]| Command::PositionAll {
        islands: islands.iter().copied().map(Placement::from).collect(),
    };
    let adas = Vec::from_iter(board(Player::One).islands());
    let one_by_one = bobs.iter().copied().map(Placement::from);
    let mut commands: Vec<(Player, Command)> = one_by_one
        .map(|placement| (Player::Two, Command::PositionIsland(placement)))
        .collect();
    commands.extend([
        (Player::One, all(&adas)),
        (Player::Two, all(bobs)),
        (Player::Two, Command::SetIslands),
        (Player::One, Command::SetIslands),
    ]);
    for (cell, answer) in guessed.iter().zip(Coordinate::all()) {
        commands.push((Player::One, guess_at(cell)));
        commands.push((Player::Two, guess_at(answer)));
    }
    let mut fixture = Fixture::joined();
    let mut seen = Vec::new();
    for (by, command) in commands {
        let Ok(events) = fixture.try_command(by, command) else {
            break;
        };
        seen.push(shown(&fixture, &events, Viewer::Player(Player::One)));
        seen.push(shown(&fixture, &events, Viewer::Spectator));
    }
    seen
}
