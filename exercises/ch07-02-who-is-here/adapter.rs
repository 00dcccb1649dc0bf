//! Commands that make joins present and absent.

use serde_json::{Value, json};

use crate::protocol::ChannelId;
use crate::protocol::payload::{Payload, PayloadError};
use crate::topics::SubscriberKey;
use crate::topics::presence::{Meta, PresenceKey, PresenceMap};

/// Returns a function that answers commands. It keeps who is present between them.
pub fn start() -> impl FnMut(&str) -> String {
    let mut present = PresenceMap::default();
    let mut references = Vec::new();
    move |command| {
        let answer = answer(command, &mut present);
        let answer = answer.unwrap_or_else(|| "! unknown command".to_owned());
        let answer = with_short_references(&answer, &mut references);
        // The order of the entries of a person does not matter.
        let mut lines: Vec<&str> = answer.lines().collect();
        lines.sort_unstable();
        lines.join("\n")
    }
}

/// Answers `tab N is NAME`, also with `, STATUS` behind it; `tab N leaves`; `who is here`.
fn answer(command: &str, present: &mut PresenceMap) -> Option<String> {
    if command == "who is here" {
        return shown(present.state());
    }
    let rest = command.strip_prefix("tab ")?;
    let (tab, what) = rest.split_once(' ')?;
    let owner = SubscriberKey {
        socket: 1,
        channel: ChannelId(tab.parse().ok()?),
    };
    if what == "leaves" {
        return match present.untrack(owner) {
            Some(diff) => shown(diff),
            None => Some("it was not here".to_owned()),
        };
    }
    let what = what.strip_prefix("is ")?;
    let (name, meta) = match what.split_once(", ") {
        Some((name, status)) => (name, json!({ "status": status })),
        None => (what, json!({})),
    };
    let (key, meta) = (PresenceKey::new(name).ok()?, Meta::new(&meta).ok()?);
    shown(present.track(owner, &key, meta))
}

/// Writes a payload with an entry a line.
fn shown(payload: Result<Payload, PayloadError>) -> Option<String> {
    let payload: Value = serde_json::from_str(payload.ok()?.as_str()).ok()?;
    let mut lines = Vec::new();
    match (&payload["joins"], &payload["leaves"]) {
        (Value::Object(joins), Value::Object(leaves)) => {
            lines.extend(entries("joins ", joins));
            lines.extend(entries("leaves ", leaves));
        }
        _ => lines.extend(entries("", payload.as_object()?)),
    }
    Some(match lines.is_empty() {
        true => "nobody".to_owned(),
        false => lines.join("\n"),
    })
}

fn entries(prefix: &str, presences: &serde_json::Map<String, Value>) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in presences {
        if value["metas"].as_array().is_none_or(Vec::is_empty) {
            lines.push(format!("{prefix}{key}, without an entry"));
        }
        for meta in value["metas"].as_array().into_iter().flatten() {
            lines.push(format!("{prefix}{key} {meta}"));
        }
    }
    lines
}

/// Replaces each reference by `r` and its number.
fn with_short_references(text: &str, references: &mut Vec<String>) -> String {
    let mut text = text.to_owned();
    for field in ["\"phx_ref\":\"", "\"phx_ref_prev\":\""] {
        let mut found = Vec::new();
        for part in text.split(field).skip(1) {
            if let Some((reference, _)) = part.split_once('"') {
                found.push(reference.to_owned());
            }
        }
        for reference in found {
            if !references.contains(&reference) {
                references.push(reference);
            }
        }
    }
    for (number, reference) in references.iter().enumerate().rev() {
        text = text.replace(&format!("\"{reference}\""), &format!("\"r{}\"", number + 1));
    }
    text
}
