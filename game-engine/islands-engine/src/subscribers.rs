//! The subscribers of a game, to which its events fan out, and how long each player has
//! been away.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use islands_core::{Pair, Player, View, Viewer};
use ractor::ActorRef;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::game_actor::GameMessage;
use crate::published_event::PublishedEvent;

/// Queue length of one subscriber. A subscriber with a full queue is dropped, and sees
/// the end of its events: it can neither delay the game nor miss an event without
/// notice.
const QUEUE_LEN: usize = 256;

/// The subscribers of one game.
pub(crate) struct Subscribers {
    list: Vec<Subscriber>,
    next_id: u64,
    /// Start of each player's absence; `None` while the player has a subscription.
    away_since: Pair<Option<Instant>>,
}

struct Subscriber {
    id: u64,
    viewer: Viewer,
    queue: mpsc::Sender<Arc<PublishedEvent>>,
}

impl Subscribers {
    /// Without subscribers. Both players count as away from `now` on. Absence is not
    /// stored, so a restart can only delay a claimed win.
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

    pub(crate) fn add(&mut self, viewer: Viewer) -> (u64, mpsc::Receiver<Arc<PublishedEvent>>) {
        let (queue, receiver) = mpsc::channel(QUEUE_LEN);
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

    /// Puts an event into every queue, and drops each subscriber whose queue is full.
    pub(crate) fn publish(&mut self, published: &Arc<PublishedEvent>) {
        let before = self.list.len();
        self.list
            .retain(|subscriber| subscriber.queue.try_send(Arc::clone(published)).is_ok());
        if self.list.len() < before {
            self.note_absence(Instant::now());
        }
    }

    /// Returns how long a player has had no subscription.
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

/// A subscription to a game: its present state, and every later event.
pub struct Subscription {
    /// The number of the last event that `catch_up` covers.
    pub seq: u64,
    /// Whether strangers may find the game and join.
    pub listed: bool,
    /// Brings the subscriber up to `seq`.
    pub catch_up: CatchUp,
    /// The events after `seq`.
    pub events: EventStream,
}

/// What a subscriber receives first, so that it has every event up to `seq`.
pub enum CatchUp {
    /// A view of the whole game.
    View(Box<View>),
    /// The events after the last one that the subscriber has seen.
    Missed(Vec<Arc<PublishedEvent>>),
}

/// A stream of the events of a game, in order and without a gap.
///
/// The end means that the game has stopped, crashed, or dropped this subscriber
/// because it was too slow: subscribe again with the last number seen. Dropping an
/// `EventStream` ends the subscription.
pub struct EventStream {
    receiver: mpsc::Receiver<Arc<PublishedEvent>>,
    id: u64,
    game: ActorRef<GameMessage>,
}

impl EventStream {
    pub(crate) fn new(
        id: u64,
        receiver: mpsc::Receiver<Arc<PublishedEvent>>,
        game: ActorRef<GameMessage>,
    ) -> EventStream {
        EventStream { receiver, id, game }
    }

    /// Waits for the next event. Returns `None` at the end.
    pub async fn next(&mut self) -> Option<Arc<PublishedEvent>> {
        self.receiver.recv().await
    }

    /// Polls for the next event, for hand-written futures and streams.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Arc<PublishedEvent>>> {
        self.receiver.poll_recv(cx)
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        // A game that has stopped has no subscribers to remove.
        let _ = self.game.cast(GameMessage::Unsubscribe(self.id));
    }
}
