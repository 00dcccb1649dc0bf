//! The event as the clients see it.

enum PublicEvent {
    /// `draw_offered`.
    DrawOffered {
        /// The player that offered.
        player: Player,
    },
}

impl PublicEvent {
    fn name() {
        match self {
            PublicEvent::DrawOffered { .. } => "draw_offered",
        }
    }
}

fn public_event() {
    match event {
        Event::DrawOffered { by } => PublicEvent::DrawOffered { player: *by },
    }
}
