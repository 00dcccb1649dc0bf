//! A client of the channels: it joins, sends events and receives frames. Frames that
//! arrive while it waits for another one are kept in order.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

pub(crate) use harness::Frame;
use harness::{ConnectError, Received, Socket};
use serde_json::{Value, json};

/// Longer than any step takes: a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn within_patience<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("nothing happened for too long")
}

pub(crate) struct Client {
    socket: Socket,
    unread: VecDeque<Frame>,
    /// Presence frames, which arrive at any time and are kept apart.
    pub(crate) presence: Vec<Frame>,
    /// Every frame since a test last emptied this list.
    pub(crate) received: Vec<Frame>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Client {
        Client::try_connect(address, &[]).await.expect("a socket")
    }

    /// Connects with these headers, or returns the status of the refusal.
    pub(crate) async fn try_connect(
        address: SocketAddr,
        headers: &[(&'static str, &str)],
    ) -> Result<Client, u16> {
        match within_patience(Socket::connect(address, headers)).await {
            Ok(socket) => Ok(Client {
                socket,
                unread: VecDeque::new(),
                presence: Vec::new(),
                received: Vec::new(),
            }),
            Err(ConnectError::Refused(status)) => Err(status),
            Err(error) => panic!("{error}"),
        }
    }

    /// Joins a topic, or rejoins it.
    pub(crate) async fn join(&mut self, topic: &str, params: Value) -> Result<Value, Value> {
        self.call(topic, "phx_join", params).await
    }

    /// Sends an event and waits for its reply.
    pub(crate) async fn call(
        &mut self,
        topic: &str,
        event: &str,
        payload: Value,
    ) -> Result<Value, Value> {
        let reference = self.send(topic, event, payload).await;
        self.reply(&reference).await
    }

    /// Sends an event, and returns the reference of its reply.
    pub(crate) async fn send(&mut self, topic: &str, event: &str, payload: Value) -> String {
        let sent = self.socket.send(topic, event, &payload);
        within_patience(sent).await.unwrap()
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        within_patience(self.socket.send_text(text)).await.unwrap();
    }

    pub(crate) async fn reply(&mut self, reference: &str) -> Result<Value, Value> {
        let reply = self.next(|frame| frame.is_reply_to(reference)).await;
        reply.into_response()
    }

    /// Returns the next push on any topic.
    pub(crate) async fn next_push(&mut self) -> Frame {
        let is_push =
            |frame: &Frame| frame.event != "phx_reply" && !frame.event.starts_with("presence_");
        self.next(is_push).await
    }

    /// Returns the pushes that arrived before the frame last waited for.
    pub(crate) fn drained_pushes(&mut self) -> Vec<Frame> {
        self.unread.drain(..).collect()
    }

    /// Returns the pushes that have arrived by now: those before the reply to a
    /// heartbeat.
    pub(crate) async fn pushes_by_now(&mut self) -> Vec<Frame> {
        self.heartbeat().await;
        self.drained_pushes()
    }

    pub(crate) async fn heartbeat(&mut self) {
        let reply = self.call("phoenix", "heartbeat", json!({})).await;
        assert_eq!(reply, Ok(json!({})));
    }

    /// Closes the socket, waits until the server has noticed, and disconnects.
    pub(crate) async fn disconnect(self) {
        within_patience(self.socket.close()).await.unwrap();
    }

    /// Reads until the server closes the socket, and returns the close code.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Received::End(code) = within_patience(self.socket.receive()).await {
                return code.expect("a close frame, and a reason");
            }
        }
    }

    async fn next(&mut self, wanted: impl Fn(&Frame) -> bool) -> Frame {
        if let Some(at) = self.unread.iter().position(&wanted) {
            return self.unread.remove(at).unwrap();
        }
        loop {
            let frame = self.receive().await;
            if wanted(&frame) {
                return frame;
            }
            if frame.event.starts_with("presence_") {
                self.presence.push(frame);
            } else {
                self.unread.push_back(frame);
            }
        }
    }

    async fn receive(&mut self) -> Frame {
        let Received::Frame(frame) = within_patience(self.socket.receive()).await else {
            panic!("the socket has ended");
        };
        self.received.push(frame.clone());
        frame
    }
}
