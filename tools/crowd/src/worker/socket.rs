//! A connection: light enough that one process may have many.

use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Sink, Stream};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes, http};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::worker::frame::{self, Frame, JOIN, short};

/// What is read, and what is collected to be written, at a time.
const BUFFER: usize = 4 * 1024;

/// What may wait for a server that does not read.
const BACKLOG: usize = 1024 * 1024;

/// Why a connection is of no more use, for whoever counts reasons.
pub(crate) type Cause = String;

/// A connected WebSocket.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Whether something that was sent may not have left yet.
    unflushed: bool,
}

impl Socket {
    /// Connects, from this address if there is one.
    ///
    /// # Errors
    /// If nobody listens, or the handshake is refused.
    pub(crate) async fn connect(
        url: String,
        address: SocketAddr,
        source: Option<IpAddr>,
    ) -> Result<Socket, Cause> {
        let connected = dial(address, source).await;
        let connected = connected.map_err(|error| format!("cannot connect: {error}"))?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(BUFFER)
            .max_write_buffer_size(BACKLOG);
        match client_async_with_config(url, connected, Some(config)).await {
            Ok((stream, _)) => Ok(Socket {
                stream,
                unflushed: false,
            }),
            Err(Error::Http(answer)) => Err(refused(&answer)),
            Err(error) => Err(format!("the handshake failed: {error}")),
        }
    }

    /// Joins a topic and waits for the reply.
    ///
    /// # Errors
    /// If the server refuses, or the connection ends.
    pub(crate) async fn join(&mut self, topic: &str, params: &str) -> Result<(), Cause> {
        self.send(frame::join(topic, params))?;
        loop {
            let text = self.hear().await?;
            let frame = Frame::read(&text).filter(|frame| frame.reference == JOIN);
            if let Some(reply) = frame.and_then(|frame| frame.reply()) {
                return match reply.refusal() {
                    None => Ok(()),
                    Some(refusal) => Err(format!("the join was refused: {refusal}")),
                };
            }
        }
    }

    /// Sends a text without waiting; it leaves while [`Socket::hear`] waits.
    ///
    /// # Errors
    /// If the connection has ended, or the server has not read for long.
    pub(crate) fn send(&mut self, text: String) -> Result<(), Cause> {
        self.unflushed = true;
        Pin::new(&mut self.stream)
            .start_send(Message::text(text))
            .map_err(|error| match error {
                Error::WriteBufferFull(_) => "the server does not read what is sent".into(),
                error => ended(&error),
            })
    }

    /// The next text. Nothing is lost if this is not waited for to its end.
    ///
    /// # Errors
    /// If the connection ends.
    pub(crate) async fn hear(&mut self) -> Result<Utf8Bytes, Cause> {
        poll_fn(|cx| self.poll_hear(cx)).await
    }

    fn poll_hear(&mut self, cx: &mut Context<'_>) -> Poll<Result<Utf8Bytes, Cause>> {
        if self.unflushed {
            match Pin::new(&mut self.stream).poll_flush(cx) {
                Poll::Ready(Ok(())) => self.unflushed = false,
                // What the server said before it ended the connection is of more use.
                Poll::Ready(Err(_)) | Poll::Pending => {}
            }
        }
        loop {
            return match Pin::new(&mut self.stream).poll_next(cx) {
                Poll::Ready(Some(Ok(Message::Text(text)))) => Poll::Ready(Ok(text)),
                Poll::Ready(Some(Ok(Message::Close(frame)))) => Poll::Ready(Err(match frame {
                    Some(frame) => {
                        let code = u16::from(frame.code);
                        format!("closed by the server: {code} {}", short(&frame.reason))
                    }
                    None => "closed by the server".into(),
                })),
                Poll::Ready(Some(Ok(_))) => continue,
                Poll::Ready(Some(Err(error))) => Poll::Ready(Err(ended(&error))),
                Poll::Ready(None) => Poll::Ready(Err("the connection has ended".into())),
                Poll::Pending => Poll::Pending,
            };
        }
    }
}

async fn dial(address: SocketAddr, source: Option<IpAddr>) -> std::io::Result<TcpStream> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    if let Some(source) = source {
        socket.bind(SocketAddr::new(source, 0))?;
    }
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    // However it ends, its port is free for the next run at once.
    stream.set_zero_linger()?;
    Ok(stream)
}

fn refused(answer: &http::Response<Option<Vec<u8>>>) -> Cause {
    let body = answer.body().as_deref().unwrap_or_default();
    let body = String::from_utf8_lossy(body);
    let said = body.lines().next().unwrap_or_default();
    let refused = format!(
        "the handshake was refused: {} {}",
        answer.status(),
        short(said)
    );
    refused.trim_end().to_owned()
}

fn ended(error: &Error) -> Cause {
    format!("the connection has ended: {error}")
}
