//! One task for each socket: read, write, and poll the channels in between.

mod channel_set;
mod close_frame;
mod counting_stream;
mod input;
mod running_channel;
mod timeouts;
mod wake_flag;
mod writer;

use std::{
    future::{pending, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Sleep, sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        protocol::{Role, WebSocketConfig},
    },
};

pub(super) use self::channel_set::ChannelSet;
use self::{
    close_frame::{close_frame, close_reason_of},
    counting_stream::CountingStream,
    timeouts::{TimeoutLimits, Timeouts},
    wake_flag::WakeFlag,
    writer::{Writer, WriterEnd},
};
use crate::{
    api::settings::Settings,
    protocol::{CloseReason, Serializer},
    sockets::SocketPermit,
    topics::outbox::Outbox,
    transport::mount::Mount,
};

/// Passes in one poll, and intercepted broadcasts in one pass, before other tasks get their turn.
const MAX_PASSES: usize = 8;

/// Size of a socket's read and write buffers, in bytes. Most frames are smaller, and every idle
/// connection pays for the read buffer.
const BUFFER_SIZE: usize = 4096;

/// Maximum bytes of an incomplete message on the wire, as a multiple of `max_frame_bytes`. A
/// message may have any number of empty fragments; a fragment of one byte takes seven.
const MAX_FRAMING_FACTOR: usize = 8;

/// A close frame with code 1000, which answers a client's close frame.
const CLOSE_1000_FRAME: [u8; 4] = [0x88, 0x02, 0x03, 0xE8];

/// Runs a socket to its end, on a stream after the handshake.
pub(super) async fn run<A, S>(
    stream: S,
    serializer: Serializer,
    mount: Arc<Mount<A>>,
    assigns: A,
    permit: SocketPermit,
) where
    A: Send + Sync + 'static,
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let settings = &mount.settings;
    let (frames, bytes) = (settings.outbox_frames, settings.outbox_bytes);
    let outbox = Arc::new(Outbox::new(serializer, frames, bytes));
    permit.register(&outbox);
    let config = Some(config(settings));
    let stream = CountingStream::new(stream);
    let stream = WebSocketStream::from_raw_socket(stream, Role::Server, config).await;
    let channels = ChannelSet::new(Arc::clone(&mount), assigns, permit.id, Arc::clone(&outbox));
    let mut socket = Socket::new(stream, channels, outbox, settings);
    let written = {
        let mut timer = pin!(sleep(settings.idle_timeout));
        poll_fn(|cx| socket.poll(cx, timer.as_mut())).await
    };
    mount.endpoint.counters().closed(written.reason);
    let Socket {
        stream, channels, ..
    } = socket;
    // End the channels before the client gets the close frame.
    drop(channels);
    // Boxed, because the future of every open socket would reserve room for it.
    let close = Box::pin(close_handshake(stream, written));
    let _ = timeout(settings.close_timeout, close).await;
}

/// An open socket, as its task polls it.
struct Socket<A, S> {
    stream: WebSocketStream<CountingStream<S>>,
    channels: ChannelSet<A>,
    outbox: Arc<Outbox>,
    writer: Writer,
    timeouts: Timeouts,
    wake_flag: WakeFlag,
    /// Sets the wake flag and wakes the task.
    waker: Waker,
    /// Whether the socket still reads, and polls its channels.
    is_open: bool,
}

impl<A, S> Socket<A, S>
where
    A: Send + Sync + 'static,
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    fn new(
        stream: WebSocketStream<CountingStream<S>>,
        channels: ChannelSet<A>,
        outbox: Arc<Outbox>,
        settings: &Settings,
    ) -> Self {
        let wake_flag = WakeFlag::new();
        Self {
            stream,
            channels,
            outbox,
            writer: Writer::default(),
            timeouts: Timeouts::new(TimeoutLimits {
                silent: settings.idle_timeout,
                unread: settings.write_timeout,
            }),
            waker: wake_flag.waker(),
            wake_flag,
            is_open: true,
        }
    }

    /// Writes the queued frames. If the wake flag is set, also polls the connection, the channels
    /// and the timer, one event of each per pass, so that none starves the others.
    fn poll(&mut self, cx: &mut Context<'_>, mut timer: Pin<&mut Sleep>) -> Poll<WriterEnd> {
        self.wake_flag.register(cx.waker());
        for _ in 0..MAX_PASSES {
            let more = self.intercept(cx);
            let counters = self.channels.mount.endpoint.counters();
            let (stream, timeouts) = (&mut self.stream, &mut self.timeouts);
            let written = self
                .writer
                .poll(cx, stream, &self.outbox, timeouts, counters);
            if written.is_ready() {
                return written;
            }
            let is_set = self.wake_flag.take() || self.timeouts.is_stalled();
            let found = is_set && self.poll_once(timer.as_mut());
            if !found && !more {
                return Poll::Pending;
            }
            self.wake_flag.set();
        }
        // Every pass has found work: yield to the other tasks.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Passes broadcasts to the channels that intercept them. Returns whether more may follow.
    fn intercept(&mut self, cx: &mut Context<'_>) -> bool {
        for _ in 0..MAX_PASSES {
            if !self.is_open {
                return false;
            }
            let Poll::Ready((id, broadcast)) = self.outbox.poll_intercepted(cx) else {
                return false;
            };
            self.channels.intercept(id, &broadcast);
            self.wake_flag.set();
        }
        true
    }

    /// Polls the connection, the channels and the timer once. Returns whether any was ready.
    fn poll_once(&mut self, timer: Pin<&mut Sleep>) -> bool {
        let mut found = false;
        if self.is_open
            && !self.timeouts.is_paused()
            && let Some(read) = self.poll_read()
        {
            found = true;
            self.timeouts.record_read();
            match read {
                Ok(None) => {}
                // Backpressure: unread bytes wait in the kernel, and then at the client.
                Ok(Some(pause)) => self.timeouts.pause(pause),
                Err(reason) => self.close(reason),
            }
        }
        let cx = &mut Context::from_waker(&self.waker);
        if self.is_open
            && let Poll::Ready((id, event)) = self.channels.running.poll_next(cx)
        {
            found = true;
            self.channels.finish_callback(id, event);
        }
        let cx = &mut Context::from_waker(&self.waker);
        if (!found || self.timeouts.is_stalled())
            && let Poll::Ready(over) = self.timeouts.poll(cx, timer)
        {
            found = true;
            if let Some(reason) = over {
                self.timeouts.record_read();
                self.close(reason);
            }
        }
        found
    }

    fn close(&mut self, reason: CloseReason) {
        self.is_open = false;
        self.outbox.close(reason);
    }

    /// Reads one message, if one is ready. An `Err` closes the socket.
    fn poll_read(&mut self) -> Option<Result<Option<Duration>, CloseReason>> {
        let cx = &mut Context::from_waker(&self.waker);
        let Poll::Ready(message) = self.stream.poll_next_unpin(cx) else {
            let settings = &self.channels.mount.settings;
            let most = settings.max_frame_bytes.saturating_mul(MAX_FRAMING_FACTOR);
            let too_big = self.stream.get_ref().bytes_read() > most.max(BUFFER_SIZE);
            return too_big.then_some(Err(CloseReason::TooBig));
        };
        let cost = self.stream.get_mut().take_bytes_read();
        Some(self.receive(message, cost))
    }

    /// Receives a message that took `cost` bytes on the connection.
    fn receive(
        &mut self,
        message: Option<Result<Message, Error>>,
        cost: usize,
    ) -> Result<Option<Duration>, CloseReason> {
        match message {
            Some(Ok(Message::Text(text))) => self.channels.receive(&text, cost),
            Some(Ok(Message::Binary(bytes))) => self.channels.receive_binary(&bytes, cost),
            Some(Ok(Message::Close(_))) => Err(CloseReason::Client),
            // The library answers a ping at the next read.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => self.channels.receive_other(cost),
            Some(Ok(Message::Frame(_))) => Ok(None),
            Some(Err(error)) => Err(close_reason_of(&error)),
            None => Err(CloseReason::Lost),
        }
    }
}

fn config(settings: &Settings) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER_SIZE)
        .write_buffer_size(BUFFER_SIZE)
        .max_message_size(Some(settings.max_frame_bytes))
        .max_frame_size(Some(settings.max_frame_bytes))
}

/// Sends the close frame, and waits until the client has hung up: cutting a connection with bytes
/// unread resets it, which discards the close frame from the client's buffers.
///
/// A WebSocket client waits for the server to end the connection before it reports the socket as
/// closed. After a bad message the server leaves that to the caller's timeout: a stock client
/// reconnects immediately and may send the same message again, 70 times a second if nothing slows
/// it.
async fn close_handshake<S>(mut socket: WebSocketStream<S>, written: WriterEnd) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let WriterEnd { reason, whole } = written;
    match close_frame(reason) {
        None => return Ok(()),
        // The library would echo the client's own code, or send none.
        Some(_) if reason == CloseReason::Client && whole => {
            socket.get_mut().write_all(&CLOSE_1000_FRAME).await?;
        }
        Some(_) if reason == CloseReason::Client => socket.flush().await?,
        Some(frame) => socket.close(Some(frame)).await?,
    }
    let stream = socket.get_mut();
    if !reason.is_fault() {
        stream.shutdown().await?;
    }
    let mut unread = [0; 512];
    while stream.read(&mut unread).await? > 0 {}
    match reason.is_fault() {
        true => pending().await,
        false => Ok(()),
    }
}
