//! Sends no field with the form, so no handler knows which page it stood on.

pub fn form(action: &str, seen: u64, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(action) {
            (fields)
        }
    }
}

pub fn command_id(seen: u64, asks: &str) -> Result<CommandId, InvalidCommandId> {
    CommandId::new(&format!("{seen} {asks}"))
}
