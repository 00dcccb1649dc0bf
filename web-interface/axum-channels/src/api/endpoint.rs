//! The handle for the rest of the program: broadcasts to any topic, counts and drains sockets.

use std::{fmt, sync::Arc, time::Duration};

use axum::http::StatusCode;
use serde::Serialize;

use super::connect::ConnectError;
use crate::{
    metrics::{Counters, Metrics},
    protocol::{
        broker_message,
        payload::{Body, Payload, PayloadError, expect_encodable},
    },
    sockets::{AdmissionError, SocketPermit, SocketTable},
    topics::{
        DISCONNECT_EVENT, SubscriberKey, Topics,
        broker::{Broker, BrokerReceiver, Publish},
    },
};

/// All sockets and topics of one or several mounts. Clones are handles to the same endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint(Arc<Inner>);

struct Inner {
    topics: Arc<Topics>,
    sockets: Arc<SocketTable>,
    counters: Arc<Counters>,
    /// Publishes broadcasts to the other endpoints of the broker, if there is a broker.
    publish: Option<Publish>,
}

/// The result of a drain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Drained {
    /// Every socket is gone.
    Empty,
    /// The number of sockets that were still open at the deadline.
    Remaining(usize),
}

impl Endpoint {
    /// Creates an endpoint without a broker: its broadcasts stay in this endpoint.
    #[must_use]
    pub fn new() -> Self {
        Self::with(|_| None)
    }

    /// Creates an endpoint that exchanges broadcasts with others through `broker`.
    ///
    /// A broadcast on any of them reaches the clients of all. See [`Broker`].
    pub fn with_broker(broker: &(impl Broker + ?Sized)) -> Self {
        Self::with(|topics| Some(broker.connect(BrokerReceiver::new(Arc::downgrade(topics)))))
    }

    fn with(publish: impl FnOnce(&Arc<Topics>) -> Option<Publish>) -> Self {
        let counters = Arc::<Counters>::default();
        let topics = Arc::new(Topics::new(Arc::clone(&counters)));
        Self(Arc::new(Inner {
            publish: publish(&topics),
            topics,
            sockets: Arc::default(),
            counters,
        }))
    }

    /// Sends an event to all clients on a topic.
    ///
    /// The payload is encoded once; beyond that, a topic without subscribers costs one look-up.
    ///
    /// # Errors
    /// If the payload does not encode as a JSON object; nothing is sent then.
    pub fn broadcast<T: Serialize + ?Sized>(
        &self,
        topic: &str,
        event: &str,
        payload: &T,
    ) -> Result<(), PayloadError> {
        self.send(topic, event, &Payload::object(payload)?.into(), None);
        Ok(())
    }

    /// Closes the sockets with this id with code 1001.
    ///
    /// See [`Channels::socket_id`](crate::Channels::socket_id). A broadcast of the event `disconnect`
    /// with the id as its topic does the same. Stock clients reconnect, and pass the connect hook
    /// again.
    ///
    /// # Panics
    /// Never: an empty object always encodes.
    pub fn disconnect(&self, id: &str) {
        let nothing = expect_encodable(Payload::new(&()));
        self.send(id, DISCONNECT_EVENT, &nothing.into(), None);
    }

    /// Sends to all subscribers of a topic, through the broker as well, except `except`.
    pub(crate) fn send(
        &self,
        topic: &str,
        event: &str,
        body: &Body,
        except: Option<SubscriberKey>,
    ) {
        self.topics().broadcast(topic, event, body, except);
        if let Some(publish) = &self.0.publish
            && let Some(message) = broker_message::encode(topic, event, body)
        {
            publish(topic, message);
        }
    }

    /// Returns the presences on a topic of this endpoint, as the payload of a `presence_state`.
    ///
    /// # Panics
    /// Never: the tracked metas are already encoded.
    #[must_use]
    pub fn presence(&self, topic: &str) -> Payload {
        expect_encodable(self.topics().presence(topic))
    }

    /// Returns the current metrics.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.counters().read(self.sockets())
    }

    /// Returns the number of open sockets, including long-poll sessions and pending handshakes.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.0.sockets.len()
    }

    /// Closes all sockets and waits until they are gone, for at most `deadline`.
    ///
    /// New sockets are refused with 503 from now on. Open ones are closed with 1012, so stock
    /// clients reconnect at once, to another instance or to this one after its restart.
    ///
    /// Sockets are closed a thousand at a time, with pauses of at most half a second, and shorter
    /// ones under a short deadline: clients that all reconnect at the same moment would overload
    /// the server that takes them in.
    pub async fn drain(&self, deadline: Duration) -> Drained {
        let sockets = &self.0.sockets;
        let drained = async {
            sockets.close_all(deadline / 2).await;
            sockets.wait_until_empty().await;
        };
        match tokio::time::timeout(deadline, drained).await {
            Ok(()) => Drained::Empty,
            Err(_) => Drained::Remaining(sockets.len()),
        }
    }

    pub(crate) fn topics(&self) -> &Topics {
        &self.0.topics
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// Admits a socket, unless the endpoint is draining or already has `max` sockets.
    pub(crate) fn admit(&self, max: usize) -> Result<SocketPermit, ConnectError> {
        self.0.sockets.admit(max).map_err(|why| {
            let reason = match why {
                AdmissionError::Draining => "the server is shutting down",
                AdmissionError::Full => "too many sockets are open",
            };
            ConnectError::new(StatusCode::SERVICE_UNAVAILABLE, reason)
        })
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sockets = self.sockets.len();
        f.debug_struct("Endpoint")
            .field("sockets", &sockets)
            .finish()
    }
}
