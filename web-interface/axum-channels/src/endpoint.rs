//! The handle for the rest of the program: broadcast to any topic, count the sockets, drain them.

use std::{sync::Arc, time::Duration};

use serde::Serialize;

use crate::{
    payload::{Payload, PayloadError, or_crash},
    socket::table::SocketTable,
    topics::{DISCONNECT, Topics},
};

/// All sockets and topics of one or several mounts. Clones are the same endpoint.
#[derive(Clone, Debug, Default)]
pub struct Endpoint(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    topics: Topics,
    sockets: SocketTable,
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
    /// An endpoint without sockets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
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
        self.topics()
            .broadcast(topic, event, &Payload::object(payload)?.into(), None);
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
        self.topics()
            .broadcast(id, DISCONNECT, &nothing.into(), None);
    }

    /// Who is present on a topic: what a `presence_state` says.
    ///
    /// # Panics
    /// Never: what was tracked encodes.
    #[must_use]
    pub fn presence(&self, topic: &str) -> Payload {
        or_crash(self.topics().presence(topic))
    }

    /// How many sockets are open.
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

    pub(crate) fn table(&self) -> &SocketTable {
        &self.0.sockets
    }
}
