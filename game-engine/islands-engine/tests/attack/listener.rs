//! A subscriber that subscribes again whenever its subscription ends.

use std::time::Duration;

use fastrand::Rng;
use history::Client;
use islands_engine::{CatchUp, Games, PublishedEvent, Subscription};
use tokio::sync::watch;
use tokio::time::sleep;

pub(super) struct Listener {
    games: Games,
    client: Client,
    /// The number of the last event that it has seen.
    last_seen: watch::Sender<u64>,
    rng: Rng,
}

impl Listener {
    pub(super) fn new(
        games: &Games,
        client: Client,
        last_seen: watch::Sender<u64>,
        rng: Rng,
    ) -> Listener {
        Listener {
            games: games.clone(),
            client,
            last_seen,
            rng,
        }
    }

    /// Subscribes again and again until all players have left the game.
    pub(super) async fn listen(mut self, mut is_over: watch::Receiver<bool>) {
        let mut since = None;
        while !*is_over.borrow_and_update() {
            let (game, viewer) = (self.client.game(), self.client.viewer());
            let begun = self.games.subscribe(game, viewer, since).await;
            if let Ok(subscription) = begun {
                let leaves_after = self.rng.usize(1..60);
                tokio::select! {
                    _ = is_over.changed() => return,
                    () = self.receive(subscription, since, leaves_after) => {}
                }
                // Now and then it starts over with a view, like a new client.
                let seen = *self.last_seen.borrow();
                since = (self.rng.usize(..20) > 0).then_some(seen);
            }
            sleep(Duration::from_millis(self.rng.u64(1..3_000))).await;
        }
    }

    async fn receive(&self, mut begun: Subscription, since: Option<u64>, leaves_after: usize) {
        let seen = *self.last_seen.borrow();
        assert!(begun.seq >= seen, "a game that goes back to {}", begun.seq);
        match (&begun.catch_up, since) {
            (CatchUp::View(view), None) => {
                self.client.began(begun.seq, view);
                self.last_seen.send_replace(begun.seq);
            }
            (CatchUp::Missed(missed), Some(since)) => {
                self.client.resumed(since);
                missed.iter().for_each(|event| self.record(event));
                let seen = *self.last_seen.borrow();
                assert_eq!(seen, begun.seq, "what was missed ends too early");
            }
            _ => panic!("since {since:?}, and it begins otherwise"),
        }
        for _ in 0..leaves_after {
            match begun.events.next().await {
                Some(event) => self.record(&event),
                None => return,
            }
        }
    }

    fn record(&self, published: &PublishedEvent) {
        let event = published.event(self.client.viewer());
        self.client.saw(published.seq(), event.name(), event);
        self.last_seen.send_replace(published.seq());
    }
}
