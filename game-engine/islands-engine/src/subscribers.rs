//! Who listens to a game, and who has stopped doing so.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use islands_core::{Pair, Player, View, Viewer};
use ractor::ActorRef;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::game_actor::GameMessage;
use crate::published::Published;

/// How many events may wait for one subscriber. One that lets more wait is
/// dropped, and finds out by the end of its subscription: it may be slow, but
/// it can neither slow a game nor miss an event without knowing.
const QUEUE: usize = 256;

/// The subscribers of one game.
pub(crate) struct Subscribers {
    list: Vec<Subscriber>,
    next_id: u64,
    /// Since when a player has had no subscription; `None` while there is one.
    away_since: Pair<Option<Instant>>,
}

struct Subscriber {
    id: u64,
    viewer: Viewer,
    queue: mpsc::Sender<Arc<Published>>,
}

impl Subscribers {
    /// Nobody yet: both players count as away from now on.
    pub(crate) fn new(now: Instant) -> Subscribers {
        Subscribers {
            list: Vec::new(),
            next_id: 0,
            away_since: Pair::from_fn(|_| Some(now)),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn add(&mut self, viewer: Viewer) -> (u64, mpsc::Receiver<Arc<Published>>) {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let id = self.next_id;
        self.next_id += 1;
        self.list.push(Subscriber { id, viewer, queue });
        if let Viewer::Player(player) = viewer {
            self.away_since[player] = None;
        }
        (id, receiver)
    }

    pub(crate) fn remove(&mut self, id: u64, now: Instant) {
        self.list.retain(|subscriber| subscriber.id != id);
        self.note_absence(now);
    }

    /// Puts an event into every queue, and drops those whose queue is full.
    pub(crate) fn publish(&mut self, published: &Arc<Published>) {
        let before = self.list.len();
        self.list
            .retain(|subscriber| subscriber.queue.try_send(Arc::clone(published)).is_ok());
        if self.list.len() < before {
            self.note_absence(Instant::now());
        }
    }

    /// For how long a player has had no subscription.
    pub(crate) fn away(&self, player: Player, now: Instant) -> Duration {
        self.away_since[player].map_or(Duration::ZERO, |since| now.duration_since(since))
    }

    fn note_absence(&mut self, now: Instant) {
        for player in Player::BOTH {
            let is_player = |s: &Subscriber| s.viewer == Viewer::Player(player);
            if !self.list.iter().any(is_player) {
                self.away_since[player].get_or_insert(now);
            }
        }
    }
}

/// What someone who subscribes to a game is given: where it stands, and every
/// event from there on.
pub struct Subscription {
    /// The number of the last event that `start` tells of.
    pub seq: u64,
    /// Whether strangers may find the game and join.
    pub listed: bool,
    /// How to get there.
    pub start: Start,
    /// The events after it.
    pub events: Events,
}

/// The beginning of a [`Subscription`].
pub enum Start {
    /// The whole picture.
    View(Box<View>),
    /// The events that came after the one that the subscriber saw last.
    Missed(Vec<Arc<Published>>),
}

/// The events of a game, one after the other without a hole.
///
/// The end means that the game has stopped, crashed, or dropped this subscriber
/// because it was too slow: subscribe again with the last number seen. Dropping
/// it ends the subscription.
pub struct Events {
    receiver: mpsc::Receiver<Arc<Published>>,
    id: u64,
    game: ActorRef<GameMessage>,
}

impl Events {
    pub(crate) fn new(
        id: u64,
        receiver: mpsc::Receiver<Arc<Published>>,
        game: ActorRef<GameMessage>,
    ) -> Events {
        Events { receiver, id, game }
    }

    /// Waits for the next event; `None` is the end.
    pub async fn next(&mut self) -> Option<Arc<Published>> {
        self.receiver.recv().await
    }

    /// The same, for those who write their own futures and streams.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Arc<Published>>> {
        self.receiver.poll_recv(cx)
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        // A game that is gone has no list to be taken off.
        let _ = self.game.cast(GameMessage::Unsubscribe(self.id));
    }
}
