//! Applies the events and does not append them to the disk.

async fn run(name: String, mut game: Game, disk: Disk, mut messages: mpsc::Receiver<Message>) {
    let _ = (&name, &disk);
    while let Some(message) = messages.recv().await {
        match message {
            Message::Play { by, command, reply } => {
                let played = decide(&game, by, command, &Facts::default());
                for event in played.iter().flatten() {
                    game.apply(event);
                }
                let _ = reply.send(played);
            }
            Message::State { reply } => {
                let _ = reply.send(game.state_name());
            }
        }
    }
}
