//! A WebSocket connection, small enough for thousands in one process.

use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Sink, Stream};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes, http};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::worker::frame::{self, Frame, JOIN_REF, truncate};

/// Size of the read buffer and of the write buffer, in bytes.
const BUFFER_BYTES: usize = 4 * 1024;

/// Maximum bytes that wait for a server that does not read.
const MAX_UNSENT_BYTES: usize = 1024 * 1024;

/// Why a connection failed or ended, as text to count by.
pub(crate) type Reason = String;

/// A connected WebSocket.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Whether sent texts may still be in the write buffer.
    unflushed: bool,
}

impl Socket {
    /// Connects, from the address `source` if there is one.
    ///
    /// # Errors
    /// If the TCP connection fails, or the handshake fails or is refused.
    pub(crate) async fn connect(
        url: String,
        address: SocketAddr,
        source: Option<IpAddr>,
    ) -> Result<Socket, Reason> {
        let connected = connect_tcp(address, source).await;
        let connected = connected.map_err(|error| format!("cannot connect: {error}"))?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(BUFFER_BYTES)
            .max_write_buffer_size(MAX_UNSENT_BYTES);
        match client_async_with_config(url, connected, Some(config)).await {
            Ok((stream, _)) => Ok(Socket {
                stream,
                unflushed: false,
            }),
            Err(Error::Http(response)) => Err(refused(&response)),
            Err(error) => Err(format!("the handshake failed: {error}")),
        }
    }

    /// Joins a topic and waits for the reply.
    ///
    /// # Errors
    /// If the server refuses, or the connection ends.
    pub(crate) async fn join(&mut self, topic: &str, params: &str) -> Result<(), Reason> {
        self.send(frame::join(topic, params))?;
        loop {
            let text = self.receive().await?;
            let frame = Frame::read(&text).filter(|frame| frame.reference == JOIN_REF);
            if let Some(reply) = frame.and_then(|frame| frame.reply()) {
                return match reply.refusal() {
                    None => Ok(()),
                    Some(refusal) => Err(format!("the join was refused: {refusal}")),
                };
            }
        }
    }

    /// Sends a text without waiting; [`Socket::receive`] flushes it.
    ///
    /// # Errors
    /// If the connection has ended, or too many bytes wait for the server.
    pub(crate) fn send(&mut self, text: String) -> Result<(), Reason> {
        self.unflushed = true;
        Pin::new(&mut self.stream)
            .start_send(Message::text(text))
            .map_err(|error| match error {
                Error::WriteBufferFull(_) => "the server does not read what is sent".into(),
                error => ended(&error),
            })
    }

    /// Returns the next text. Cancel safe: dropping the future loses no text.
    ///
    /// # Errors
    /// If the connection ends.
    pub(crate) async fn receive(&mut self) -> Result<Utf8Bytes, Reason> {
        poll_fn(|cx| self.poll_receive(cx)).await
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<Utf8Bytes, Reason>> {
        if self.unflushed {
            match Pin::new(&mut self.stream).poll_flush(cx) {
                Poll::Ready(Ok(())) => self.unflushed = false,
                // Read on: a close frame from the server says more than this error.
                Poll::Ready(Err(_)) | Poll::Pending => {}
            }
        }
        loop {
            return match Pin::new(&mut self.stream).poll_next(cx) {
                Poll::Ready(Some(Ok(Message::Text(text)))) => Poll::Ready(Ok(text)),
                Poll::Ready(Some(Ok(Message::Close(frame)))) => Poll::Ready(Err(match frame {
                    Some(frame) => {
                        let code = u16::from(frame.code);
                        format!("closed by the server: {code} {}", truncate(&frame.reason))
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

async fn connect_tcp(address: SocketAddr, source: Option<IpAddr>) -> std::io::Result<TcpStream> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    if let Some(source) = source {
        socket.bind(SocketAddr::new(source, 0))?;
    }
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    // Closing resets the connection, which skips TIME_WAIT and frees the port for the next run.
    stream.set_zero_linger()?;
    Ok(stream)
}

fn refused(response: &http::Response<Option<Vec<u8>>>) -> Reason {
    let body = response.body().as_deref().unwrap_or_default();
    let body = String::from_utf8_lossy(body);
    let first_line = body.lines().next().unwrap_or_default();
    let refused = format!(
        "the handshake was refused: {} {}",
        response.status(),
        truncate(first_line)
    );
    refused.trim_end().to_owned()
}

fn ended(error: &Error) -> Reason {
    format!("the connection has ended: {error}")
}
