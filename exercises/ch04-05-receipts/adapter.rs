//! Commands that remember ids and look them up.

use islands_core::Player;

use crate::command_id::CommandId;
use crate::receipts::Receipts;

/// Returns a function that answers commands. It keeps the receipts between them.
pub fn start() -> impl FnMut(&str) -> String {
    let mut receipts = Receipts::default();
    move |command| answer(command, &mut receipts)
}

/// Answers `PLAYER adds ID SEQ`, `PLAYER adds FIRST to LAST`, whose ids and numbers are these,
/// `PLAYER finds ID`, or `PLAYER finds FIRST to LAST`.
fn answer(command: &str, receipts: &mut Receipts) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let by = |name| {
        if name == "ada" {
            Player::One
        } else {
            Player::Two
        }
    };
    let id = |text: &str| CommandId::new(text).expect("an id");
    let number = |text: &str| text.parse::<u64>().expect("a number");
    match words[..] {
        [name, "adds", first, "to", last] => {
            for seq in number(first)..=number(last) {
                receipts.add(by(name), id(&seq.to_string()), seq);
            }
            "ok".to_owned()
        }
        [name, "adds", text, seq] => {
            receipts.add(by(name), id(text), number(seq));
            "ok".to_owned()
        }
        [name, "finds", first, "to", last] => {
            let found = (number(first)..=number(last))
                .filter(|seq| receipts.find(by(name), &id(&seq.to_string())) == Some(*seq));
            let found: Vec<u64> = found.collect();
            match (found.first(), found.last()) {
                (Some(first), Some(last)) => format!("{} found: {first} to {last}", found.len()),
                _ => "none found".to_owned(),
            }
        }
        [name, "finds", text] => match receipts.find(by(name), &id(text)) {
            Some(seq) => format!("event {seq}"),
            None => "not found".to_owned(),
        },
        _ => "! unknown command".to_owned(),
    }
}
