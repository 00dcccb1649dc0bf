//! Appends that are on their way to the disk.
//!
//! A game's process may be killed before its append is answered. The next process
//! loads the game, and must not continue from a log that is about to grow. So a load
//! waits until every pending append to that game has ended.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use islands_core::GameId;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;

/// The games with pending appends, at most one entry for each append.
#[derive(Default)]
pub(super) struct PendingAppends(Mutex<HashMap<GameId, PendingCount>>);

struct PendingCount {
    count: usize,
    /// Closed when the last of the appends ends; created when a load first waits.
    all_ended: Option<watch::Sender<()>>,
}

/// An RAII guard for one append, which is pending until the guard is dropped.
pub(super) struct PendingAppend {
    game: GameId,
    pending_appends: Arc<PendingAppends>,
}

impl PendingAppends {
    /// Registers an append to this game.
    pub(super) fn begin(self: &Arc<PendingAppends>, game: GameId) -> PendingAppend {
        let mut games = self.games();
        let appends = games.entry(game).or_insert(PendingCount {
            count: 0,
            all_ended: None,
        });
        appends.count += 1;
        PendingAppend {
            game,
            pending_appends: Arc::clone(self),
        }
    }

    /// Waits until no append to this game is pending.
    pub(super) async fn wait_for_appends(&self, game: GameId) {
        let all_ended = self.games().get_mut(&game).map(|appends| {
            let all_ended = appends
                .all_ended
                .get_or_insert_with(|| watch::Sender::new(()));
            all_ended.subscribe()
        });
        if let Some(mut all_ended) = all_ended {
            // No value is ever sent, so this ends when the sender is dropped.
            let _ = all_ended.changed().await;
        }
    }

    fn games(&self) -> MutexGuard<'_, HashMap<GameId, PendingCount>> {
        self.0.lock()
    }
}

impl Drop for PendingAppend {
    fn drop(&mut self) {
        if let Entry::Occupied(mut appends) = self.pending_appends.games().entry(self.game) {
            appends.get_mut().count -= 1;
            if appends.get().count == 0 {
                appends.remove();
            }
        }
    }
}
