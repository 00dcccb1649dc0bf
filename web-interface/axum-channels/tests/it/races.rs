//! Joins and leaves that race with crashes and broadcasts, from seeds: a client sees no gap and no
//! duplicate, and each of its frames is answered.

use axum_channels::Endpoint;
use fastrand::Rng;
use serde_json::{Value, json};
use tokio::io::DuplexStream;

use crate::{client::Client, server::Server};

const ROOM: &str = "room:a";
const ROUNDS: usize = 300;
const CLIENTS: u64 = 6;

/// A client that sends random events, and checks every frame that it receives.
struct Racer {
    client: Client<DuplexStream>,
    rng: Rng,
    reference: u64,
    join_ref: Option<u64>,
    /// The number of the last broadcast that it has seen in this join.
    seen: Option<u64>,
}

impl Racer {
    async fn new(server: &Server, seed: u64) -> Self {
        Self {
            client: server.in_memory(1024).await,
            rng: Rng::with_seed(seed),
            reference: 0,
            join_ref: None,
            seen: None,
        }
    }

    async fn run(mut self) -> u64 {
        let mut broadcasts = 0;
        for _ in 0..ROUNDS {
            let event = match self.rng.u8(..10) {
                0..4 => "phx_join",
                4 => "phx_leave",
                5 => "raise",
                6 => "fail",
                7 => "stop_shutdown",
                _ => "echo",
            };
            broadcasts += self.step(event).await;
            tokio::task::yield_now().await;
        }
        broadcasts
    }

    /// Sends one event, and reads until its answer. Returns the number of broadcasts before it.
    async fn step(&mut self, event: &str) -> u64 {
        self.reference += 1;
        let reference = self.reference;
        let join_ref = match event {
            "phx_join" => Some(reference),
            _ => self.join_ref,
        };
        let of = json!(join_ref.map(|it| it.to_string()));
        let frame = json!([of, reference.to_string(), ROOM, event, {}]);
        self.client.send(&frame.to_string()).await;
        let crashes = ["raise", "fail"].contains(&event) && self.join_ref.is_some();
        let mut broadcasts = 0;
        loop {
            let text = self.client.receive().await;
            let [_, of, topic, name, payload]: [Value; 5] = serde_json::from_str(&text).unwrap();
            assert_eq!(topic, ROOM);
            match name.as_str().unwrap() {
                "tick" => {
                    broadcasts += 1;
                    self.tick(payload["n"].as_u64().unwrap());
                }
                "phx_error" => {
                    assert!(crashes, "{text} after {event}");
                    (self.join_ref, self.seen) = (None, None);
                    return broadcasts;
                }
                "phx_close" => {
                    // Of a join that was replaced, left or stopped.
                    assert!(
                        ["phx_join", "phx_leave", "stop_shutdown"].contains(&event),
                        "{text}"
                    );
                }
                "phx_reply" => {
                    assert_eq!(of, reference.to_string(), "each is answered in its turn");
                    match event {
                        "phx_join" => return self.joined(broadcasts).await,
                        "phx_leave" | "stop_shutdown" => return self.left(broadcasts).await,
                        _ => return broadcasts,
                    }
                }
                other => panic!("{other}"),
            }
        }
    }

    async fn joined(&mut self, broadcasts: u64) -> u64 {
        if self.join_ref.is_some() {
            let close = self.client.receive().await;
            assert!(
                close.contains("phx_close"),
                "the close of the old join: {close}"
            );
        }
        (self.join_ref, self.seen) = (Some(self.reference), None);
        broadcasts
    }

    async fn left(&mut self, mut broadcasts: u64) -> u64 {
        while self.join_ref.is_some() {
            let text = self.client.receive().await;
            let [_, _, _, name, payload]: [Value; 5] = serde_json::from_str(&text).unwrap();
            match name.as_str().unwrap() {
                "phx_close" => (self.join_ref, self.seen) = (None, None),
                // A channel that stops gets broadcasts until it is unsubscribed.
                "tick" => {
                    broadcasts += 1;
                    self.tick(payload["n"].as_u64().unwrap());
                }
                other => panic!("{other}"),
            }
        }
        broadcasts
    }

    fn tick(&mut self, number: u64) {
        assert!(
            self.join_ref.is_some(),
            "only a joined client gets broadcasts"
        );
        if let Some(seen) = self.seen {
            assert_eq!(number, seen + 1, "no gap and no duplicate");
        }
        self.seen = Some(number);
    }
}

async fn tick(endpoint: Endpoint) {
    for n in 0_u64.. {
        endpoint
            .broadcast(ROOM, "tick", &json!({ "n": n }))
            .unwrap();
        tokio::task::yield_now().await;
    }
}

async fn check(seed: u64) {
    let settings = axum_channels::Settings {
        origins: axum_channels::Origins::any(),
        outbox_frames: 1_000_000,
        outbox_bytes: usize::MAX,
        frames_per_second: u32::MAX,
        joins_per_second: u32::MAX,
        ..axum_channels::Settings::default()
    };
    let server = Server::with(settings).await;
    let ticking = tokio::spawn(tick(server.endpoint.clone()));
    let mut racers = tokio::task::JoinSet::new();
    for number in 0..CLIENTS {
        racers.spawn(Racer::new(&server, seed * CLIENTS + number).await.run());
    }
    let broadcasts: u64 = racers.join_all().await.into_iter().sum();
    ticking.abort();
    assert!(broadcasts > 0, "there was something to race with");
}

#[tokio::test]
async fn a_client_sees_no_gap_whatever_it_does_and_whatever_crashes() {
    for seed in 0..4 {
        check(seed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_on_two_threads() {
    check(4).await;
}
