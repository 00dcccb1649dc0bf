//! The open sockets of an endpoint: how many, and how to reach them all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;
use tokio::sync::Notify;

use super::closing::Closing;
use crate::{connect::Refused, endpoint::Endpoint, lock::lock, outbox::Outbox};

/// Counts sockets from their admission, before the handshake is over, to their last byte.
#[derive(Debug, Default)]
pub(crate) struct SocketTable {
    table: Mutex<Table>,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct Table {
    last_id: u64,
    admitted: usize,
    draining: bool,
    open: HashMap<u64, Arc<Outbox>>,
}

/// One socket's place in the table, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Admission {
    pub(crate) id: u64,
    endpoint: Endpoint,
}

impl SocketTable {
    pub(crate) fn len(&self) -> usize {
        lock(&self.table).admitted
    }

    /// Closes all open sockets and lets none in any more.
    pub(crate) fn drain(&self) {
        let mut table = lock(&self.table);
        table.draining = true;
        table
            .open
            .values()
            .for_each(|outbox| outbox.close(Closing::Drain));
    }

    /// Waits until the last socket is gone.
    pub(crate) async fn empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.len() == 0 {
                return;
            }
            emptied.await;
        }
    }
}

impl Endpoint {
    /// Lets a socket in, unless the endpoint is draining or `max` are in.
    pub(crate) fn admit(&self, max: usize) -> Result<Admission, Refused> {
        let mut table = lock(&self.table().table);
        let refuse = |reason| Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, reason));
        if table.draining {
            return refuse("the server is shutting down");
        }
        if table.admitted >= max {
            return refuse("too many sockets are open");
        }
        table.admitted += 1;
        table.last_id += 1;
        Ok(Admission {
            id: table.last_id,
            endpoint: self.clone(),
        })
    }
}

impl Admission {
    /// The handshake is over: the socket can be told to close. If it missed a drain, it is now.
    pub(crate) fn open(&self, outbox: &Arc<Outbox>) {
        let mut table = lock(&self.endpoint.table().table);
        table.open.insert(self.id, Arc::clone(outbox));
        if table.draining {
            outbox.close(Closing::Drain);
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let sockets = self.endpoint.table();
        let mut table = lock(&sockets.table);
        table.open.remove(&self.id);
        table.admitted -= 1;
        if table.admitted == 0 {
            sockets.emptied.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::protocol::Serializer;

    #[test]
    fn a_socket_that_opens_while_the_others_drain_is_closed_as_they_are() {
        let endpoint = Endpoint::new();
        let admission = endpoint.admit(1).unwrap();
        endpoint.table().drain();
        let outbox = Arc::new(Outbox::new(Serializer::V2, 8, 1024));
        admission.open(&outbox);
        let next = outbox.poll_frame(&mut Context::from_waker(Waker::noop()));
        assert_eq!(next, Poll::Ready(Err(Closing::Drain)));
    }

    #[test]
    fn a_place_is_given_back() {
        let endpoint = Endpoint::new();
        let admission = endpoint.admit(1).unwrap();
        assert!(endpoint.admit(1).is_err());
        drop(admission);
        assert!(endpoint.admit(1).is_ok());
    }
}
