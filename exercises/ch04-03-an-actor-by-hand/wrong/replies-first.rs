//! Replies before the events are stored. If the disk fails then, the caller has been promised a
//! move that does not exist.

async fn run(name: String, mut game: Game, disk: Disk, mut messages: mpsc::Receiver<Message>) {
    while let Some(message) = messages.recv().await {
        match message {
            Message::Play { by, command, reply } => {
                let played = decide(&game, by, command, &Facts::default());
                let events = played.clone().unwrap_or_default();
                let _ = reply.send(played);
                if !events.is_empty() {
                    disk.append(&name, &events).await;
                }
                for event in &events {
                    game.apply(event);
                }
            }
            Message::State { reply } => {
                let _ = reply.send(game.state_name());
            }
        }
    }
}
