//! A client of channels: version 2 of the Phoenix protocol over a WebSocket.

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
    /// The join that it is about, if it is about one.
    pub join_ref: Value,
    /// Of a reply, the reference of what it answers.
    pub reference: Value,
    /// The topic.
    pub topic: String,
    /// The event: `phx_reply` for a reply.
    pub event: String,
    /// Its payload.
    pub payload: Value,
}

impl Frame {
    /// Whether it is the reply to what was sent under this reference.
    pub fn answers(&self, reference: &str) -> bool {
        self.event == "phx_reply" && self.reference == *reference
    }

    /// The response of a reply, which may be one of an error.
    ///
    /// # Errors
    /// The response of a reply whose status is not `ok`.
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

/// What comes over a socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// A frame.
    Frame(Frame),
    /// The end, with the code of the close frame if there was one.
    End(Option<u16>),
}

/// Why there is no socket.
#[derive(Debug)]
pub enum ConnectError {
    /// The server refused it with this status.
    Refused(u16),
    /// There is no server, or it does not answer as one.
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

/// A connected socket. What is waited for here is waited for without a bound; nothing
/// is lost if it is not waited for to its end.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    last_ref: u64,
    /// The reference of the last join of each topic.
    joins: HashMap<String, String>,
}

impl Socket {
    /// Connects with these headers, of lower-case names.
    ///
    /// # Errors
    /// [`ConnectError`].
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
            Err(Error::Http(answer)) => Err(ConnectError::Refused(answer.status().as_u16())),
            Err(error) => Err(failed(error.into())),
        }
    }

    /// The next frame: its reference, and what is to be sent. A join is what later
    /// frames on its topic are about.
    pub fn frame(&mut self, topic: &str, event: &str, payload: &Value) -> (String, String) {
        self.last_ref += 1;
        let reference = self.last_ref.to_string();
        if event == "phx_join" {
            self.joins.insert(topic.to_owned(), reference.clone());
        }
        let frame = json!([self.joins.get(topic), reference, topic, event, payload]);
        (reference, frame.to_string())
    }

    /// Sends an event: its reference, under which the reply comes.
    ///
    /// # Errors
    /// The connection is gone.
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

    /// Sends a frame as it is written.
    ///
    /// # Errors
    /// The connection is gone.
    pub async fn send_text(&mut self, text: impl Into<String>) -> anyhow::Result<()> {
        let sent = self.stream.send(Message::text(text.into())).await;
        sent.context("the connection is gone")
    }

    /// Whatever comes next.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    if let Some(frame) = Frame::read(&text) {
                        return Heard::Frame(frame);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return Heard::End(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::End(None),
            }
        }
    }

    /// Says that it goes, and waits until the server has hung up.
    ///
    /// # Errors
    /// The connection is gone already.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.stream.close(None).await?;
        while let Some(Ok(_)) = self.stream.next().await {}
        Ok(())
    }

    /// The connection under the socket.
    pub fn into_stream(self) -> TcpStream {
        self.stream.into_inner()
    }
}
