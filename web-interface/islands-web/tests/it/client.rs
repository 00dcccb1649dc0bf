//! A client of the channels: it joins, asks, and is told. Frames that come while
//! it waits for another one are kept in their order.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

pub(crate) use harness::Frame;
use harness::{ConnectError, Heard, Socket};
use serde_json::{Value, json};

/// Far more than anything here takes: a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("nothing happened for too long")
}

pub(crate) struct Client {
    socket: Socket,
    waiting: VecDeque<Frame>,
    /// News of who is there, which come on their own and are looked at on their own.
    pub(crate) presence: Vec<Frame>,
    /// Every frame that came since someone last took them from here.
    pub(crate) heard: Vec<Frame>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Client {
        Client::knock(address, &[]).await.expect("a socket")
    }

    /// Connects with these headers, or is told the status of the refusal.
    pub(crate) async fn knock(
        address: SocketAddr,
        headers: &[(&'static str, &str)],
    ) -> Result<Client, u16> {
        match soon(Socket::connect(address, headers)).await {
            Ok(socket) => Ok(Client {
                socket,
                waiting: VecDeque::new(),
                presence: Vec::new(),
                heard: Vec::new(),
            }),
            Err(ConnectError::Refused(status)) => Err(status),
            Err(error) => panic!("{error}"),
        }
    }

    /// Joins a topic, or joins it again.
    pub(crate) async fn join(&mut self, topic: &str, params: Value) -> Result<Value, Value> {
        self.ask(topic, "phx_join", params).await
    }

    /// Sends an event and waits for its reply.
    pub(crate) async fn ask(
        &mut self,
        topic: &str,
        event: &str,
        payload: Value,
    ) -> Result<Value, Value> {
        let reference = self.send(topic, event, payload).await;
        self.reply(&reference).await
    }

    /// Sends an event; its reply is told under the reference that this returns.
    pub(crate) async fn send(&mut self, topic: &str, event: &str, payload: Value) -> String {
        let sent = self.socket.send(topic, event, &payload);
        soon(sent).await.unwrap()
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        soon(self.socket.send_text(text)).await.unwrap();
    }

    pub(crate) async fn reply(&mut self, reference: &str) -> Result<Value, Value> {
        let reply = self.next(|frame| frame.answers(reference)).await;
        reply.into_response()
    }

    /// The next push on any topic.
    pub(crate) async fn told(&mut self) -> Frame {
        let is_told =
            |frame: &Frame| frame.event != "phx_reply" && !frame.event.starts_with("presence_");
        self.next(is_told).await
    }

    /// The pushes that came before what has been waited for last.
    pub(crate) fn told_already(&mut self) -> Vec<Frame> {
        self.waiting.drain(..).collect()
    }

    /// The pushes that have come by now: those before the answer to a heartbeat.
    pub(crate) async fn told_by_now(&mut self) -> Vec<Frame> {
        self.heartbeat().await;
        self.told_already()
    }

    pub(crate) async fn heartbeat(&mut self) {
        let beat = self.ask("phoenix", "heartbeat", json!({})).await;
        assert_eq!(beat, Ok(json!({})));
    }

    /// Closes the socket, waits until the server has noticed, and hangs up.
    pub(crate) async fn leave(self) {
        soon(self.socket.close()).await.unwrap();
    }

    /// Reads on until the server closes, and says with what.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Heard::End(code) = soon(self.socket.hear()).await {
                return code.expect("a close frame, and a reason");
            }
        }
    }

    async fn next(&mut self, wanted: impl Fn(&Frame) -> bool) -> Frame {
        if let Some(at) = self.waiting.iter().position(&wanted) {
            return self.waiting.remove(at).unwrap();
        }
        loop {
            let frame = self.receive().await;
            if wanted(&frame) {
                return frame;
            }
            if frame.event.starts_with("presence_") {
                self.presence.push(frame);
            } else {
                self.waiting.push_back(frame);
            }
        }
    }

    async fn receive(&mut self) -> Frame {
        let Heard::Frame(frame) = soon(self.socket.hear()).await else {
            panic!("the socket has ended");
        };
        self.heard.push(frame.clone());
        frame
    }
}
