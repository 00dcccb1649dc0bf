//! A stream that counts the bytes read. The rate limiter charges a client for all of them and not
//! only for its messages, which may be split into any number of fragments.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

#[derive(Debug)]
pub(super) struct CountingStream<S> {
    stream: S,
    bytes_read: usize,
}

impl<S> CountingStream<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            bytes_read: 0,
        }
    }

    /// Bytes read since the last [`take_bytes_read`](Self::take_bytes_read).
    pub(super) fn bytes_read(&self) -> usize {
        self.bytes_read
    }

    pub(super) fn take_bytes_read(&mut self) -> usize {
        std::mem::take(&mut self.bytes_read)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for CountingStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.bytes_read += buffer.filled().len() - before;
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CountingStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
