//! Failpoints: faults that a test injects at the steps of a command.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use islands_core::GameId;
use parking_lot::{Mutex, MutexGuard};

use super::gate::Gate;

/// A step of a command that a game has just completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
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

impl Step {
    /// Every step, in order.
    pub const ALL: [Step; 6] = [
        Step::Received,
        Step::Decided,
        Step::Appended,
        Step::Applied,
        Step::Published,
        Step::Replied,
    ];
}

/// The failpoints of all games. By default there are none.
///
/// They are part of the [`Settings`](crate::Settings) with which games are started.
/// Clones share their failpoints.
#[derive(Clone, Default)]
pub struct Failpoints(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Number of pending actions. While it is 0, a step costs one atomic load.
    count: AtomicUsize,
    actions: Mutex<HashMap<(GameId, Step), VecDeque<Action>>>,
}

enum Action {
    Panic,
    Hold(Gate),
}

impl Failpoints {
    /// Makes a game panic when it next reaches this step.
    pub fn panic_at(&self, game: GameId, step: Step) {
        self.add(game, step, Action::Panic);
    }

    /// Holds a game at the gate when it next reaches this step.
    pub fn hold_at(&self, game: GameId, step: Step) -> Gate {
        let gate = Gate::new();
        self.add(game, step, Action::Hold(gate.clone()));
        gate
    }

    /// Returns whether this game has reached all of its failpoints.
    pub fn is_clear(&self, game: GameId) -> bool {
        self.actions().keys().all(|(of, _)| *of != game)
    }

    /// Runs the next action for this step of the game, if there is one.
    pub(crate) async fn run(&self, game: GameId, step: Step) {
        if self.0.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let next = self.next(game, step);
        match next {
            None => {}
            Some(Action::Panic) => panic!("injected when {step:?}"),
            Some(Action::Hold(gate)) => gate.pass().await,
        }
    }

    fn add(&self, game: GameId, step: Step, action: Action) {
        let mut actions = self.actions();
        actions.entry((game, step)).or_default().push_back(action);
        self.0.count.fetch_add(1, Ordering::Relaxed);
    }

    fn next(&self, game: GameId, step: Step) -> Option<Action> {
        let mut actions = self.actions();
        let of_step = actions.get_mut(&(game, step))?;
        let next = of_step.pop_front();
        if of_step.is_empty() {
            actions.remove(&(game, step));
        }
        self.0.count.fetch_sub(1, Ordering::Relaxed);
        next
    }

    fn actions(&self) -> MutexGuard<'_, HashMap<(GameId, Step), VecDeque<Action>>> {
        self.0.actions.lock()
    }
}

impl fmt::Debug for Failpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.count.load(Ordering::Relaxed);
        f.debug_tuple("Failpoints").field(&count).finish()
    }
}
