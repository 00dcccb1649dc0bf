//! A client of the channels: it joins, asks, and is told. Frames that come while
//! it waits for another one are kept in their order.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// Far more than anything here takes: a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("nothing happened for too long")
}

/// A frame from the server.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) join_ref: Value,
    reference: Value,
    pub(crate) topic: String,
    pub(crate) event: String,
    pub(crate) payload: Value,
}

pub(crate) struct Client {
    socket: WebSocketStream<TcpStream>,
    last_ref: u64,
    /// The reference of the last join of each topic.
    joins: HashMap<String, String>,
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
        let url = format!("ws://{address}/socket/websocket?vsn=2.0.0");
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            let name = HeaderName::from_static(name);
            request.headers_mut().insert(name, value);
        }
        let stream = TcpStream::connect(address).await.unwrap();
        match soon(client_async(request, stream)).await {
            Ok((socket, _)) => Ok(Client {
                socket,
                last_ref: 0,
                joins: HashMap::new(),
                waiting: VecDeque::new(),
                presence: Vec::new(),
                heard: Vec::new(),
            }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Joins a topic, or joins it again.
    pub(crate) async fn join(&mut self, topic: &str, params: Value) -> Result<Value, Value> {
        let join_ref = (self.last_ref + 1).to_string();
        self.joins.insert(topic.into(), join_ref);
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
        self.last_ref += 1;
        let reference = self.last_ref.to_string();
        let frame = json!([self.joins.get(topic), reference, topic, event, payload]);
        self.send_text(&frame.to_string()).await;
        reference
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        soon(self.socket.send(Message::text(text))).await.unwrap();
    }

    pub(crate) async fn reply(&mut self, reference: &str) -> Result<Value, Value> {
        let is_reply = |frame: &Frame| frame.event == "phx_reply" && frame.reference == *reference;
        let mut reply = self.next(is_reply).await.payload;
        let response = reply["response"].take();
        match reply["status"].as_str() {
            Some("ok") => Ok(response),
            _ => Err(response),
        }
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
    pub(crate) async fn leave(mut self) {
        soon(self.socket.close(None)).await.unwrap();
        while let Some(Ok(_)) = soon(self.socket.next()).await {}
    }

    /// Reads on until the server closes, and says with what.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match soon(self.socket.next()).await.expect("a close frame") {
                Ok(Message::Close(frame)) => return frame.expect("a reason").code.into(),
                Ok(_) => {}
                Err(error) => panic!("{error}"),
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
        let message = soon(self.socket.next())
            .await
            .expect("the socket has ended");
        let Message::Text(text) = message.unwrap() else {
            panic!("expected a frame of text");
        };
        let (join_ref, reference, topic, event, payload) = serde_json::from_str(&text).unwrap();
        let frame = Frame {
            join_ref,
            reference,
            topic,
            event,
            payload,
        };
        self.heard.push(frame.clone());
        frame
    }
}
