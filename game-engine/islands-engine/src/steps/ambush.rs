//! Who lies in wait for a game at a step. Only the tests of this crate do.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use islands_core::GameId;
use tokio::sync::Notify;

use super::Step;

type Ambushes = HashMap<(GameId, Step), Vec<Ambush>>;

static AMBUSHES: LazyLock<Mutex<Ambushes>> = LazyLock::new(Mutex::default);

/// What happens when a game comes by.
enum Ambush {
    Panic,
    Hold(Arc<Held>),
}

/// A game that is held up at a step.
#[derive(Default)]
pub(crate) struct Held {
    here: Notify,
    go_on: Notify,
}

impl Held {
    /// Waits until the game is there.
    pub(crate) async fn here(&self) {
        self.here.notified().await;
    }

    /// Lets the game go on, now or as soon as it is there.
    pub(crate) fn go_on(&self) {
        self.go_on.notify_one();
    }
}

/// Makes a game panic when it next reaches this step.
pub(crate) fn panic_at(game: GameId, step: Step) {
    set(game, step, Ambush::Panic);
}

/// Holds a game up when it next reaches this step.
pub(crate) fn hold_at(game: GameId, step: Step) -> Arc<Held> {
    let held = Arc::new(Held::default());
    set(game, step, Ambush::Hold(Arc::clone(&held)));
    held
}

/// Whether nobody lies in wait for this game any more.
pub(crate) fn all_sprung(game: GameId) -> bool {
    let ambushes = AMBUSHES.lock().unwrap_or_else(PoisonError::into_inner);
    ambushes.keys().all(|(of, _)| *of != game)
}

fn set(game: GameId, step: Step, ambush: Ambush) {
    let mut ambushes = AMBUSHES.lock().unwrap_or_else(PoisonError::into_inner);
    // The first that was set is the first to be sprung.
    ambushes.entry((game, step)).or_default().insert(0, ambush);
}

fn next(game: GameId, step: Step) -> Option<Ambush> {
    let mut ambushes = AMBUSHES.lock().unwrap_or_else(PoisonError::into_inner);
    let here = ambushes.get_mut(&(game, step))?;
    let next = here.pop();
    if here.is_empty() {
        ambushes.remove(&(game, step));
    }
    next
}

pub(crate) async fn reached(game: GameId, step: Step) {
    match next(game, step) {
        None => {}
        Some(Ambush::Panic) => panic!("ambushed when {step:?}"),
        Some(Ambush::Hold(held)) => {
            held.here.notify_one();
            held.go_on.notified().await;
        }
    }
}
