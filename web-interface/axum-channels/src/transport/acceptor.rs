//! Accepts sockets: over HTTP by a route, or over any byte stream.

use std::sync::Arc;

use axum::{Router, routing::any};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{handshake, longpoll, mount::Mount, socket};
use crate::{
    api::{channels::Channels, connect::ConnectError, endpoint::Endpoint},
    protocol::Serializer,
};

/// The last step of the declaration: binds the channels to an endpoint.
impl<A: Send + Sync + 'static> Channels<A> {
    /// Returns a router that serves `<path>/websocket` and `<path>/longpoll`.
    ///
    /// Its sockets and topics belong to `endpoint`, which several mounts may share.
    pub fn mount<S: Clone + Send + Sync + 'static>(
        self,
        path: &str,
        endpoint: &Endpoint,
    ) -> Router<S> {
        self.accept(endpoint).router(path)
    }

    /// Binds the channels without a router, for sockets over another transport than TCP.
    pub fn accept(self, endpoint: &Endpoint) -> Acceptor<A> {
        Acceptor(Arc::new(Mount::new(self, endpoint.clone())))
    }
}

/// Channels bound to an endpoint, which accept sockets. Clones are the same acceptor.
pub struct Acceptor<A>(Arc<Mount<A>>);

impl<A> Clone for Acceptor<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A: Send + Sync + 'static> Acceptor<A> {
    /// Returns a router that serves `<path>/websocket` and `<path>/longpoll`.
    ///
    /// Both paths also work with a slash behind them, and with a doubled slash before their last
    /// part, which stock clients write if they are given `<path>/`.
    pub fn router<S: Clone + Send + Sync + 'static>(&self, path: &str) -> Router<S> {
        let path = path.trim_end_matches('/');
        let [socket, polls] = [(); 2].map(|()| Arc::clone(&self.0));
        let socket = any(move |request| handshake::answer(Arc::clone(&socket), request));
        let polls = any(move |request| longpoll::answer(Arc::clone(&polls), request));
        ["/", "//"].iter().fold(Router::new(), |router, slash| {
            router
                .route(&format!("{path}{slash}websocket"), socket.clone())
                .route(&format!("{path}{slash}websocket/"), socket.clone())
                .route(&format!("{path}{slash}longpoll"), polls.clone())
                .route(&format!("{path}{slash}longpoll/"), polls.clone())
        })
    }

    /// Runs one socket over a stream after its WebSocket handshake, until the socket is closed.
    ///
    /// The client speaks version 2. Over an in-memory stream, for instance, a million sockets need
    /// no kernel.
    ///
    /// # Errors
    /// If the endpoint is draining or full.
    pub async fn serve<S>(&self, stream: S, assigns: A) -> Result<(), ConnectError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let permit = self.0.endpoint.admit(self.0.settings.max_sockets)?;
        socket::run(stream, Serializer::V2, Arc::clone(&self.0), assigns, permit).await;
        Ok(())
    }
}
