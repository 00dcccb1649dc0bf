//! Decides the command, and applies the event.

fn decide() {
    match command {
        Command::OfferDraw => game.offer_draw(by),
    }
}

impl Game {
    fn apply() {
        match event {
            Event::DrawOffered { .. } => {}
        }
    }

    fn offer_draw(&self, by: Player) -> Result<Vec<Event>, Rejection> {
        self.state.require_draw_possible(by)?;
        Ok(vec![Event::DrawOffered { by }])
    }
}
