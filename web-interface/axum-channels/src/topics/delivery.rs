//! One broadcast on its way to those who listen, encoded at most once for each version.

use std::{mem::take, sync::Arc};

use tokio::runtime::Handle;

use super::{
    encoded::Encoded,
    outbox::Broadcast,
    subscriber::{Subscriber, SubscriberKey, Subscribers},
    wake_batch::WakeBatch,
};
use crate::protocol::{CloseReason, MemberId, payload::Body};

/// The event that ends the sockets whose id is the topic.
pub(crate) const DISCONNECT: &str = "disconnect";

/// A broadcast that is being delivered.
pub(crate) struct Delivery<'a> {
    topic: &'a str,
    event: &'a str,
    body: &'a Body,
    encoded: Encoded,
    /// For those whose channel wants to see it first.
    whole: Option<Arc<Broadcast>>,
    deliveries: usize,
    wake_batch: WakeBatch,
}

impl<'a> Delivery<'a> {
    pub(crate) fn new(topic: &'a str, event: &'a str, body: &'a Body) -> Self {
        Self::again(topic, event, body, Encoded::default())
    }

    /// The same with what was encoded before.
    pub(crate) fn again(topic: &'a str, event: &'a str, body: &'a Body, encoded: Encoded) -> Self {
        Self {
            topic,
            event,
            body,
            encoded,
            whole: None,
            deliveries: 0,
            wake_batch: WakeBatch::default(),
        }
    }

    /// Puts it into everyone's queue but that of `except`. Those who are asleep are woken in this
    /// runtime.
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

    /// Puts it into one queue. Bytes are not for those whose version has no form for them.
    pub(crate) fn send(&mut self, key: SubscriberKey, subscriber: &Subscriber) {
        let outbox = &subscriber.outbox;
        if key.member == MemberId::SOCKET {
            if self.event == DISCONNECT {
                outbox.close(CloseReason::Disconnected);
            }
        } else if subscriber.config.intercepts.contains(&self.event) {
            let (event, body) = (self.event, self.body);
            let whole = self.whole.get_or_insert_with(|| {
                let (event, body) = (event.to_owned(), body.clone());
                Arc::new(Broadcast { event, body })
            });
            if outbox.intercept(key.member, whole) {
                self.wake_batch.add(outbox);
            }
            self.deliveries += 1;
        } else {
            let serializer = outbox.serializer();
            let encode = || serializer.broadcast(self.topic, self.event, self.body.content());
            if let Some(frame) = self.encoded[serializer as usize].get_or_insert_with(encode) {
                if outbox.send_gently(frame.clone()) {
                    self.wake_batch.add(outbox);
                }
                self.deliveries += 1;
            }
        }
    }

    /// How many queues it was put into.
    pub(crate) fn deliveries(&self) -> usize {
        self.deliveries
    }

    /// How often it was encoded.
    pub(crate) fn encodings(&self) -> usize {
        let encoded = self.encoded.iter();
        encoded.filter(|it| matches!(it, Some(Some(_)))).count()
    }

    pub(crate) fn into_encoded(self) -> Encoded {
        self.encoded
    }
}
