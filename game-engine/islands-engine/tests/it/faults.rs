//! A journal that fails as it is told to.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use islands_core::{GameId, Player};
use islands_engine::journal::{
    Answer, AppendError, Batch, Forgotten, Journal, LoadError, MemoryJournal, Retention,
};
use tokio::sync::Notify;

/// What happens at an append, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The game's process panics, and nothing was stored.
    PanicBefore,
    /// The game's process panics when everything was stored.
    PanicAfter,
    /// Nothing is stored, and that is known.
    Unavailable,
    /// Everything is stored, but nobody knows.
    UnknownStored,
    /// Nothing is stored, but nobody knows.
    UnknownLost,
}

/// A journal in memory with faults on order. Clones are the same journal.
#[derive(Clone, Default)]
pub struct FaultyJournal(Arc<Inner>);

#[derive(Default)]
struct Inner {
    kept: MemoryJournal,
    appends: Mutex<VecDeque<(GameId, Option<Player>, Fault)>>,
    loads: Mutex<VecDeque<LoadFault>>,
    stalled: Mutex<Option<GameId>>,
    going_on: Notify,
    down: AtomicBool,
}

/// What happens at a load, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadFault {
    /// The process panics while it starts.
    Panic,
    /// Nothing can be read.
    Unavailable,
    /// What is read is damaged.
    Damaged,
}

impl FaultyJournal {
    /// Orders a fault for the next append to this game.
    pub fn next_append(&self, game: GameId, fault: Fault) {
        let mut ordered = self.0.appends.lock().unwrap();
        ordered.push_back((game, None, fault));
    }

    /// Orders a fault for the next append of what this player does.
    pub fn next_append_of(&self, game: GameId, by: Player, fault: Fault) {
        let mut ordered = self.0.appends.lock().unwrap();
        ordered.push_back((game, Some(by), fault));
    }

    /// Whether every fault that was ordered for an append has happened.
    pub fn all_happened(&self) -> bool {
        self.0.appends.lock().unwrap().is_empty()
    }

    /// Orders a fault for the next load of any game.
    pub fn next_load(&self, fault: LoadFault) {
        self.0.loads.lock().unwrap().push_back(fault);
    }

    /// Lets every append to this game wait until [`go_on`](Self::go_on).
    pub fn stall(&self, game: GameId) {
        *self.0.stalled.lock().unwrap() = Some(game);
    }

    /// Ends the stall.
    pub fn go_on(&self) {
        *self.0.stalled.lock().unwrap() = None;
        self.0.going_on.notify_waiters();
    }

    /// Takes nothing more, or takes again.
    pub fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }

    /// What is kept of a game.
    pub async fn log(&self, game: GameId) -> Vec<Batch> {
        self.0.kept.load(game, 0).await.unwrap()
    }

    fn fault(&self, game: GameId, by: Player) -> Option<Fault> {
        let mut ordered = self.0.appends.lock().unwrap();
        let place = ordered
            .iter()
            .position(|(of, whose, _)| *of == game && whose.is_none_or(|player| player == by))?;
        ordered.remove(place).map(|(.., fault)| fault)
    }

    async fn wait_while_stalled(&self, game: GameId) {
        loop {
            let going_on = self.0.going_on.notified();
            tokio::pin!(going_on);
            going_on.as_mut().enable();
            if *self.0.stalled.lock().unwrap() != Some(game) {
                return;
            }
            going_on.await;
        }
    }
}

impl Journal for FaultyJournal {
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> Answer<'_, Result<(), AppendError>> {
        Box::pin(async move {
            self.wait_while_stalled(game).await;
            if self.0.down.load(Ordering::SeqCst) {
                return Err(AppendError::Unavailable("down".into()));
            }
            let fault = self.fault(game, batch.by);
            match fault {
                Some(Fault::PanicBefore) => panic!("injected before the append"),
                Some(Fault::Unavailable) => {
                    return Err(AppendError::Unavailable("injected".into()));
                }
                Some(Fault::UnknownLost) => return Err(AppendError::Unknown("injected".into())),
                Some(Fault::PanicAfter | Fault::UnknownStored) | None => {}
            }
            self.0.kept.append(game, expected, batch).await?;
            match fault {
                Some(Fault::PanicAfter) => panic!("injected after the append"),
                Some(Fault::UnknownStored) => Err(AppendError::Unknown("injected".into())),
                _ => Ok(()),
            }
        })
    }

    fn load(&self, game: GameId, after: u64) -> Answer<'_, Result<Vec<Batch>, LoadError>> {
        let fault = self.0.loads.lock().unwrap().pop_front();
        Box::pin(async move {
            match fault {
                Some(LoadFault::Panic) => panic!("injected into a load"),
                Some(LoadFault::Unavailable) => Err(LoadError::Unavailable("injected".into())),
                Some(LoadFault::Damaged) => Err(LoadError::Damaged("injected".into())),
                None => self.0.kept.load(game, after).await,
            }
        })
    }

    fn forget(&self, retention: Retention) -> Answer<'_, Result<Forgotten, LoadError>> {
        self.0.kept.forget(retention)
    }

    fn is_writable(&self) -> bool {
        !self.0.down.load(Ordering::SeqCst)
    }
}
