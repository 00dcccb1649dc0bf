//! Handles the first message and ends. The task has to wait for the next one, until there are no
//! more senders.

async fn run(name: String, mut game: Game, disk: Disk, mut messages: mpsc::Receiver<Message>) {
    if let Some(message) = messages.recv().await {
        match message {
            Message::Play { by, command, reply } => {
                let played = decide(&game, by, command, &Facts::default());
                if let Ok(events) = &played {
                    disk.append(&name, events).await;
                    for event in events {
                        game.apply(event);
                    }
                }
                let _ = reply.send(played);
            }
            Message::State { reply } => {
                let _ = reply.send(game.state_name());
            }
        }
    }
}
