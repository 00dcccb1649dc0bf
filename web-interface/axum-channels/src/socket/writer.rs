//! Writes what the outbox holds, as fast as the client reads and no faster.

use std::{future::poll_fn, time::Duration};

use futures_util::{Sink, SinkExt};
use tokio::{select, time::timeout};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::closing::Closing;
use crate::outbox::Outbox;

/// Frames that go to the kernel in one call, if they are small.
const BATCH: usize = 32;

/// How the writing ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) closing: Closing,
    /// Whether the last frame was written to its end.
    pub(super) whole: bool,
}

/// Writes until the socket is to be closed. A batch of frames that takes longer than `limit`
/// ends it, too.
pub(super) async fn write<S>(sink: &mut S, outbox: &Outbox, limit: Duration) -> Written
where
    S: Sink<Message, Error = Error> + Unpin,
{
    loop {
        let frame = match poll_fn(|cx| outbox.poll_frame(cx)).await {
            Ok(frame) => frame,
            Err(closing) => {
                return Written {
                    closing,
                    whole: true,
                };
            }
        };
        select! {
            biased;
            sent = timeout(limit, batch(sink, outbox, frame)) => match sent {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Written { closing: Closing::Lost, whole: false },
                Err(_) => return Written { closing: Closing::Slow, whole: false },
            },
            closing = poll_fn(|cx| outbox.poll_cut(cx)) => return Written { closing, whole: false },
        }
    }
}

/// Sends one frame, and with it some of those that are ready behind it.
async fn batch<S>(sink: &mut S, outbox: &Outbox, frame: Message) -> Result<(), Error>
where
    S: Sink<Message, Error = Error> + Unpin,
{
    sink.feed(frame).await?;
    for _ in 1..BATCH {
        let Some(frame) = outbox.ready_frame() else {
            break;
        };
        sink.feed(frame).await?;
    }
    sink.flush().await
}
