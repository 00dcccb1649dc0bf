//! The configuration and the state that all sockets of a mount share.

use std::sync::Arc;

use axum::http::request::Parts;
use tokio::time::Instant;

use super::{longpoll::LongPollSessions, rate_limiter::Costs};
use crate::{
    api::{
        channels::{Channels, SocketIdFn},
        connect::ConnectHook,
        endpoint::Endpoint,
        erased::ErasedChannel,
        log_limiter::LogLimiter,
        settings::Settings,
    },
    protocol::Pattern,
};

/// Channels bound to an endpoint, with their settings and the state that their sockets share.
pub(crate) struct Mount<A> {
    pub(crate) hook: ConnectHook<A>,
    pub(crate) socket_id: SocketIdFn<A>,
    pub(crate) patterns: Arc<[Pattern]>,
    /// One for each pattern.
    pub(crate) channels: Vec<Arc<dyn ErasedChannel<A>>>,
    pub(crate) settings: Settings,
    pub(crate) costs: Costs,
    /// Time zero of the rate limiters.
    pub(crate) started_at: Instant,
    pub(crate) long_poll_sessions: LongPollSessions,
    pub(crate) origin_warnings: LogLimiter,
    pub(crate) endpoint: Endpoint,
}

impl<A: Send + Sync + 'static> Mount<A> {
    pub(crate) fn new(channels: Channels<A>, endpoint: Endpoint) -> Self {
        let Channels {
            hook,
            socket_id,
            routes,
            settings,
        } = channels;
        let settings = settings.clamp_durations();
        let (patterns, channels): (Vec<_>, Vec<_>) = routes
            .into_iter()
            .map(|route| (route.pattern, route.channel))
            .unzip();
        Self {
            hook,
            socket_id,
            patterns: patterns.into(),
            channels,
            costs: Costs::new(&settings),
            started_at: Instant::now(),
            settings,
            long_poll_sessions: LongPollSessions::default(),
            origin_warnings: LogLimiter::default(),
            endpoint,
        }
    }
}

impl<A> Mount<A> {
    /// Whether the origin of a request, if it has one, may open a socket.
    pub(crate) fn admits_origin(&self, parts: &Parts) -> bool {
        let origins = &self.settings.origins;
        origins.admit(&parts.headers, &parts.extensions, &self.origin_warnings)
    }
}
