//! Where sockets come in: over HTTP by a route, or over any byte stream.

use std::sync::Arc;

use axum::{Router, http::request::Parts, routing::any};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

use crate::{
    channels::{Channels, Identify},
    connect::{ConnectHook, Refused},
    endpoint::Endpoint,
    handshake,
    live::AnyChannel,
    log_limiter::LogLimiter,
    longpoll::{self, Sessions},
    pace::Rates,
    protocol::{Pattern, Serializer},
    settings::Settings,
    socket,
};

/// Channels that belong to an endpoint and take sockets. Clones are the same acceptor.
pub struct Acceptor<A>(Arc<Mount<A>>);

/// What all sockets of a mount share.
pub(crate) struct Mount<A> {
    pub(crate) hook: ConnectHook<A>,
    pub(crate) identify: Identify<A>,
    pub(crate) patterns: Arc<[Pattern]>,
    /// One for each pattern.
    pub(crate) channels: Vec<Arc<dyn AnyChannel<A>>>,
    pub(crate) settings: Settings,
    pub(crate) rates: Rates,
    /// From when on the rates count.
    pub(crate) began: Instant,
    pub(crate) sessions: Sessions,
    pub(crate) origin_warnings: LogLimiter,
    pub(crate) endpoint: Endpoint,
}

impl<A> Mount<A> {
    /// Whether the page that a request comes from, if one does, may have a socket.
    pub(crate) fn admits_origin(&self, parts: &Parts) -> bool {
        let origins = &self.settings.origins;
        origins.admit(&parts.headers, &parts.extensions, &self.origin_warnings)
    }
}

impl<A> Clone for Acceptor<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A: Send + Sync + 'static> Acceptor<A> {
    pub(crate) fn new(channels: Channels<A>, endpoint: Endpoint) -> Self {
        let Channels {
            hook,
            identify,
            routes,
            settings,
        } = channels;
        let settings = settings.countable();
        let (patterns, channels): (Vec<_>, Vec<_>) = routes
            .into_iter()
            .map(|route| (route.pattern, route.channel))
            .unzip();
        Self(Arc::new(Mount {
            hook,
            identify,
            patterns: patterns.into(),
            channels,
            rates: Rates::new(&settings),
            began: Instant::now(),
            settings,
            sessions: Sessions::default(),
            origin_warnings: LogLimiter::default(),
            endpoint,
        }))
    }

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
    pub async fn serve<S>(&self, stream: S, assigns: A) -> Result<(), Refused>
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
