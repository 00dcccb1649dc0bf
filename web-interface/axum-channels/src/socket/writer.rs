//! Writes what the outbox holds, as fast as the client reads and no faster.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use futures_util::{Sink, SinkExt};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{closing::Closing, watch::Watched};
use crate::{metrics::Counters, outbox::Outbox};

/// Frames that go to the kernel in one call, if they are small.
const BATCH: usize = 32;

/// How the writing ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) closing: Closing,
    /// Whether the last frame was written to its end.
    pub(super) whole: bool,
}

/// Writes until the socket is to be closed.
pub(super) async fn write<S>(
    sink: &mut S,
    outbox: &Outbox,
    watched: &Watched,
    counters: &Counters,
) -> Written
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
        let mut batch = pin!(batch(sink, outbox, frame, counters));
        let sent = poll_fn(|cx| match batch.as_mut().poll(cx) {
            Poll::Ready(sent) => Poll::Ready(sent.map_err(|_| Closing::Lost)),
            Poll::Pending => {
                watched.stall(cx);
                outbox.poll_cut(cx).map(Err)
            }
        });
        let sent = sent.await;
        watched.flow();
        if let Err(closing) = sent {
            let whole = false;
            return Written { closing, whole };
        }
    }
}

/// Sends one frame, and with it some of those that are ready behind it.
async fn batch<S>(
    sink: &mut S,
    outbox: &Outbox,
    frame: Message,
    counters: &Counters,
) -> Result<(), Error>
where
    S: Sink<Message, Error = Error> + Unpin,
{
    counters.waiting(1 + outbox.waiting());
    let (mut frames, mut bytes) = (1, frame.len());
    sink.feed(frame).await?;
    while frames < BATCH
        && let Some(frame) = outbox.ready_frame()
    {
        frames += 1;
        bytes += frame.len();
        sink.feed(frame).await?;
    }
    counters.sent(frames, bytes);
    sink.flush().await
}
