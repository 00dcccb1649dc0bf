//! The command behind the event.

fn cause() {
    match event {
        Event::DrawOffered { by } => (*by, Command::OfferDraw),
    }
}
