//! Who is looking for an opponent, and how many people are here.
//!
//! A listed game is open from the moment it is made until someone takes its second
//! seat, or until its host has been away for half a minute: nobody is to wait for
//! someone who has left. A host who comes back is found again, after a restart of
//! the server too, so nothing of this has to be kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use axum_channels::Endpoint;
use islands_core::{GameId, Viewer};
use parking_lot::Mutex;
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// The topic where all this is told.
pub(crate) const TOPIC: &str = "lobby";

/// How many open games are shown, the newest first; and how many there can be, past
/// which the oldest is shown no more.
const SHOWN: usize = 50;
const MAX_OPEN: usize = 1_000;

/// How long a game stays open while its host is away.
const HOST_MAY_BE_AWAY: Duration = Duration::from_secs(30);

/// How often it is told how many are here, if that has changed.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// The lobby. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Lobby(Arc<Inner>);

struct Inner {
    endpoint: Endpoint,
    known: Mutex<LobbyState>,
    players: AtomicUsize,
    watchers: AtomicUsize,
}

/// What those in the lobby know.
struct LobbyState {
    /// In the order of their opening.
    open: Vec<OpenGame>,
    /// How many are here; `None` if not everyone was told the same.
    online: Option<Online>,
}

/// A game that waits for a stranger.
struct OpenGame {
    game: GameId,
    host: String,
    /// One more clone than channels on which the host has joined it; and since when there was none
    /// beside this one.
    here: Arc<()>,
    away_since: Instant,
}

/// What is told of a game that has been opened.
#[derive(Serialize)]
pub(crate) struct OpenedPayload<'g> {
    game: GameId,
    name: &'g str,
}

/// What is told of a game that is open no more.
#[derive(Serialize)]
struct ClosedPayload {
    game: GameId,
}

/// How many people are here: each counts once for each game that is open in a tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Online {
    players: usize,
    watchers: usize,
}

impl Lobby {
    /// Nobody is here yet.
    pub(crate) fn new(endpoint: &Endpoint) -> Lobby {
        Lobby(Arc::new(Inner {
            endpoint: endpoint.clone(),
            known: Mutex::new(LobbyState {
                open: Vec::new(),
                online: Some(Online::default()),
            }),
            players: AtomicUsize::new(0),
            watchers: AtomicUsize::new(0),
        }))
    }

    /// A listed game waits for its second player.
    pub(crate) fn open(&self, game: GameId, host: &str) {
        self.entry(&mut self.0.known.lock().open, game, host);
    }

    /// The host of such a game has joined it, and is there for as long as what is
    /// returned is kept.
    pub(crate) fn host(&self, game: GameId, host: &str) -> HostGuard {
        let here = Arc::clone(&self.entry(&mut self.0.known.lock().open, game, host).here);
        let lobby = self.clone();
        HostGuard { lobby, here }
    }

    /// The game waits no more.
    pub(crate) fn close(&self, game: GameId) {
        let open = &mut self.0.known.lock().open;
        if let Some(at) = open.iter().position(|it| it.game == game) {
            self.remove(open, at);
        }
    }

    /// Someone plays or watches, for as long as what is returned is kept.
    pub(crate) fn enter(&self, viewer: Viewer) -> OnlineGuard {
        self.count(viewer).fetch_add(1, Relaxed);
        OnlineGuard {
            lobby: self.clone(),
            viewer,
        }
    }

    fn online(&self) -> Online {
        Online {
            players: self.0.players.load(Relaxed),
            watchers: self.0.watchers.load(Relaxed),
        }
    }

    /// Lets someone read which games are open, the newest first, and how many are
    /// here, and do something at the same moment: nothing is told in between.
    pub(crate) fn read<T>(&self, read: impl FnOnce(Vec<OpenedPayload<'_>>, Online) -> T) -> T {
        let online = self.online();
        let mut known = self.0.known.lock();
        known.online = known.online.filter(|told| *told == online);
        let newest = known.open.iter().rev().take(SHOWN);
        let shown = newest.map(|OpenGame { game, host, .. }| OpenedPayload {
            game: *game,
            name: host,
        });
        read(shown.collect(), online)
    }

    /// Tells how many are here, and closes the games whose hosts have left, for ever.
    pub(crate) async fn tell(self) {
        let mut ticks = interval(TOLD_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let online = self.online();
            let mut known = self.0.known.lock();
            if known.online.replace(online) != Some(online) {
                self.broadcast("online", &online);
            }
            while let Some(at) = known.open.iter().position(OpenGame::is_forsaken) {
                self.remove(&mut known.open, at);
            }
        }
    }

    fn entry<'o>(&self, open: &'o mut Vec<OpenGame>, game: GameId, host: &str) -> &'o mut OpenGame {
        let at = open.iter().position(|it| it.game == game);
        let at = at.unwrap_or_else(|| {
            if open.len() >= MAX_OPEN {
                self.remove(open, 0);
            }
            open.push(OpenGame {
                game,
                host: host.to_owned(),
                here: Arc::default(),
                away_since: Instant::now(),
            });
            let name = host;
            self.broadcast("game_opened", &OpenedPayload { game, name });
            open.len() - 1
        });
        &mut open[at]
    }

    fn remove(&self, open: &mut Vec<OpenGame>, at: usize) {
        let OpenGame { game, .. } = open.remove(at);
        self.broadcast("game_closed", &ClosedPayload { game });
    }

    fn broadcast<T: Serialize>(&self, event: &str, payload: &T) {
        if let Err(error) = self.0.endpoint.broadcast(TOPIC, event, payload) {
            tracing::error!(%error, event, "the lobby was not told");
        }
    }

    fn count(&self, viewer: Viewer) -> &AtomicUsize {
        match viewer {
            Viewer::Player(_) => &self.0.players,
            Viewer::Spectator => &self.0.watchers,
        }
    }
}

impl OpenGame {
    /// Whether its host has been away for too long.
    fn is_forsaken(&self) -> bool {
        let is_away = Arc::strong_count(&self.here) == 1;
        is_away && self.away_since.elapsed() > HOST_MAY_BE_AWAY
    }
}

/// A host who is there.
pub(crate) struct HostGuard {
    lobby: Lobby,
    here: Arc<()>,
}

impl Drop for HostGuard {
    fn drop(&mut self) {
        let open = &mut self.lobby.0.known.lock().open;
        if let Some(it) = open.iter_mut().find(|it| Arc::ptr_eq(&it.here, &self.here)) {
            it.away_since = Instant::now();
        }
    }
}

/// Someone who is here.
pub(crate) struct OnlineGuard {
    lobby: Lobby,
    viewer: Viewer,
}

impl Drop for OnlineGuard {
    fn drop(&mut self) {
        self.lobby.count(self.viewer).fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests;
