//! How frames are drawn.

use ch07::frame::Frame;
use islands_core::Player;
use serde_json::Value;
use walk::Page;

use crate::client::Direction;
use crate::site::Site;

/// The columns of a drawn line, and of each half where two clients stand side by side.
const COLUMNS: usize = 72;
const HALF: usize = 35;

type Log = [(Direction, Frame)];

/// Draws what a client has sent and received, a frame a line or more.
pub(crate) fn frames(page: &mut Page<'_>, site: &Site, log: &Log) {
    let drawn = column(page, site, log, COLUMNS);
    page.draw(&drawn.join("\n"));
}

/// Draws what two clients have sent and received, side by side.
pub(crate) fn side_by_side(page: &mut Page<'_>, site: &Site, ada: &Log, bob: &Log) {
    let (left, right) = (column(page, site, ada, HALF), column(page, site, bob, HALF));
    let mut lines = vec![format!("{:<HALF$}  Bob", "Ada")];
    for row in 0..left.len().max(right.len()) {
        let [left, right] = [&left, &right].map(|lines| lines.get(row).map_or("", String::as_str));
        lines.push(format!("{left:<HALF$}  {right}").trim_end().to_owned());
    }
    page.draw(&lines.join("\n"));
}

/// Draws a frame with a line for each field.
pub(crate) fn fields(page: &mut Page<'_>, site: &Site, direction: Direction, frame: &Frame) {
    let Frame(join_ref, reference, topic, event, payload) = frame;
    let text = |field: &Option<String>| match field {
        Some(text) => format!("\"{text}\""),
        None => "null".into(),
    };
    let fields = [
        ("join_ref", text(join_ref)),
        ("ref", text(reference)),
        ("topic", format!("\"{topic}\"")),
        ("event", format!("\"{event}\"")),
        ("payload", short(payload)),
    ];
    let mut lines = Vec::new();
    for (name, value) in fields {
        let arrow = if lines.is_empty() {
            arrow(direction)
        } else {
            ' '
        };
        let value = named(page, site, &value);
        let mut rows = wrap(&value, COLUMNS - 12).into_iter();
        lines.push(format!(
            "{arrow} {name:<9} {}",
            rows.next().unwrap_or_default()
        ));
        lines.extend(rows.map(|row| format!("{:12}{row}", "")));
    }
    page.draw(&lines.join("\n"));
}

fn column(page: &mut Page<'_>, site: &Site, log: &Log, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (direction, frame) in log {
        let Frame(join_ref, reference, topic, event, payload) = frame;
        let head = serde_json::json!([join_ref, reference, topic, event]).to_string();
        let head = head.trim_end_matches(']');
        let text = named(page, site, &format!("{head},{}]", short(payload)));
        let mut rows = wrap(&text, width - 2).into_iter();
        lines.push(format!(
            "{} {}",
            arrow(*direction),
            rows.next().unwrap_or_default()
        ));
        lines.extend(rows.map(|row| format!("   {row}")));
    }
    lines
}

fn arrow(direction: Direction) -> char {
    match direction {
        Direction::Sent => '→',
        Direction::Received => '←',
    }
}

/// Writes a payload, with the view left out.
fn short(payload: &Value) -> String {
    let mut payload = payload.clone();
    if let Some(view) = payload.pointer_mut("/response/view") {
        *view = "{…}".into();
    }
    payload.to_string().replace("\"{…}\"", "{…}")
}

/// Replaces what differs from run to run by measured figures.
pub(crate) fn named(page: &mut Page<'_>, site: &Site, text: &str) -> String {
    let mut text = text.to_owned();
    let game = site.game.to_string();
    if text.contains(&game) {
        text = text.replace(&game, &page.figure("game", &game));
    }
    let seats = [("ada_seat", Player::One), ("bob_seat", Player::Two)];
    for (name, seat) in seats.map(|(name, player)| (name, site.seat(player))) {
        if text.contains(&seat) {
            let short = page.figure(name, ends(&seat));
            text = text.replace(&seat, &short);
        }
    }
    while let Some((before, rest)) = text.split_once("\"phx_ref\":\"") {
        let (reference, after) = rest.split_once('"').unwrap_or((rest, ""));
        let name = page.figure("phx_ref", reference);
        text = format!("{before}\"phx_ref\": \"{name}\"{after}");
    }
    text.replace("\"phx_ref\": ", "\"phx_ref\":")
}

/// Returns the ends of a token.
pub(crate) fn ends(seat: &str) -> String {
    let end = seat.len().saturating_sub(4);
    format!("{}…{}", &seat[..4], &seat[end..])
}

/// Breaks JSON into lines, after commas.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in text.split_inclusive(',') {
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + piece.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            *line += piece;
        }
    }
    lines
}
