//! Ends the task when a reply cannot be sent. One caller that hangs up stops the game for all.

async fn run(name: String, mut game: Game, disk: Disk, mut messages: mpsc::Receiver<Message>) {
    while let Some(message) = messages.recv().await {
        match message {
            Message::Play { by, command, reply } => {
                let played = decide(&game, by, command, &Facts::default());
                if let Ok(events) = &played {
                    disk.append(&name, events).await;
                    for event in events {
                        game.apply(event);
                    }
                }
                if reply.send(played).is_err() {
                    return;
                }
            }
            Message::State { reply } => {
                if reply.send(game.state_name()).is_err() {
                    return;
                }
            }
        }
    }
}
