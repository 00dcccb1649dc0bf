//! Broadcasts between the endpoints of several processes.
//!
//! Who listens to a topic is known where they are connected; a broker carries each broadcast to the
//! other endpoints, which deliver it to their own. It is a bus and no more: it need not know who
//! listens where, and what it loses is lost for those elsewhere only. Who is present on a topic is not
//! carried, and what a topic keeps ([`Channel::REPLAY`](crate::Channel::REPLAY)) is kept, and
//! numbered, by each endpoint for itself.
//!
//! Each endpoint tells its own clients at once, so two broadcasts that are made at the same time may
//! be seen in one order here and in the other elsewhere.
//!
//! A message bus such as NATS stands behind it in thirty lines, as was tried with the crate
//! `async-nats` 0.51. `connect` makes a bounded queue and starts a task; the closure that it returns
//! puts messages into the queue with `try_send`, and counts those for which there is no room. The
//! task makes a connection for this endpoint alone, with `ConnectOptions::no_echo`, since it is the
//! connection that does not hear itself, and `retry_on_initial_connect`. It subscribes to one
//! subject, as all are told everything, and lets another task give the `payload` of each message to
//! [`Inlet::receive`]. Then it takes messages out of the queue and awaits `client.publish`, but drops
//! them while `client.connection_state()` is not `Connected`: the client would keep them, and send
//! them all at once when they are old. The closure goes with its endpoint; that ends the queue, and
//! the task, which then aborts the other.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use parking_lot::Mutex;
use thiserror::Error;

use super::Topics;
use crate::protocol::published;

/// Something that carries broadcasts from one endpoint to the others.
///
/// ```
/// use axum_channels::{Endpoint, InProcess};
///
/// let broker = InProcess::default();
/// let (one, two) = (Endpoint::connected(&broker), Endpoint::connected(&broker));
/// // What is broadcast on either reaches the clients of both.
/// # drop((one, two));
/// ```
pub trait Broker {
    /// Connects one more endpoint: what the others publish, as soon as there is a connection, goes to
    /// `inlet`, and what this one publishes into the closure that is returned and lives as long as
    /// the endpoint. Messages name no sender; a bus that gives them back to it has to sift them out.
    fn connect(&self, inlet: Inlet) -> Publish;
}

/// Publishes a message about a topic to all other endpoints, in the order of the calls. It is called
/// for every broadcast, by the task that makes it, and must not wait: what there is no room for is
/// dropped, and counting that is up to the broker.
pub type Publish = Box<dyn Fn(&str, Bytes) + Send + Sync>;

/// Where an endpoint takes in what others have published. Clones are the same inlet; it does not
/// keep its endpoint alive.
#[derive(Clone, Debug)]
pub struct Inlet(Weak<Topics>);

/// A message that no endpoint has published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a message is what an endpoint has published: a broadcast in version 2")]
pub struct BadMessage;

impl Inlet {
    pub(crate) fn new(topics: Weak<Topics>) -> Self {
        Self(topics)
    }

    /// Delivers a broadcast of another endpoint to the clients of this one. Nothing happens if that
    /// is gone, as [`is_closed`](Self::is_closed) says.
    ///
    /// # Errors
    /// The message is none; nothing was sent.
    pub fn receive(&self, message: &Bytes) -> Result<(), BadMessage> {
        let (topic, event, body) = published::decode(message).ok_or(BadMessage)?;
        if let Some(topics) = self.0.upgrade() {
            topics.broadcast(&topic, &event, &body, None);
        }
        Ok(())
    }

    /// Whether the endpoint is gone, for good.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.strong_count() == 0
    }
}

/// Endpoints of one process, connected without a queue or a task in between. Clones are the same
/// broker.
#[derive(Clone, Debug, Default)]
pub struct InProcess(Arc<Mutex<Vec<Inlet>>>);

impl Broker for InProcess {
    fn connect(&self, inlet: Inlet) -> Publish {
        let mut inlets = self.0.lock();
        inlets.retain(|other| !other.is_closed());
        inlets.push(inlet.clone());
        drop(inlets);
        let all = Arc::clone(&self.0);
        Box::new(move |_, message| {
            let mut others = all.lock().clone();
            others.retain(|other| !Weak::ptr_eq(&other.0, &inlet.0));
            for other in others {
                // They are of this program, and publish what they can read.
                let _ = other.receive(&message);
            }
        })
    }
}
