//! One task for each socket: read, write, and poll the channels in between.

mod channels;
mod closing;
mod input;
mod member;
pub(crate) mod table;
mod watch;
mod writer;

use std::{future::poll_fn, pin::pin, sync::Arc};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    select,
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        protocol::{Role, WebSocketConfig},
    },
};

pub(crate) use self::{channels::Running, closing::Closing};
use self::{
    table::Admission,
    watch::{Patience, Watched},
    writer::Written,
};
use crate::{acceptor::Mount, outbox::Outbox, protocol::Serializer, settings::Settings};

/// Bytes that a socket reads at a time and gathers before it writes. Most frames are smaller, and
/// every idle connection pays for the first.
const BUFFER: usize = 4096;

/// A close frame with code 1000, which a client's own close is answered with.
const CLOSE_1000: [u8; 4] = [0x88, 0x02, 0x03, 0xE8];

/// Runs a socket on a stream whose handshake is done, to its end.
pub(crate) async fn run<A, S>(
    stream: S,
    serializer: Serializer,
    mount: Arc<Mount<A>>,
    assigns: A,
    admission: Admission,
) where
    A: Send + Sync + 'static,
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let settings = &mount.settings;
    let counters = mount.endpoint.counters();
    let (frames, bytes) = (settings.outbox_frames, settings.outbox_bytes);
    let outbox = Arc::new(Outbox::new(serializer, frames, bytes));
    admission.open(&outbox);
    let socket =
        WebSocketStream::from_raw_socket(stream, Role::Server, Some(config(settings))).await;
    let (mut sink, mut messages) = socket.split();
    let mut running = Running::new(
        Arc::clone(&mount),
        assigns,
        admission.id,
        Arc::clone(&outbox),
    );

    let written = {
        let watched = Watched::new();
        let patience = Patience {
            silent: settings.idle_timeout,
            unread: settings.write_timeout,
        };
        let mut timer = pin!(sleep(patience.silent));
        let mut writer = pin!(writer::write(&mut sink, &outbox, &watched, counters));
        let mut open = true;
        loop {
            select! {
                written = &mut writer => break written,
                message = messages.next(), if open => {
                    watched.hear();
                    if let Err(closing) = read(message, &mut running) {
                        open = false;
                        outbox.close(closing);
                    }
                }
                (id, happening) = running.members.next(), if open => running.take(id, happening),
                (id, broadcast) = poll_fn(|cx| outbox.poll_intercepted(cx)), if open => {
                    running.intercept(id, &broadcast);
                }
                closing = poll_fn(|cx| watched.poll(cx, timer.as_mut(), patience)) => {
                    open = false;
                    watched.hear();
                    outbox.close(closing);
                }
            }
        }
    };
    counters.closed(written.closing);
    running.terminate();
    if let Ok(socket) = messages.reunite(sink) {
        // In a box of its own, since every open socket holds room for the largest of its steps.
        let goodbye = Box::pin(say_goodbye(socket, written));
        let _ = timeout(settings.close_timeout, goodbye).await;
    }
}

fn config(settings: &Settings) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(Some(settings.max_frame))
        .max_frame_size(Some(settings.max_frame))
}

/// Takes what the client sent, or says why the socket ends.
fn read<A: Send + Sync + 'static>(
    message: Option<Result<Message, Error>>,
    running: &mut Running<A>,
) -> Result<(), Closing> {
    match message {
        Some(Ok(Message::Text(text))) => running.receive(&text),
        Some(Ok(Message::Binary(bytes))) => running.receive_binary(&bytes),
        Some(Ok(Message::Close(_))) => Err(Closing::Client),
        // A ping is answered below us as soon as we read on.
        Some(Ok(Message::Ping(data) | Message::Pong(data))) => running.receive_other(data.len()),
        Some(Ok(Message::Frame(_))) => Ok(()),
        Some(Err(error)) => Err(Closing::of(&error)),
        None => Err(Closing::Lost),
    }
}

/// Sends the close frame, and waits until the client has hung up: to cut a connection with bytes
/// unread would take the close frame back from the client's buffers.
async fn say_goodbye<S>(mut socket: WebSocketStream<S>, written: Written) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Written { closing, whole } = written;
    match closing.frame() {
        None => return Ok(()),
        // Left to itself the library would echo the client's own code, or none.
        Some(_) if closing == Closing::Client && whole => {
            socket.get_mut().write_all(&CLOSE_1000).await?;
        }
        Some(_) if closing == Closing::Client => socket.flush().await?,
        Some(frame) => socket.close(Some(frame)).await?,
    }
    let stream = socket.get_mut();
    stream.shutdown().await?;
    let mut unread = [0; 512];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
