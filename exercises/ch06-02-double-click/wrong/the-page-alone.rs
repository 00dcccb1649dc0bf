//! Makes the id of the page, without what the player asks for. A second, different command from the same page is taken for the first, and its sender is not told.

pub fn form(action: &str, seen: u64, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="seen" value=(seen);
            (fields)
        }
    }
}

pub fn command_id(seen: u64, asks: &str) -> Result<CommandId, InvalidCommandId> {
    let _ = asks;
    CommandId::new(&seen.to_string())
}
