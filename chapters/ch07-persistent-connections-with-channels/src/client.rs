//! A client of channels, small enough to read: it sends frames, receives frames, and remembers both.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ch07::frame::Frame;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::counted::Counted;

/// How long a client waits for a frame.
const PATIENCE: Duration = Duration::from_secs(5);

type Failure = Box<dyn Error>;

/// A client with one socket, on which it joins one topic.
pub(crate) struct Client {
    socket: WebSocketStream<Counted>,
    topic: String,
    join_ref: Option<String>,
    last_ref: u64,
    /// What was sent and received, in order.
    pub(crate) log: Vec<(Direction, Frame)>,
    /// The bytes of the connection, in both directions.
    pub(crate) bytes: Arc<AtomicU64>,
}

/// Which way a frame went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Sent,
    Received,
}

impl Client {
    /// Connects to a socket of this server.
    pub(crate) async fn connect(
        address: SocketAddr,
        path: &str,
        topic: &str,
    ) -> Result<Client, Failure> {
        let bytes = Arc::default();
        let stream = TcpStream::connect(address).await?;
        // A small frame does not wait for the next one.
        stream.set_nodelay(true)?;
        let stream = Counted::new(stream, &bytes);
        let url = format!("ws://{address}{path}");
        let (socket, _) = timeout(PATIENCE, client_async(url, stream)).await??;
        Ok(Client {
            socket,
            topic: topic.into(),
            join_ref: None,
            last_ref: 0,
            log: Vec::new(),
            bytes,
        })
    }

    /// Joins the topic, and returns the reply's status and response.
    pub(crate) async fn join(&mut self, params: &Value) -> Result<(String, Value), Failure> {
        self.join_ref = Some((self.last_ref + 1).to_string());
        self.push("phx_join", params).await
    }

    /// Sends an event, and waits for the reply to it.
    pub(crate) async fn push(
        &mut self,
        event: &str,
        payload: &Value,
    ) -> Result<(String, Value), Failure> {
        let reference = self.send(event, payload).await?;
        let is_reply = |frame: &Frame| frame.1.as_deref() == Some(reference.as_str());
        let Frame(.., mut payload) = self.until(is_reply).await?;
        let status = payload["status"].as_str().unwrap_or_default().to_owned();
        Ok((status, payload["response"].take()))
    }

    /// Sends an event, and returns its reference.
    pub(crate) async fn send(&mut self, event: &str, payload: &Value) -> Result<String, Failure> {
        self.last_ref += 1;
        let reference = self.last_ref.to_string();
        let frame = Frame(
            self.join_ref.clone(),
            Some(reference.clone()),
            self.topic.clone(),
            event.into(),
            payload.clone(),
        );
        self.send_text(frame.write()).await?;
        self.log.push((Direction::Sent, frame));
        Ok(reference)
    }

    /// Sends a text that need not be a frame.
    pub(crate) async fn send_text(&mut self, text: String) -> Result<(), Failure> {
        Ok(self.socket.send(Message::text(text)).await?)
    }

    /// Waits for a frame like this one. Those before it are in the log.
    pub(crate) async fn until(
        &mut self,
        expected: impl Fn(&Frame) -> bool,
    ) -> Result<Frame, Failure> {
        loop {
            let message = self.next().await?.ok_or("the socket was closed")?;
            if let Some(frame) = message.to_text().ok().and_then(Frame::read) {
                self.log.push((Direction::Received, frame.clone()));
                if expected(&frame) {
                    return Ok(frame);
                }
            }
        }
    }

    /// Waits for an event with this number.
    pub(crate) async fn until_seq(&mut self, seq: u64) -> Result<Frame, Failure> {
        self.until(|frame| frame.4["seq"] == seq && frame.3 != "phx_reply")
            .await
    }

    /// Returns the next message, or nothing at the end of the connection.
    async fn next(&mut self) -> Result<Option<Message>, Failure> {
        let message = timeout(PATIENCE, self.socket.next()).await;
        match message.map_err(|_| "no frame has come within five seconds")? {
            None | Some(Err(tungstenite::Error::ConnectionClosed)) => Ok(None),
            Some(message) => Ok(Some(message?)),
        }
    }

    /// Reads until the connection ends, and returns how many texts have come.
    pub(crate) async fn drain(&mut self) -> Result<u64, Failure> {
        let mut texts = 0;
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await;
            match message.map_err(|_| "the connection has not ended")? {
                Some(Ok(message)) => texts += u64::from(message.is_text()),
                Some(Err(_)) | None => return Ok(texts),
            }
        }
    }

    /// Returns the next message if one comes in time.
    pub(crate) async fn next_within(&mut self, time: Duration) -> Option<Message> {
        timeout(time, self.socket.next()).await.ok()??.ok()
    }

    /// Guesses a cell, and returns the reply's status and response.
    pub(crate) async fn guess(&mut self, cell: &str) -> Result<(String, Value), Failure> {
        self.push("guess_coordinate", &guess(cell)?).await
    }

    /// Sends a heartbeat, and waits for the answer.
    pub(crate) async fn heartbeat(&mut self) -> Result<(), Failure> {
        self.last_ref += 1;
        let reference = self.last_ref.to_string();
        let (topic, event) = ("phoenix".into(), "heartbeat".into());
        let frame = Frame(None, Some(reference.clone()), topic, event, json!({}));
        self.send_text(frame.write()).await?;
        self.until(|frame| frame.1.as_ref() == Some(&reference))
            .await?;
        Ok(())
    }

    /// The topic of this client.
    pub(crate) fn topic(&self) -> &str {
        &self.topic
    }

    /// Forgets what was sent and received so far.
    pub(crate) fn forget(&mut self) {
        self.log.clear();
    }
}

/// The payload of a guess.
pub(crate) fn guess(cell: &str) -> Result<Value, Failure> {
    let at: islands_core::Coordinate = cell.parse()?;
    Ok(json!({ "row": at.row(), "col": at.col() }))
}
