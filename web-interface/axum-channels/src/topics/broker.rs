//! Broadcasts between the endpoints of several processes.
//!
//! Each endpoint knows its own subscribers. A broker carries every broadcast to the other endpoints,
//! which deliver it to theirs. It is a message bus without knowledge of topics; a message that it
//! loses is lost for the clients of other endpoints only. Presence does not cross it, and each
//! endpoint keeps and numbers its own replay buffer ([`Channel::REPLAY`](crate::Channel::REPLAY)).
//!
//! An endpoint delivers its own broadcasts immediately, so two endpoints may deliver two concurrent
//! broadcasts in different orders.
//!
//! An adapter for a bus such as NATS takes thirty lines; this one was tried with the crate
//! `async-nats` 0.51. `connect` makes a bounded queue and starts a task; the closure that it returns
//! puts messages into the queue with `try_send`, and counts the rest. The task opens a
//! connection for this endpoint alone, with `ConnectOptions::no_echo`, which works by connection,
//! and with `retry_on_initial_connect`. It subscribes to one subject, and a second task passes the
//! `payload` of each message to [`BrokerReceiver::receive`]. The first task then takes messages out
//! of the queue and awaits `client.publish`; while `client.connection_state()` is not `Connected` it
//! drops them, because the client would buffer them and send them late. When the endpoint ends, it
//! drops the closure; that closes the queue and ends the task, which then aborts the second.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use parking_lot::Mutex;
use thiserror::Error;

use super::Topics;
use crate::protocol::broker_message;

/// Carries broadcasts from one endpoint to the others.
///
/// ```
/// use axum_channels::{Endpoint, InProcessBroker};
///
/// let broker = InProcessBroker::default();
/// let (one, two) = (Endpoint::with_broker(&broker), Endpoint::with_broker(&broker));
/// // What is broadcast on either reaches the clients of both.
/// # drop((one, two));
/// ```
pub trait Broker {
    /// Connects one more endpoint. The broker passes the messages of the other endpoints to
    /// `receiver`; the endpoint passes its own to the returned closure, and drops that closure when
    /// it ends. A message names no sender: a bus that echoes messages must filter them out.
    fn connect(&self, receiver: BrokerReceiver) -> Publish;
}

/// Publishes a message about a topic to all other endpoints, in the order of the calls.
///
/// The broadcasting task calls it, once a broadcast, so it must not block: a full queue drops the
/// message, and the broker counts the loss.
pub type Publish = Box<dyn Fn(&str, Bytes) + Send + Sync>;

/// The receiving end of a broker: delivers the broadcasts of other endpoints to this one.
///
/// Clones are handles to the same endpoint, and do not keep it alive.
#[derive(Clone, Debug)]
pub struct BrokerReceiver(Weak<Topics>);

/// The message is not one that an endpoint publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the message is not a broadcast that an endpoint has published")]
pub struct BadMessage;

impl BrokerReceiver {
    pub(crate) fn new(topics: Weak<Topics>) -> Self {
        Self(topics)
    }

    /// Delivers a broadcast of another endpoint to the clients of this one. Does nothing after this
    /// endpoint has ended; see [`is_closed`](Self::is_closed).
    ///
    /// # Errors
    /// If the message cannot be decoded; nothing is delivered then.
    pub fn receive(&self, message: &Bytes) -> Result<(), BadMessage> {
        let (topic, event, body) = broker_message::decode(message).ok_or(BadMessage)?;
        if let Some(topics) = self.0.upgrade() {
            topics.broadcast(&topic, &event, &body, None);
        }
        Ok(())
    }

    /// Whether the endpoint has ended.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.strong_count() == 0
    }
}

/// Connects the endpoints of one process, without a queue or a task. Clones are the same broker.
#[derive(Clone, Debug, Default)]
pub struct InProcessBroker(Arc<Mutex<Vec<BrokerReceiver>>>);

impl Broker for InProcessBroker {
    fn connect(&self, receiver: BrokerReceiver) -> Publish {
        let mut receivers = self.0.lock();
        receivers.retain(|other| !other.is_closed());
        receivers.push(receiver.clone());
        drop(receivers);
        let all = Arc::clone(&self.0);
        Box::new(move |_, message| {
            let mut others = all.lock().clone();
            others.retain(|other| !Weak::ptr_eq(&other.0, &receiver.0));
            for other in others {
                // An endpoint of this program publishes only messages that it can decode.
                let _ = other.receive(&message);
            }
        })
    }
}
