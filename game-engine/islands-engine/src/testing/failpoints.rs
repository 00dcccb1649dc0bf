//! Failpoints: faults that a test injects at the steps of a command.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use islands_core::GameId;
use parking_lot::{Mutex, MutexGuard};

use super::gate::Gate;

/// A failpoint: a point of a command at which a test can inject a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failpoint {
    /// The game has taken the command from its mailbox.
    Received,
    /// The core has decided the events.
    Decided,
    /// The journal has stored the events.
    Appended,
    /// The game has applied the events.
    Applied,
    /// The events are in the queues of the subscribers.
    Published,
    /// The sender has the answer.
    Replied,
}

impl Failpoint {
    /// Every failpoint, in order.
    pub const ALL: [Failpoint; 6] = [
        Failpoint::Received,
        Failpoint::Decided,
        Failpoint::Appended,
        Failpoint::Applied,
        Failpoint::Published,
        Failpoint::Replied,
    ];
}

/// The actions that tests have set at the failpoints of games. By default there are none.
///
/// They are part of the [`Settings`](crate::Settings) with which games are started.
/// Clones share their actions.
#[derive(Clone, Default)]
pub struct Failpoints(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Number of pending actions. While it is 0, a failpoint costs one atomic load.
    count: AtomicUsize,
    actions: Mutex<HashMap<(GameId, Failpoint), VecDeque<Action>>>,
}

enum Action {
    Panic,
    Hold(Gate),
}

impl Failpoints {
    /// Makes a game panic when it next reaches this failpoint.
    pub fn panic_at(&self, game: GameId, failpoint: Failpoint) {
        self.add(game, failpoint, Action::Panic);
    }

    /// Holds a game at the gate when it next reaches this failpoint.
    pub fn hold_at(&self, game: GameId, failpoint: Failpoint) -> Gate {
        let gate = Gate::new();
        self.add(game, failpoint, Action::Hold(gate.clone()));
        gate
    }

    /// Returns whether this game has run all of its actions.
    pub fn is_clear(&self, game: GameId) -> bool {
        self.actions().keys().all(|(of, _)| *of != game)
    }

    /// Runs the next action for this failpoint of the game, if there is one.
    pub(crate) async fn run(&self, game: GameId, failpoint: Failpoint) {
        if self.0.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let next = self.next(game, failpoint);
        match next {
            None => {}
            Some(Action::Panic) => panic!("injected when {failpoint:?}"),
            Some(Action::Hold(gate)) => gate.pass().await,
        }
    }

    fn add(&self, game: GameId, failpoint: Failpoint, action: Action) {
        let mut actions = self.actions();
        actions
            .entry((game, failpoint))
            .or_default()
            .push_back(action);
        self.0.count.fetch_add(1, Ordering::Relaxed);
    }

    fn next(&self, game: GameId, failpoint: Failpoint) -> Option<Action> {
        let mut actions = self.actions();
        let of_failpoint = actions.get_mut(&(game, failpoint))?;
        let next = of_failpoint.pop_front();
        if of_failpoint.is_empty() {
            actions.remove(&(game, failpoint));
        }
        self.0.count.fetch_sub(1, Ordering::Relaxed);
        next
    }

    fn actions(&self) -> MutexGuard<'_, HashMap<(GameId, Failpoint), VecDeque<Action>>> {
        self.0.actions.lock()
    }
}

impl fmt::Debug for Failpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.count.load(Ordering::Relaxed);
        f.debug_tuple("Failpoints").field(&count).finish()
    }
}
