//! A client of Phoenix channels: version 2 of the protocol over a WebSocket.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;

use anyhow::Context;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// A frame from the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The reference of the join that the frame belongs to, or `null`.
    pub join_ref: Value,
    /// In a reply, the reference of the frame that it answers.
    pub reference: Value,
    /// The topic.
    pub topic: String,
    /// The event: `phx_reply` for a reply.
    pub event: String,
    /// Its payload.
    pub payload: Value,
}

impl Frame {
    /// Returns whether this is the reply to the frame with this reference.
    pub fn is_reply_to(&self, reference: &str) -> bool {
        self.event == "phx_reply" && self.reference == *reference
    }

    /// Returns the response of a reply.
    ///
    /// # Errors
    /// The response, if the reply's status is not `ok`.
    pub fn into_response(mut self) -> Result<Value, Value> {
        let response = self.payload["response"].take();
        match self.payload["status"].as_str() {
            Some("ok") => Ok(response),
            _ => Err(response),
        }
    }

    fn read(text: &str) -> Option<Frame> {
        let (join_ref, reference, topic, event, payload) = serde_json::from_str(text).ok()?;
        Some(Frame {
            join_ref,
            reference,
            topic,
            event,
            payload,
        })
    }
}

/// What a socket receives.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// A frame.
    Frame(Frame),
    /// The end of the connection, with the code of the close frame if there was one.
    End(Option<u16>),
}

/// The error of a failed connection.
#[derive(Debug)]
pub enum ConnectError {
    /// The server refused the handshake with this HTTP status.
    Refused(u16),
    /// There is no server, or the handshake failed.
    Failed(anyhow::Error),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectError::Refused(status) => write!(f, "the socket was refused: {status}"),
            ConnectError::Failed(error) => write!(f, "there is no socket: {error:#}"),
        }
    }
}

impl std::error::Error for ConnectError {}

/// A connected socket.
///
/// Its methods have no time limit. [`receive`](Socket::receive) is cancel-safe: no frame is
/// lost if its future is dropped.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    last_ref: u64,
    /// The reference of the last join of each topic.
    joins: HashMap<String, String>,
}

impl Socket {
    /// Connects with these headers, whose names are lower-case.
    ///
    /// # Errors
    /// If there is no server, or it refuses the handshake.
    pub async fn connect(
        address: SocketAddr,
        headers: &[(&'static str, &str)],
    ) -> Result<Socket, ConnectError> {
        let failed = ConnectError::Failed;
        let url = format!("ws://{address}/socket/websocket?vsn=2.0.0");
        let request = url.into_client_request();
        let mut request = request.map_err(|error| failed(error.into()))?;
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).map_err(|error| failed(error.into()))?;
            let name = HeaderName::from_static(name);
            request.headers_mut().insert(name, value);
        }
        let stream = TcpStream::connect(address).await;
        let stream = stream.map_err(|error| failed(error.into()))?;
        stream
            .set_nodelay(true)
            .map_err(|error| failed(error.into()))?;
        match client_async(request, stream).await {
            Ok((stream, _)) => Ok(Socket {
                stream,
                last_ref: 0,
                joins: HashMap::new(),
            }),
            Err(Error::Http(response)) => Err(ConnectError::Refused(response.status().as_u16())),
            Err(error) => Err(failed(error.into())),
        }
    }

    /// Composes the next frame, and returns its reference and its text.
    ///
    /// Later frames on a topic carry the reference of its last join.
    pub fn frame(&mut self, topic: &str, event: &str, payload: &Value) -> (String, String) {
        self.last_ref += 1;
        let reference = self.last_ref.to_string();
        if event == "phx_join" {
            self.joins.insert(topic.to_owned(), reference.clone());
        }
        let frame = json!([self.joins.get(topic), reference, topic, event, payload]);
        (reference, frame.to_string())
    }

    /// Sends an event, and returns the reference that its reply will carry.
    ///
    /// # Errors
    /// If the connection is gone.
    pub async fn send(
        &mut self,
        topic: &str,
        event: &str,
        payload: &Value,
    ) -> anyhow::Result<String> {
        let (reference, text) = self.frame(topic, event, payload);
        self.send_text(text).await?;
        Ok(reference)
    }

    /// Sends a text frame as it is.
    ///
    /// # Errors
    /// If the connection is gone.
    pub async fn send_text(&mut self, text: impl Into<String>) -> anyhow::Result<()> {
        let sent = self.stream.send(Message::text(text.into())).await;
        sent.context("the connection is gone")
    }

    /// Waits for the next frame or the end; skips messages that are no frame.
    pub async fn receive(&mut self) -> Received {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    if let Some(frame) = Frame::read(&text) {
                        return Received::Frame(frame);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return Received::End(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Received::End(None),
            }
        }
    }

    /// Sends a close frame, and waits until the server has closed the connection.
    ///
    /// # Errors
    /// If the connection is gone already.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.stream.close(None).await?;
        while let Some(Ok(_)) = self.stream.next().await {}
        Ok(())
    }

    /// Returns the underlying TCP connection.
    pub fn into_stream(self) -> TcpStream {
        self.stream.into_inner()
    }
}
