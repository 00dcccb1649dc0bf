//! A channel by hand: topics and their subscribers in a map, over bare WebSockets.
//!
//! A client joins a topic, and every other event that it sends goes to everybody on the topic. It
//! works for clients that read. In front of each there is a queue without a bound, and while its
//! task waits for a slow client, it reads nothing from it either.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::frame::Frame;

/// The subscribers of each topic: the queues in front of their sockets.
#[derive(Default)]
pub struct Topics {
    subscribers: Mutex<HashMap<String, Vec<UnboundedSender<String>>>>,
}

impl Topics {
    /// Serves every client that connects.
    ///
    /// # Errors
    /// If the listener fails.
    pub async fn serve(self: Arc<Topics>, listener: TcpListener) -> std::io::Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            let topics = Arc::clone(&self);
            tokio::spawn(async move { topics.serve_client(stream).await });
        }
    }

    /// Sends an event to everybody on a topic, without waiting.
    pub fn broadcast(&self, topic: &str, event: &str, payload: &Value) {
        let frame = Frame::broadcast(topic, event, payload).write();
        let mut subscribers = self.subscribers.lock();
        if let Some(queues) = subscribers.get_mut(topic) {
            // A queue is closed when its client's task has ended.
            queues.retain(|queue| queue.send(frame.clone()).is_ok());
        }
    }

    /// Returns how many clients have joined a topic.
    pub fn subscribers(&self, topic: &str) -> usize {
        self.subscribers.lock().get(topic).map_or(0, Vec::len)
    }

    /// The task of one client: what it sends, and what its queue has for it.
    async fn serve_client(&self, stream: TcpStream) -> Result<(), Error> {
        let (mut sink, mut messages) = accept_async(stream).await?.split();
        let (queue, mut queued) = unbounded_channel();
        loop {
            tokio::select! {
                message = messages.next() => match message {
                    Some(message) => self.receive(&message?, &queue),
                    None => return Ok(()),
                },
                // `queue` lives as long as this loop, so the queue never ends.
                Some(text) = queued.recv() => sink.send(Message::text(text)).await?,
            }
        }
    }

    fn receive(&self, message: &Message, queue: &UnboundedSender<String>) {
        let Some(frame) = message.to_text().ok().and_then(Frame::read) else {
            return;
        };
        let Frame(_, _, topic, event, payload) = &frame;
        if event == "phx_join" {
            let mut subscribers = self.subscribers.lock();
            let queues = subscribers.entry(topic.clone()).or_default();
            queues.push(queue.clone());
            // This client's task has not ended, so its queue is open.
            let _ = queue.send(frame.reply("ok", &json!({})).write());
        } else {
            self.broadcast(topic, event, payload);
        }
    }
}
