//! GameAppends that are on their way to the disk.
//!
//! Whoever appends may be killed before it hears what became of it. The next to read
//! that game is told when that is known: were it to read what is there now, it would
//! go on from a log that is about to grow.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use islands_core::GameId;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;

/// The games with appends under way. There are no more than there are appends.
#[derive(Default)]
pub(super) struct PendingAppends(Mutex<HashMap<GameId, GameAppends>>);

struct GameAppends {
    count: usize,
    /// Closed when the last of them has ended; made when someone first waits.
    ended: Option<watch::Sender<()>>,
}

/// An append that is under way until this is dropped.
pub(super) struct PendingAppend {
    game: GameId,
    pending_appends: Arc<PendingAppends>,
}

impl PendingAppends {
    /// An append to this game begins.
    pub(super) fn begin(self: &Arc<PendingAppends>, game: GameId) -> PendingAppend {
        let mut games = self.games();
        let appends = games.entry(game).or_insert(GameAppends {
            count: 0,
            ended: None,
        });
        appends.count += 1;
        PendingAppend {
            game,
            pending_appends: Arc::clone(self),
        }
    }

    /// Waits until no append to this game is under way.
    pub(super) async fn settled(&self, game: GameId) {
        let ended = self.games().get_mut(&game).map(|appends| {
            let ended = appends.ended.get_or_insert_with(|| watch::Sender::new(()));
            ended.subscribe()
        });
        if let Some(mut ended) = ended {
            // Nothing is ever sent: it waits for the end.
            let _ = ended.changed().await;
        }
    }

    fn games(&self) -> MutexGuard<'_, HashMap<GameId, GameAppends>> {
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
