//! Who is looking for an opponent, and how many people are here.
//!
//! A listed game is open from the moment it is made until someone takes its second
//! seat, or until its host has been away for half a minute: nobody is to wait for
//! someone who has left. A host who comes back is found again, after a restart of
//! the server too, so nothing of this has to be kept.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum_channels::Endpoint;
use islands_core::{GameId, Viewer};
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
    /// In the order of their opening.
    open: Mutex<Vec<OpenGame>>,
    players: AtomicUsize,
    watchers: AtomicUsize,
}

/// A game that waits for a stranger.
struct OpenGame {
    game: GameId,
    host: String,
    /// How many channels the host has joined it on, and since when it is none.
    here: usize,
    away_since: Instant,
}

/// What is told of a game that has been opened.
#[derive(Serialize)]
pub(crate) struct Opened<'g> {
    game: GameId,
    name: &'g str,
}

/// What is told of a game that is open no more.
#[derive(Serialize)]
struct Closed {
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
            open: Mutex::default(),
            players: AtomicUsize::new(0),
            watchers: AtomicUsize::new(0),
        }))
    }

    /// A listed game waits for its second player.
    pub(crate) fn open(&self, game: GameId, host: &str) {
        let mut open = self.lock();
        self.entry(&mut open, game, host);
    }

    /// The host of such a game has joined it, and is there for as long as what is
    /// returned is kept.
    pub(crate) fn host(&self, game: GameId, host: &str) -> HostHere {
        let mut open = self.lock();
        self.entry(&mut open, game, host).here += 1;
        HostHere {
            lobby: self.clone(),
            game,
        }
    }

    /// The game waits no more.
    pub(crate) fn close(&self, game: GameId) {
        let mut open = self.lock();
        if let Some(at) = open.iter().position(|it| it.game == game) {
            self.remove(&mut open, at);
        }
    }

    /// Someone plays or watches, for as long as what is returned is kept.
    pub(crate) fn enter(&self, viewer: Viewer) -> Here {
        self.count(viewer).fetch_add(1, Relaxed);
        Here {
            lobby: self.clone(),
            viewer,
        }
    }

    /// How many are here.
    pub(crate) fn online(&self) -> Online {
        Online {
            players: self.0.players.load(Relaxed),
            watchers: self.0.watchers.load(Relaxed),
        }
    }

    /// Lets someone read which games are open, the newest first, and do something at
    /// the same moment: none is opened or closed in between.
    pub(crate) fn read<T>(&self, read: impl FnOnce(Vec<Opened<'_>>) -> T) -> T {
        let open = self.lock();
        let newest = open.iter().rev().take(SHOWN);
        let shown = newest.map(|OpenGame { game, host, .. }| Opened {
            game: *game,
            name: host,
        });
        read(shown.collect())
    }

    /// Tells how many are here, and closes the games whose hosts have left, for ever.
    pub(crate) async fn tell(self) {
        let mut told = Online::default();
        let mut ticks = interval(TOLD_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let online = self.online();
            if online != told {
                told = online;
                self.broadcast("online", &online);
            }
            let mut open = self.lock();
            let left = |it: &OpenGame| it.here == 0 && it.away_since.elapsed() > HOST_MAY_BE_AWAY;
            while let Some(at) = open.iter().position(left) {
                self.remove(&mut open, at);
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
                here: 0,
                away_since: Instant::now(),
            });
            let name = host;
            self.broadcast("game_opened", &Opened { game, name });
            open.len() - 1
        });
        &mut open[at]
    }

    fn remove(&self, open: &mut Vec<OpenGame>, at: usize) {
        let OpenGame { game, .. } = open.remove(at);
        self.broadcast("game_closed", &Closed { game });
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

    /// Each change under the lock is whole, so what a panic leaves behind is good.
    fn lock(&self) -> MutexGuard<'_, Vec<OpenGame>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A host who is there.
pub(crate) struct HostHere {
    lobby: Lobby,
    game: GameId,
}

impl Drop for HostHere {
    fn drop(&mut self) {
        let mut open = self.lobby.lock();
        if let Some(it) = open.iter_mut().find(|it| it.game == self.game) {
            it.here = it.here.saturating_sub(1);
            it.away_since = Instant::now();
        }
    }
}

/// Someone who is here.
pub(crate) struct Here {
    lobby: Lobby,
    viewer: Viewer,
}

impl Drop for Here {
    fn drop(&mut self) {
        self.lobby.count(self.viewer).fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn game(number: u16) -> GameId {
        let mut bytes = [0; 10];
        bytes[..2].copy_from_slice(&number.to_be_bytes());
        GameId::from_bytes(bytes)
    }

    fn lobby() -> Lobby {
        Lobby::new(&Endpoint::new())
    }

    /// The hosts of the games that are shown.
    fn shown(lobby: &Lobby) -> Vec<String> {
        lobby.read(|games| games.iter().map(|it| it.name.to_owned()).collect())
    }

    #[test]
    fn the_newest_fifty_are_shown_and_the_oldest_of_too_many_is_let_go() {
        let lobby = lobby();
        for number in 0..=1_000 {
            lobby.open(game(number), &number.to_string());
        }
        let expected: Vec<_> = (951..=1_000).rev().map(|it| it.to_string()).collect();
        assert_eq!(shown(&lobby), expected);
        assert_eq!(lobby.lock().len(), MAX_OPEN);
        lobby.close(game(1_000));
        assert_eq!(shown(&lobby)[0], "999");
    }

    #[tokio::test(start_paused = true)]
    async fn a_game_is_open_while_its_host_is_there_and_a_little_longer() {
        let lobby = lobby();
        let telling = tokio::spawn(lobby.clone().tell());
        lobby.open(game(1), "Ada");
        let tabs = [lobby.host(game(1), "Ada"), lobby.host(game(1), "Ada")];
        let wait = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        wait(60).await;
        let [one, two] = tabs;
        drop(one);
        wait(60).await;
        assert_eq!(shown(&lobby), ["Ada"], "the other tab is still there");
        drop(two);
        wait(25).await;
        let back = lobby.host(game(1), "Ada");
        wait(60).await;
        assert_eq!(shown(&lobby), ["Ada"], "the page was only loaded again");
        drop(back);
        wait(35).await;
        assert_eq!(shown(&lobby), [""; 0]);
        telling.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn a_game_whose_host_never_comes_closes_as_well() {
        let lobby = lobby();
        let telling = tokio::spawn(lobby.clone().tell());
        lobby.open(game(1), "Ada");
        tokio::time::sleep(Duration::from_secs(35)).await;
        assert_eq!(shown(&lobby), [""; 0]);
        telling.abort();
    }

    #[test]
    fn those_who_are_here_are_counted() {
        let lobby = lobby();
        let watcher = lobby.enter(Viewer::Spectator);
        let player = lobby.enter(Viewer::Player(islands_core::Player::Two));
        let (players, watchers) = (1, 1);
        assert_eq!(lobby.online(), Online { players, watchers });
        drop((watcher, player));
        assert_eq!(lobby.online(), Online::default());
    }
}
