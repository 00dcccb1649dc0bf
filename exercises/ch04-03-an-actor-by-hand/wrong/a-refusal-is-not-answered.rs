//! Drops the sender of a refused command without an answer. The caller takes the game for
//! stopped.

async fn run(name: String, mut game: Game, disk: Disk, mut messages: mpsc::Receiver<Message>) {
    while let Some(message) = messages.recv().await {
        match message {
            Message::Play { by, command, reply } => {
                let Ok(events) = decide(&game, by, command, &Facts::default()) else {
                    continue;
                };
                disk.append(&name, &events).await;
                for event in &events {
                    game.apply(event);
                }
                let _ = reply.send(Ok(events));
            }
            Message::State { reply } => {
                let _ = reply.send(game.state_name());
            }
        }
    }
}
