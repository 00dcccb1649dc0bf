//! Strikes: faults injected into a game in the middle of a command.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use islands_core::GameId;
use islands_engine::Games;
use islands_engine::testing::{Failpoint, Failpoints, kill_game, kill_supervisor};
use tokio::sync::Notify;
use tokio::time::sleep;

/// A fault that strikes a game at a failpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Strike {
    /// The game's process panics.
    Panic,
    /// The game's process is killed.
    Kill,
    /// The game's supervisor is killed, and with it every game of that supervisor.
    KillSupervisor,
    /// The senders of the game's commands hang up.
    HangUp,
    /// The senders of the game's commands hang up, and its process is killed.
    HangUpAndKill,
    /// The game stays at the failpoint longer than any caller waits.
    Delay,
}

impl Strike {
    pub(super) const ALL: [Strike; 6] = [
        Strike::Panic,
        Strike::Kill,
        Strike::KillSupervisor,
        Strike::HangUp,
        Strike::HangUpAndKill,
        Strike::Delay,
    ];
}

/// The time of a [`Strike::Delay`]: longer than `call_timeout`.
const DELAY: Duration = Duration::from_secs(7);

/// Strikes at games, and counts the strikes; clones share the counts.
#[derive(Clone, Default)]
pub(super) struct Strikes {
    pub(super) failpoints: Failpoints,
    counts: Arc<Mutex<Counts>>,
}

/// The number of strikes of each kind at each failpoint.
pub(super) type Counts = HashMap<(Failpoint, Strike), u64>;

impl Strikes {
    /// Strikes at this game when it next reaches this failpoint. The senders of its
    /// commands hang up when `hang_up` notifies them.
    pub(super) fn set(
        &self,
        games: &Games,
        game: GameId,
        failpoint: Failpoint,
        strike: Strike,
        hang_up: &Arc<Notify>,
    ) {
        if strike == Strike::Panic {
            self.count(failpoint, strike);
            return self.failpoints.panic_at(game, failpoint);
        }
        let held = self.failpoints.hold_at(game, failpoint);
        let (strikes, games, hang_up) = (self.clone(), games.clone(), Arc::clone(hang_up));
        tokio::spawn(async move {
            held.arrival().await;
            strikes.count(failpoint, strike);
            if matches!(strike, Strike::HangUp | Strike::HangUpAndKill) {
                hang_up.notify_waiters();
            }
            match strike {
                // A killed process must not be let past the failpoint.
                Strike::Kill | Strike::HangUpAndKill => return kill_game(&games, game),
                Strike::KillSupervisor => return kill_supervisor(&games, game),
                Strike::Delay => sleep(DELAY).await,
                Strike::Panic | Strike::HangUp => {}
            }
            held.let_one_pass();
        });
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts.lock().unwrap().clone()
    }

    fn count(&self, failpoint: Failpoint, strike: Strike) {
        let mut counts = self.counts.lock().unwrap();
        *counts.entry((failpoint, strike)).or_default() += 1;
    }
}
