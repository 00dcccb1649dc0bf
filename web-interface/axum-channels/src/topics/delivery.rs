//! Fan-out: the delivery of one broadcast to its subscribers, encoded at most once per version.

use std::{mem::take, sync::Arc};

use tokio::runtime::Handle;

use super::{
    encodings::Encodings,
    outbox::Broadcast,
    subscriber::{Subscriber, SubscriberKey, Subscribers},
    wake_batch::WakeBatch,
};
use crate::protocol::{ChannelId, CloseReason, payload::Body};

/// The event that closes the sockets whose id is the topic.
pub(crate) const DISCONNECT_EVENT: &str = "disconnect";

/// A broadcast that is being delivered.
pub(crate) struct Delivery<'a> {
    topic: &'a str,
    event: &'a str,
    body: &'a Body,
    encoded: Encodings,
    /// The unencoded broadcast for channels that intercept it, made on first use.
    unencoded: Option<Arc<Broadcast>>,
    deliveries: usize,
    wake_batch: WakeBatch,
}

impl<'a> Delivery<'a> {
    pub(crate) fn new(topic: &'a str, event: &'a str, body: &'a Body) -> Self {
        Self::replay(topic, event, body, Encodings::default())
    }

    /// A delivery of a kept broadcast, with the encodings made before.
    pub(crate) fn replay(
        topic: &'a str,
        event: &'a str,
        body: &'a Body,
        encoded: Encodings,
    ) -> Self {
        Self {
            topic,
            event,
            body,
            encoded,
            unencoded: None,
            deliveries: 0,
            wake_batch: WakeBatch::default(),
        }
    }

    /// Queues the broadcast for every subscriber but `except`, and wakes idle sockets in `runtime`.
    pub(crate) fn send_all(
        &mut self,
        subscribers: &Subscribers,
        except: Option<SubscriberKey>,
        runtime: Option<&Handle>,
    ) {
        for (key, subscriber) in subscribers {
            if Some(*key) != except {
                self.send(*key, subscriber);
            }
        }
        take(&mut self.wake_batch).wake_rest(runtime);
    }

    /// Queues the broadcast for one subscriber. Skips bytes if the client's version cannot carry
    /// them.
    pub(crate) fn send(&mut self, key: SubscriberKey, subscriber: &Subscriber) {
        let outbox = &subscriber.outbox;
        if key.channel == ChannelId::SOCKET {
            if self.event == DISCONNECT_EVENT {
                outbox.close(CloseReason::Disconnected);
            }
        } else if subscriber.config.intercepts.contains(&self.event) {
            let (event, body) = (self.event, self.body);
            let unencoded = self.unencoded.get_or_insert_with(|| {
                let (event, body) = (event.to_owned(), body.clone());
                Arc::new(Broadcast { event, body })
            });
            if outbox.intercept(key.channel, unencoded) {
                self.wake_batch.add(outbox);
            }
            self.deliveries += 1;
        } else {
            let serializer = outbox.serializer();
            let encode = || serializer.broadcast(self.topic, self.event, self.body.content());
            if let Some(frame) = self.encoded[serializer as usize].get_or_insert_with(encode) {
                if outbox.send_deferred(frame.clone()) {
                    self.wake_batch.add(outbox);
                }
                self.deliveries += 1;
            }
        }
    }

    /// Number of queues that have got the broadcast.
    pub(crate) fn deliveries(&self) -> usize {
        self.deliveries
    }

    /// Number of versions in which the broadcast is encoded.
    pub(crate) fn encodings(&self) -> usize {
        let encoded = self.encoded.iter();
        encoded.filter(|it| matches!(it, Some(Some(_)))).count()
    }

    pub(crate) fn into_encoded(self) -> Encodings {
        self.encoded
    }
}
