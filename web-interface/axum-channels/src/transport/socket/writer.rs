//! Writes the frames of the outbox, as fast as the client reads.

use std::task::{Context, Poll, ready};

use futures_util::SinkExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        protocol::frame::{
            Frame,
            coding::{Data, OpCode},
        },
    },
};

use super::timeouts::Timeouts;
use crate::{
    metrics::Counters,
    protocol::{CloseReason, EncodedFrame},
    topics::outbox::Outbox,
};

/// Maximum frames of a batch, which the kernel gets in one call if they are small.
const MAX_BATCH_FRAMES: usize = 32;

/// How the writer ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct WriterEnd {
    pub(super) reason: CloseReason,
    /// Whether the last frame was written completely.
    pub(super) whole: bool,
}

/// The writer of one client.
#[derive(Debug, Default)]
pub(super) struct Writer {
    /// Frames that the library has taken and may not have flushed.
    batch: usize,
}

impl Writer {
    /// Writes frames until the socket is to be closed.
    pub(super) fn poll<S>(
        &mut self,
        cx: &mut Context<'_>,
        stream: &mut WebSocketStream<S>,
        outbox: &Outbox,
        timeouts: &mut Timeouts,
        counters: &Counters,
    ) -> Poll<WriterEnd>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        loop {
            if self.batch > 0 {
                match stream.poll_flush_unpin(cx) {
                    Poll::Ready(Ok(())) => {
                        self.batch = 0;
                        timeouts.clear_stall();
                    }
                    Poll::Ready(Err(_)) => return Poll::Ready(cut(CloseReason::Lost)),
                    Poll::Pending => {
                        timeouts.record_stall();
                        return outbox.poll_abrupt_close(cx).map(cut);
                    }
                }
            }
            if let Err(written) = ready!(self.fill(cx, stream, outbox, counters)) {
                return Poll::Ready(written);
            }
        }
    }

    /// Hands the next batch to the library; `Err` if the socket is to be closed.
    fn fill<S>(
        &mut self,
        cx: &mut Context<'_>,
        stream: &mut WebSocketStream<S>,
        outbox: &Outbox,
        counters: &Counters,
    ) -> Poll<Result<(), WriterEnd>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut bytes = 0;
        let end = |reason| {
            let whole = true;
            WriterEnd { reason, whole }
        };
        let (frame, mut behind) = ready!(outbox.poll_frame(cx)).map_err(end)?;
        counters.record_queue_length(1 + behind);
        let mut next = Some(frame);
        while let Some(frame) = next.take() {
            bytes += frame.len();
            self.batch += 1;
            let sent = stream.start_send_unpin(message(frame));
            sent.map_err(|_| cut(CloseReason::Lost))?;
            let is_ready = matches!(stream.poll_ready_unpin(cx), Poll::Ready(Ok(())));
            if behind > 0 && self.batch < MAX_BATCH_FRAMES && is_ready {
                behind -= 1;
                next = outbox.ready_frame();
            }
        }
        counters.sent(self.batch, bytes);
        Poll::Ready(Ok(()))
    }
}

/// An end after which a frame may be half written.
fn cut(reason: CloseReason) -> WriterEnd {
    let whole = false;
    WriterEnd { reason, whole }
}

/// Converts a frame for the library, without its check that text is UTF-8.
fn message(frame: EncodedFrame) -> Message {
    let kind = match frame.is_text() {
        true => Data::Text,
        false => Data::Binary,
    };
    Message::Frame(Frame::message(frame.into_bytes(), OpCode::Data(kind), true))
}
