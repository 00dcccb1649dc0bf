//! The lobby: the games that wait for an opponent, and the number of people online.
//!
//! A listed game is open from its creation until its second seat is taken, or until its
//! host has been away for half a minute, so that no guest waits for an absent host.
//! When the host joins again, also after a restart of the server, the game is listed
//! again; so the lobby stores nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use axum_channels::Endpoint;
use islands_core::{GameId, Viewer};
use parking_lot::Mutex;
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// The topic of the lobby's broadcasts.
pub(crate) const TOPIC: &str = "lobby";

/// Number of open games that a join shows, the newest first. Past [`MAX_OPEN`] the
/// oldest game is removed.
const SHOWN: usize = 50;
const MAX_OPEN: usize = 1_000;

/// How long a game stays open while its host is away.
const HOST_GRACE: Duration = Duration::from_secs(30);

/// How often the online count is broadcast, if it has changed.
const ONLINE_INTERVAL: Duration = Duration::from_secs(1);

/// The lobby. Clones share it.
#[derive(Clone)]
pub(crate) struct Lobby(Arc<Inner>);

struct Inner {
    endpoint: Endpoint,
    state: Mutex<LobbyState>,
    players: AtomicUsize,
    watchers: AtomicUsize,
}

/// What the clients in the lobby have been sent.
struct LobbyState {
    /// In the order in which they were opened.
    open: Vec<OpenGame>,
    /// The count that every client has; `None` if clients may have different ones.
    online: Option<Online>,
}

/// A game that waits for a guest.
struct OpenGame {
    game: GameId,
    host: String,
    /// The game and each [`HostGuard`] hold a clone, so a count of 1 means that the
    /// host is away, since `away_since`.
    host_present: Arc<()>,
    away_since: Instant,
}

/// The payload of `game_opened`, and an entry of the list that a join brings.
#[derive(Serialize)]
pub(crate) struct OpenedPayload<'g> {
    game: GameId,
    name: &'g str,
}

/// The payload of `game_closed`.
#[derive(Serialize)]
struct ClosedPayload {
    game: GameId,
}

/// The number of people online: each counts once for each game open in a tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Online {
    players: usize,
    watchers: usize,
}

impl Lobby {
    /// An empty lobby that broadcasts on `endpoint`.
    pub(crate) fn new(endpoint: &Endpoint) -> Lobby {
        Lobby(Arc::new(Inner {
            endpoint: endpoint.clone(),
            state: Mutex::new(LobbyState {
                open: Vec::new(),
                online: Some(Online::default()),
            }),
            players: AtomicUsize::new(0),
            watchers: AtomicUsize::new(0),
        }))
    }

    /// Lists a game that waits for its second player.
    pub(crate) fn open(&self, game: GameId, host: &str) {
        self.entry(&mut self.0.state.lock().open, game, host);
    }

    /// Lists the game, and counts its host as present until the guard is dropped.
    pub(crate) fn host(&self, game: GameId, host: &str) -> HostGuard {
        let host_present = Arc::clone(
            &self
                .entry(&mut self.0.state.lock().open, game, host)
                .host_present,
        );
        let lobby = self.clone();
        HostGuard {
            lobby,
            host_present,
        }
    }

    /// Removes a game that waits no more.
    pub(crate) fn close(&self, game: GameId) {
        let open = &mut self.0.state.lock().open;
        if let Some(at) = open.iter().position(|it| it.game == game) {
            self.remove(open, at);
        }
    }

    /// Counts a player or spectator as online until the guard is dropped.
    pub(crate) fn count_online(&self, viewer: Viewer) -> OnlineGuard {
        self.counter(viewer).fetch_add(1, Relaxed);
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

    /// Calls `read` with the newest open games and the online count. It holds the lock,
    /// so that no game is opened or closed meanwhile.
    pub(crate) fn read<T>(&self, read: impl FnOnce(Vec<OpenedPayload<'_>>, Online) -> T) -> T {
        let online = self.online();
        let mut state = self.0.state.lock();
        // A reader with another count than the last broadcast makes the next tick broadcast.
        state.online = state.online.filter(|last| *last == online);
        let newest = state.open.iter().rev().take(SHOWN);
        let shown = newest.map(|OpenGame { game, host, .. }| OpenedPayload {
            game: *game,
            name: host,
        });
        read(shown.collect(), online)
    }

    /// Broadcasts the online count and removes games of absent hosts, for ever.
    pub(crate) async fn run(self) {
        let mut ticks = interval(ONLINE_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let online = self.online();
            let mut state = self.0.state.lock();
            if state.online.replace(online) != Some(online) {
                self.broadcast("online", &online);
            }
            while let Some(at) = state.open.iter().position(OpenGame::is_abandoned) {
                self.remove(&mut state.open, at);
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
                host_present: Arc::default(),
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
            tracing::error!(%error, event, "could not broadcast to the lobby");
        }
    }

    fn counter(&self, viewer: Viewer) -> &AtomicUsize {
        match viewer {
            Viewer::Player(_) => &self.0.players,
            Viewer::Spectator => &self.0.watchers,
        }
    }
}

impl OpenGame {
    /// Whether the host has been away for too long.
    fn is_abandoned(&self) -> bool {
        let is_away = Arc::strong_count(&self.host_present) == 1;
        is_away && self.away_since.elapsed() > HOST_GRACE
    }
}

/// An RAII guard: marks the host of a game as present, until it is dropped.
pub(crate) struct HostGuard {
    lobby: Lobby,
    host_present: Arc<()>,
}

impl Drop for HostGuard {
    fn drop(&mut self) {
        let open = &mut self.lobby.0.state.lock().open;
        if let Some(it) = open
            .iter_mut()
            .find(|it| Arc::ptr_eq(&it.host_present, &self.host_present))
        {
            it.away_since = Instant::now();
        }
    }
}

/// An RAII guard: counts a player or spectator as online, until it is dropped.
pub(crate) struct OnlineGuard {
    lobby: Lobby,
    viewer: Viewer,
}

impl Drop for OnlineGuard {
    fn drop(&mut self) {
        self.lobby.counter(self.viewer).fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests;
