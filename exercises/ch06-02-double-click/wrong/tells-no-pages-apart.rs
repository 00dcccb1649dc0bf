//! Tells no two pages apart: the number of the page is missing in the id, or the same in every form. An island that was moved away cannot be moved back.

pub fn form(action: &str, seen: u64, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="seen" value=(seen);
            (fields)
        }
    }
}

pub fn command_id(seen: u64, asks: &str) -> Result<CommandId, InvalidCommandId> {
    let _ = seen;
    CommandId::new(asks)
}
