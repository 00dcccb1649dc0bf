//! Broadcasts between the endpoints of several processes.
//!
//! Who listens to a topic is known where they are connected; a broker carries each broadcast to the
//! other endpoints, which deliver it to their own. It is a bus and no more: it need not know who
//! listens where, and what it loses while it is away is lost for those elsewhere only. Who is
//! present on a topic is not carried, and what a topic keeps
//! ([`Channel::REPLAY`](crate::Channel::REPLAY)) is kept, and numbered, by each endpoint for itself.
//!
//! A message bus such as NATS stands behind it like this, with the crate `async-nats` for instance:
//! `connect` starts two tasks and returns a closure. The closure puts topic and message into a
//! bounded queue with `try_send`, since publishing must not wait. One task takes them out and awaits
//! `client.publish(subject, message)`, where the subject is a prefix and the topic in base64url:
//! topics may have characters that subjects have not. The other awaits
//! `client.subscribe("prefix.*")` and gives the `payload` of each item of that stream to
//! [`Inlet::receive`]. The connection is made with `ConnectOptions::no_echo`, so that nobody hears
//! itself.

use std::{
    fmt,
    sync::{Arc, Mutex, Weak},
};

use tokio_tungstenite::tungstenite::Bytes;

use crate::{endpoint::Inner, lock::lock, protocol::published};

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
    /// Connects one more endpoint: what the others publish from now on goes to `inlet`, and what
    /// this one publishes into the closure that is returned.
    fn connect(&self, inlet: Inlet) -> Publish;
}

/// Publishes a message about a topic to all other endpoints, in the order of the calls. It is called
/// for every broadcast, by the task that makes it, and must not wait.
pub type Publish = Box<dyn Fn(&str, Bytes) + Send + Sync>;

/// Where an endpoint takes in what others have published. Clones are the same inlet; it does not
/// keep its endpoint alive.
#[derive(Clone, Debug)]
pub struct Inlet(Weak<Inner>);

/// A message that no endpoint has published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadMessage;

impl Inlet {
    pub(crate) fn new(endpoint: Weak<Inner>) -> Self {
        Self(endpoint)
    }

    /// Delivers a broadcast of another endpoint to the clients of this one. Nothing happens if the
    /// endpoint is gone.
    ///
    /// # Errors
    /// The message is none; nothing was sent.
    pub fn receive(&self, message: &Bytes) -> Result<(), BadMessage> {
        let (topic, event, body) = published::decode(message).ok_or(BadMessage)?;
        if let Some(endpoint) = self.0.upgrade() {
            endpoint.topics.broadcast(&topic, &event, &body, None);
        }
        Ok(())
    }
}

impl fmt::Display for BadMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message is what an endpoint has published: a broadcast in version 2")
    }
}

impl std::error::Error for BadMessage {}

/// Endpoints of one process, connected without a queue or a task in between. Clones are the same
/// broker.
#[derive(Clone, Debug, Default)]
pub struct InProcess(Arc<Mutex<Vec<Inlet>>>);

impl Broker for InProcess {
    fn connect(&self, inlet: Inlet) -> Publish {
        lock(&self.0).push(inlet.clone());
        let all = Arc::clone(&self.0);
        Box::new(move |_, message| {
            let mut others = lock(&all).clone();
            others.retain(|other| !Weak::ptr_eq(&other.0, &inlet.0));
            for other in others {
                // They are of this program, and publish what they can read.
                let _ = other.receive(&message);
            }
        })
    }
}
