//! A journal that fails on demand.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use islands_core::{GameId, Player};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;
use tokio::time::sleep;

use super::gate::Gate;
use crate::journal::{
    AppendError, Batch, BoxFuture, Forgotten, Journal, LoadError, MemoryJournal, Retention,
};

/// A fault of an append. The caller is the process of a game.
#[derive(Clone, Debug)]
pub enum AppendFault {
    /// The caller panics, and the batch is not stored.
    PanicBefore,
    /// The caller panics, and the batch is stored.
    PanicAfter,
    /// The batch is not stored, and the error says so.
    Unavailable,
    /// The batch is not stored, and the error leaves that open.
    UnknownLost,
    /// The batch is stored, and the error leaves that open.
    UnknownStored,
    /// The batch is stored after some time, even if the caller is dropped, as by a thread
    /// that writes a file.
    Slow {
        /// Time until the batch is stored.
        stored_after: Duration,
        /// Further time until the answer.
        answered_after: Duration,
    },
    /// The append waits at this gate before the batch is stored.
    Hold(Gate),
}

/// A fault of a load.
#[derive(Clone, Debug)]
pub enum LoadFault {
    /// The caller panics.
    Panic,
    /// The log cannot be read.
    Unavailable,
    /// The log is damaged, with this description.
    Damaged(String),
    /// The load takes this much longer.
    Slow(Duration),
}

/// An append, before it happens.
#[derive(Clone, Copy, Debug)]
pub struct Append<'a> {
    /// The game.
    pub game: GameId,
    /// The number that the caller expects of its last event.
    pub expected: u64,
    /// The batch.
    pub batch: &'a Batch,
}

type OnAppend = Box<dyn FnMut(Append<'_>) -> Option<AppendFault> + Send>;
type OnLoad = Box<dyn FnMut(GameId) -> Option<LoadFault> + Send>;

/// Wraps a journal and injects faults. A fault ordered for a call comes first; without
/// an order, a script may choose a fault. Clones share the journal.
pub struct FaultyJournal<J = MemoryJournal>(Arc<Inner<J>>);

struct Inner<J> {
    wrapped: J,
    script: Mutex<Script>,
    unavailable: AtomicBool,
    /// Number of slow appends not stored yet.
    slow: watch::Sender<usize>,
}

struct Script {
    next_appends: VecDeque<(GameId, Option<Player>, AppendFault)>,
    next_loads: VecDeque<LoadFault>,
    on_append: OnAppend,
    on_load: OnLoad,
}

impl<J: Journal> FaultyJournal<J> {
    /// Wraps the journal `wrapped`, at first without faults.
    pub fn new(wrapped: J) -> FaultyJournal<J> {
        FaultyJournal(Arc::new(Inner {
            wrapped,
            script: Mutex::new(Script {
                next_appends: VecDeque::new(),
                next_loads: VecDeque::new(),
                on_append: Box::new(|_| None),
                on_load: Box::new(|_| None),
            }),
            unavailable: AtomicBool::new(false),
            slow: watch::Sender::new(0),
        }))
    }

    /// Orders a fault for the next append to this game.
    pub fn next_append(&self, game: GameId, fault: AppendFault) {
        self.script().next_appends.push_back((game, None, fault));
    }

    /// Orders a fault for the next append of a command of this player.
    pub fn next_append_of(&self, game: GameId, by: Player, fault: AppendFault) {
        let order = (game, Some(by), fault);
        self.script().next_appends.push_back(order);
    }

    /// Orders a fault for the next load of any game.
    pub fn next_load(&self, fault: LoadFault) {
        self.script().next_loads.push_back(fault);
    }

    /// Returns whether every fault ordered for an append has happened.
    pub fn all_append_faults_injected(&self) -> bool {
        self.script().next_appends.is_empty()
    }

    /// Sets the script that chooses the fault of each append.
    pub fn on_append(
        &self,
        script: impl FnMut(Append<'_>) -> Option<AppendFault> + Send + 'static,
    ) {
        self.script().on_append = Box::new(script);
    }

    /// Sets the script that chooses the fault of each load.
    pub fn on_load(&self, script: impl FnMut(GameId) -> Option<LoadFault> + Send + 'static) {
        self.script().on_load = Box::new(script);
    }

    /// Holds every append to this game at the returned gate. This replaces the script for
    /// appends.
    pub fn hold(&self, game: GameId) -> Gate {
        let gate = Gate::new();
        let of_game = gate.clone();
        self.on_append(move |append| {
            (append.game == game).then(|| AppendFault::Hold(of_game.clone()))
        });
        gate
    }

    /// Makes every append fail as unavailable, or ends that.
    pub fn set_unavailable(&self, unavailable: bool) {
        self.0.unavailable.store(unavailable, Ordering::SeqCst);
    }

    /// Waits until every slow append is stored.
    pub async fn wait_for_slow_appends(&self) {
        // The sender lives as long as this journal.
        let _ = self.0.slow.subscribe().wait_for(|slow| *slow == 0).await;
    }

    /// Returns the wrapped journal.
    pub fn wrapped(&self) -> &J {
        &self.0.wrapped
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.script.lock()
    }

    async fn add(&self, game: GameId, expected: u64, batch: Batch) -> Result<(), AppendError> {
        let unavailable = |why: &str| Err(AppendError::Unavailable(why.into()));
        let unknown = || Err(AppendError::OutcomeUnknown("injected".into()));
        if self.0.unavailable.load(Ordering::SeqCst) {
            return unavailable("down");
        }
        let fault = self.script().append_fault(Append {
            game,
            expected,
            batch: &batch,
        });
        match &fault {
            Some(AppendFault::PanicBefore) => panic!("injected before the append"),
            Some(AppendFault::Unavailable) => return unavailable("injected"),
            Some(AppendFault::UnknownLost) => return unknown(),
            Some(AppendFault::Hold(gate)) => gate.pass().await,
            Some(AppendFault::Slow {
                stored_after,
                answered_after,
            }) => {
                self.add_after(*stored_after, game, expected, batch).await?;
                sleep(*answered_after).await;
                return Ok(());
            }
            Some(AppendFault::PanicAfter | AppendFault::UnknownStored) | None => {}
        }
        self.0.wrapped.append(game, expected, batch).await?;
        match fault {
            Some(AppendFault::PanicAfter) => panic!("injected after the append"),
            Some(AppendFault::UnknownStored) => unknown(),
            _ => Ok(()),
        }
    }

    /// Adds a batch after a pause, even if the caller is dropped.
    async fn add_after(
        &self,
        pause: Duration,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> Result<(), AppendError> {
        let journal = self.clone();
        journal.0.slow.send_modify(|slow| *slow += 1);
        let adding = tokio::spawn(async move {
            sleep(pause).await;
            let added = journal.0.wrapped.append(game, expected, batch).await;
            journal.0.slow.send_modify(|slow| *slow -= 1);
            added
        });
        let added = adding.await;
        added.unwrap_or_else(|why| Err(AppendError::OutcomeUnknown(why.to_string())))
    }
}

impl Script {
    fn append_fault(&mut self, append: Append<'_>) -> Option<AppendFault> {
        let Append { game, batch, .. } = append;
        let is_ordered = |(of, by, _): &(GameId, Option<Player>, AppendFault)| {
            *of == game && by.is_none_or(|by| by == batch.by)
        };
        match self.next_appends.iter().position(is_ordered) {
            Some(place) => self.next_appends.remove(place).map(|(.., fault)| fault),
            None => (self.on_append)(append),
        }
    }

    fn load_fault(&mut self, game: GameId) -> Option<LoadFault> {
        let ordered = self.next_loads.pop_front();
        ordered.or_else(|| (self.on_load)(game))
    }
}

impl<J> Clone for FaultyJournal<J> {
    fn clone(&self) -> FaultyJournal<J> {
        FaultyJournal(Arc::clone(&self.0))
    }
}

impl Default for FaultyJournal {
    fn default() -> FaultyJournal {
        FaultyJournal::new(MemoryJournal::new())
    }
}

impl<J: Journal> Journal for FaultyJournal<J> {
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        Box::pin(self.add(game, expected, batch))
    }

    fn load(&self, game: GameId, after: u64) -> BoxFuture<'_, Result<Vec<Batch>, LoadError>> {
        let fault = self.script().load_fault(game);
        Box::pin(async move {
            match fault {
                Some(LoadFault::Panic) => panic!("injected into a load"),
                Some(LoadFault::Unavailable) => {
                    return Err(LoadError::Unavailable("injected".into()));
                }
                Some(LoadFault::Damaged(what)) => return Err(LoadError::Damaged(what)),
                Some(LoadFault::Slow(pause)) => sleep(pause).await,
                None => {}
            }
            self.0.wrapped.load(game, after).await
        })
    }

    fn forget(&self, retention: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>> {
        self.0.wrapped.forget(retention)
    }

    fn is_writable(&self) -> bool {
        !self.0.unavailable.load(Ordering::SeqCst) && self.0.wrapped.is_writable()
    }
}
