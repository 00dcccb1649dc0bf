//! A crash, and a caller who hangs up, at each step of a command.

use std::sync::Arc;

use islands_core::{Command, Player, Viewer};

use crate::journal::{Journal, MemoryJournal};
use crate::steps::Step;
use crate::steps::ambush::{all_sprung, hold_at, panic_at};
use crate::{CommandId, Games, NewGame, Settings};

const STEPS: [Step; 6] = [
    Step::Received,
    Step::Decided,
    Step::Appended,
    Step::Applied,
    Step::Published,
    Step::Replied,
];

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_step_neither_loses_a_command_nor_does_it_twice() {
    let journal = Arc::new(MemoryJournal::new());
    let games = Games::start(Settings::default(), Arc::clone(&journal) as _);
    let games = games.await.unwrap();
    for step in STEPS {
        let game = games.create("Ada", NewGame::default()).await.unwrap();
        panic_at(game, step);
        let join = || Command::AddPlayer { name: "Bob".into() };
        let id = CommandId::new("join").unwrap();
        let joined = games.command(game, Player::Two, join(), Some(id.clone()));
        assert_eq!(joined.await.unwrap().seq, 2, "{step:?}");
        let again = games.command(game, Player::Two, join(), Some(id)).await;
        assert_eq!(again.unwrap().seq, 2, "{step:?}");
        assert!(all_sprung(game), "{step:?}");
        assert_eq!(journal.load(game, 0).await.unwrap().len(), 2, "{step:?}");
        let view = games.view(game, Viewer::Spectator).await.unwrap();
        assert_eq!(view.seq(), 2, "{step:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_whose_sender_hangs_up_at_any_step_is_carried_out_once() {
    let journal = Arc::new(MemoryJournal::new());
    let games = Games::start(Settings::default(), Arc::clone(&journal) as _);
    let games = games.await.unwrap();
    for step in STEPS {
        let game = games.create("Ada", NewGame::default()).await.unwrap();
        let held = hold_at(game, step);
        let id = CommandId::new("join").unwrap();
        let join = || Command::AddPlayer { name: "Bob".into() };
        let sender = tokio::spawn({
            let (games, id) = (games.clone(), id.clone());
            async move { games.command(game, Player::Two, join(), Some(id)).await }
        });
        held.here().await;
        sender.abort();
        held.go_on();
        let again = games.command(game, Player::Two, join(), Some(id)).await;
        assert_eq!(again.unwrap().seq, 2, "{step:?}");
        assert_eq!(journal.load(game, 0).await.unwrap().len(), 2, "{step:?}");
    }
}
