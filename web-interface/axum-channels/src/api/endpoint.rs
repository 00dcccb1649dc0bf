//! The handle for the rest of the program: broadcast to any topic, count the sockets, drain them.

use std::{fmt, sync::Arc, time::Duration};

use axum::http::StatusCode;
use serde::Serialize;

use super::connect::ConnectError;
use crate::{
    metrics::{Counters, Metrics},
    protocol::{
        payload::{Body, Payload, PayloadError, or_crash},
        published,
    },
    sockets::{Admission, NotAdmitted, SocketTable},
    topics::{
        DISCONNECT, SubscriberKey, Topics,
        broker::{Broker, BrokerReceiver, Publish},
    },
};

/// All sockets and topics of one or several mounts. Clones are the same endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint(Arc<Inner>);

struct Inner {
    topics: Arc<Topics>,
    sockets: Arc<SocketTable>,
    counters: Arc<Counters>,
    /// The way to other endpoints, if there are any.
    publish: Option<Publish>,
}

/// How a drain came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Drained {
    /// Every socket is gone.
    Empty,
    /// At the deadline so many sockets were still open.
    Left(usize),
}

impl Endpoint {
    /// An endpoint without sockets, and the only one.
    #[must_use]
    pub fn new() -> Self {
        Self::with(|_| None)
    }

    /// An endpoint without sockets, one of several: broadcasts on each of them reach the clients of
    /// all. See [`Broker`].
    pub fn connected(broker: &(impl Broker + ?Sized)) -> Self {
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

    /// Sends an event to everyone on a topic. It is encoded once, and a topic that nobody has
    /// joined costs a look-up.
    ///
    /// # Errors
    /// The payload does not encode as a JSON object; nothing was sent.
    pub fn broadcast<T: Serialize + ?Sized>(
        &self,
        topic: &str,
        event: &str,
        payload: &T,
    ) -> Result<(), PayloadError> {
        self.send(topic, event, &Payload::object(payload)?.into(), None);
        Ok(())
    }

    /// Closes the sockets with this id (see [`Channels::identify`](crate::Channels::identify)) with
    /// 1001. A broadcast of the event `disconnect` on the topic that is the id does the same. Stock
    /// clients come back, and the connect hook sees them again.
    ///
    /// # Panics
    /// Never: an empty object always encodes.
    pub fn disconnect(&self, id: &str) {
        let nothing = or_crash(Payload::new(&()));
        self.send(id, DISCONNECT, &nothing.into(), None);
    }

    /// Sends to everyone on a topic, wherever they are connected, but `except`.
    pub(crate) fn send(
        &self,
        topic: &str,
        event: &str,
        body: &Body,
        except: Option<SubscriberKey>,
    ) {
        self.topics().broadcast(topic, event, body, except);
        if let Some(publish) = &self.0.publish
            && let Some(message) = published::encode(topic, event, body)
        {
            publish(topic, message);
        }
    }

    /// Who is present on a topic: what a `presence_state` says.
    ///
    /// # Panics
    /// Never: what was tracked encodes.
    #[must_use]
    pub fn presence(&self, topic: &str) -> Payload {
        or_crash(self.topics().presence(topic))
    }

    /// What has happened until now.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.counters().read(self.sockets())
    }

    /// How many sockets are open, or about to be: those that the application has yet to admit among
    /// them.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.0.sockets.len()
    }

    /// Refuses new sockets with 503 from now on, closes the open ones with 1012, which makes stock
    /// clients come back at once (to another instance, or to this one when it is up again), and
    /// waits until all are gone, but no longer than `deadline`.
    ///
    /// Sockets are closed a thousand at a time, with pauses of half a second that are shorter where
    /// the deadline leaves no room for them: clients that all come back at the same moment would be
    /// a flood to whoever takes them in.
    pub async fn drain(&self, deadline: Duration) -> Drained {
        let sockets = &self.0.sockets;
        let drained = async {
            sockets.close_all(deadline / 2).await;
            sockets.empty().await;
        };
        match tokio::time::timeout(deadline, drained).await {
            Ok(()) => Drained::Empty,
            Err(_) => Drained::Left(sockets.len()),
        }
    }

    pub(crate) fn topics(&self) -> &Topics {
        &self.0.topics
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// Lets a socket in, unless the endpoint is draining or `max` are in.
    pub(crate) fn admit(&self, max: usize) -> Result<Admission, ConnectError> {
        self.0.sockets.admit(max).map_err(|why| {
            let reason = match why {
                NotAdmitted::Draining => "the server is shutting down",
                NotAdmitted::Full => "too many sockets are open",
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
