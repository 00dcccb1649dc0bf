//! The channel `feed`, which follows numbered streams.

use std::sync::Mutex;

use axum_channels::{Channel, Context, InfoOutcome, JoinError, Joined, Outcome};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::server::User;

/// The number that ends the channel.
pub(crate) const LAST: u64 = 99;

/// Pushes the numbers of its streams, and follows one stream after the other.
pub(crate) struct Feed {
    streams: Mutex<Vec<mpsc::Receiver<u64>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FeedIn {
    After { seq: u64 },
    Now,
}

impl Feed {
    pub(crate) fn new(streams: [mpsc::Receiver<u64>; 2]) -> Self {
        Self {
            streams: Mutex::new(streams.into_iter().rev().collect()),
        }
    }

    fn next(&self) -> Option<impl futures_util::Stream<Item = u64> + Send + 'static> {
        let receiver = self.streams.lock().unwrap().pop()?;
        Some(stream::unfold(receiver, async |mut receiver| {
            Some((receiver.recv().await?, receiver))
        }))
    }
}

impl Channel for Feed {
    type Assigns = User;
    type Params = Value;
    type Event = FeedIn;
    type Info = u64;
    type State = ();

    async fn join(&self, _: Value, _: &Context<User>) -> Result<Joined<Self>, JoinError> {
        Ok(Joined::new(()).seq(3).follow(self.next().unwrap()))
    }

    async fn handle(&self, _: &(), event: FeedIn, _: &Context<User>) -> Outcome {
        match event {
            FeedIn::After { seq } => Outcome::ok(&()).reply_after(seq),
            FeedIn::Now => Outcome::ok(&()),
        }
    }

    fn info(&self, _: &(), item: Option<u64>, ctx: &Context<User>) -> InfoOutcome<Self> {
        let Some(seq) = item else {
            return self
                .next()
                .map_or(InfoOutcome::Continue, InfoOutcome::follow);
        };
        if seq == LAST {
            return InfoOutcome::Stop;
        }
        ctx.push_numbered(seq, "item", &json!({ "seq": seq }));
        InfoOutcome::Continue
    }
}
