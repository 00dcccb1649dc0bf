//! Writes a game as a Rust test that replays it.

use std::fmt::Write as _;
use std::io::{self, Write};

use islands_core::{GameId, PublicView};
use serde_json::Value;

use super::line;
use super::scanner::IntactGame;

/// Writes a Rust test of this game: a whole file for this crate's `tests` folder.
pub(super) fn write_test(out: &mut dyn Write, game: &IntactGame) -> io::Result<()> {
    let mut lines = Vec::new();
    line::write_game(&mut lines, game.id, &game.rows)?;
    line::write_end(&mut lines, 1, game.game.seq())?;
    let log = quoted(&String::from_utf8(lines).map_err(io::Error::other)?);
    let view = quoted(&view(game)?);
    out.write_all(test(game.id, &log, &view).as_bytes())
}

fn test(id: GameId, log: &str, view: &str) -> String {
    format!(
        r#"//! Game {id} as it was played: its log, folded.
//!
//! Written by `islands journal export FILE --as-test {id}`. The log is
//! as the journal has it, and refuses to be changed. `VIEW` is the
//! public view at its end, without the moves: change it into what should be true.

use islands_core::{{Event, PublicView, replay}};
use islands_journal::maintenance::exported_games;
use serde_json::Value;

const LOG: &str = {log};

const VIEW: &str = {view};

#[test]
fn the_game_ends_as_it_should() {{
    let mut games = exported_games(LOG.as_bytes());
    let game = games.next().expect("a game").expect("a sound log");
    assert!(games.next().is_none());
    let events: Vec<Event> = game
        .batches
        .into_iter()
        .flat_map(|batch| batch.events)
        .collect();
    let game = replay(&events).expect("a game by the rules");

    let mut view = PublicView::of(&game);
    view.moves.clear();
    let expected: Value = serde_json::from_str(VIEW).expect("JSON");
    assert_eq!(serde_json::to_value(&view).expect("JSON"), expected);
}}
"#
    )
}

/// Returns the game's public view as JSON, one field per line.
fn view(game: &IntactGame) -> io::Result<String> {
    let mut view = PublicView::of(&game.game);
    view.moves.clear();
    let Value::Object(fields) = serde_json::to_value(&view)? else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let mut text = String::from("{");
    for (number, (name, value)) in fields.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        write!(text, "{comma}\n  \"{name}\": {value}").map_err(io::Error::other)?;
    }
    Ok(text + "\n}\n")
}

/// Quotes a text as a raw Rust string, with a line break before and after the text.
fn quoted(text: &str) -> String {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"\n{text}\"{hashes}")
}
