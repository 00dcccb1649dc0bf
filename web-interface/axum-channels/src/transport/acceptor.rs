//! Where sockets come in: over HTTP by a route, or over any byte stream.

use std::sync::Arc;

use axum::{Router, routing::any};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{handshake, longpoll, mount::Mount, socket};
use crate::{
    api::{channels::Channels, connect::ConnectError, endpoint::Endpoint},
    protocol::Serializer,
};

/// The end of the declaration: channels begin to take sockets.
impl<A: Send + Sync + 'static> Channels<A> {
    /// A router that serves `<path>/websocket` and `<path>/longpoll`. Its sockets and topics belong to `endpoint`,
    /// which several mounts may share.
    pub fn mount<S: Clone + Send + Sync + 'static>(
        self,
        path: &str,
        endpoint: &Endpoint,
    ) -> Router<S> {
        self.accept(endpoint).router(path)
    }

    /// The same without a router: for sockets over another transport than a TCP connection.
    pub fn accept(self, endpoint: &Endpoint) -> Acceptor<A> {
        Acceptor(Arc::new(Mount::new(self, endpoint.clone())))
    }
}

/// Channels that belong to an endpoint and take sockets. Clones are the same acceptor.
pub struct Acceptor<A>(Arc<Mount<A>>);

impl<A> Clone for Acceptor<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A: Send + Sync + 'static> Acceptor<A> {
    /// A router that serves `<path>/websocket`, and `<path>/longpoll` for clients that cannot hold a
    /// socket open. A doubled slash before these, which stock clients write that were given `<path>/`,
    /// and a slash behind them do not matter.
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

    /// Runs one socket over a stream on which the WebSocket handshake is done, until it is closed:
    /// over memory, for instance, where a million sockets need no kernel. Version 2 is spoken.
    ///
    /// # Errors
    /// The endpoint is draining or full.
    pub async fn serve<S>(&self, stream: S, assigns: A) -> Result<(), ConnectError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let admission = self.0.endpoint.admit(self.0.settings.max_sockets)?;
        socket::run(
            stream,
            Serializer::V2,
            Arc::clone(&self.0),
            assigns,
            admission,
        )
        .await;
        Ok(())
    }
}
