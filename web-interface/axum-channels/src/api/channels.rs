//! The routes from topics to channels, with their connect hook and settings.

use std::{future::Future, sync::Arc};

use super::{
    channel::Channel,
    connect::{Connect, ConnectError, ConnectHook},
    route::Route,
    settings::Settings,
};

/// Derives a socket's id from its assigns.
pub(crate) type SocketIdFn<A> = Box<dyn Fn(&A) -> Option<String> + Send + Sync>;

/// Routes topics to channels, with a connect hook and limits: the `UserSocket` of Phoenix.
#[must_use]
pub struct Channels<A = ()> {
    pub(crate) hook: ConnectHook<A>,
    pub(crate) socket_id: SocketIdFn<A>,
    pub(crate) routes: Vec<Route<A>>,
    pub(crate) settings: Settings,
}

impl Channels {
    /// Creates an empty set of routes without a connect hook; sockets carry no assigns.
    pub fn new() -> Self {
        Self::on_connect(|_| std::future::ready(Ok(())))
    }
}

impl Default for Channels {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Send + Sync + 'static> Channels<A> {
    /// Creates an empty set of routes with a connect hook, Phoenix's `connect/3`.
    ///
    /// The hook runs for every client that connects. It returns the socket's assigns, which all its
    /// channels can read ([`Context::assigns`](crate::Context::assigns)), or an error that refuses
    /// the client.
    ///
    /// ```
    /// use axum_channels::{Channels, Connect, ConnectError};
    ///
    /// struct User(String);
    ///
    /// let channels = Channels::on_connect(|connect: Connect| async move {
    ///     connect.token.map(User).ok_or_else(|| ConnectError::forbidden("a token is needed"))
    /// });
    /// # drop(channels);
    /// ```
    pub fn on_connect<F, R>(hook: F) -> Self
    where
        F: Fn(Connect) -> R + Send + Sync + 'static,
        R: Future<Output = Result<A, ConnectError>> + Send + 'static,
    {
        Self {
            hook: Arc::new(move |connect| Box::pin(hook(connect))),
            socket_id: Box::new(|_| None),
            routes: Vec::new(),
            settings: Settings::default(),
        }
    }

    /// Routes one topic (`lobby`), or all topics with a prefix (`game:*`), to a channel. The first
    /// route that matches a topic wins.
    pub fn channel<C: Channel<Assigns = A>>(mut self, pattern: &str, channel: C) -> Self {
        self.routes.push(Route::new(pattern, channel));
        self
    }

    /// Gives sockets an id, such as `users:7`, as `id/1` does in Phoenix.
    /// [`Endpoint::disconnect`](crate::Endpoint::disconnect) closes all sockets with an id, for
    /// example when a user logs out.
    ///
    /// ```
    /// use axum_channels::{Channels, Connect, ConnectError};
    ///
    /// struct User(u64);
    ///
    /// let channels = Channels::on_connect(|_: Connect| async { Ok::<_, ConnectError>(User(7)) })
    ///     .socket_id(|User(number)| Some(format!("users:{number}")));
    /// # drop(channels);
    /// ```
    pub fn socket_id(mut self, id: impl Fn(&A) -> Option<String> + Send + Sync + 'static) -> Self {
        self.socket_id = Box::new(id);
        self
    }

    /// Sets the limits.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
}
