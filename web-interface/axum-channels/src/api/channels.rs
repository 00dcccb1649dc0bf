//! The routes from topics to channels.

use std::{future::Future, sync::Arc};

use super::{
    channel::Channel,
    connect::{Connect, ConnectError, ConnectHook},
    route::Route,
    settings::Settings,
};

/// The id of a socket, by what the connect hook says about it.
pub(crate) type Identify<A> = Box<dyn Fn(&A) -> Option<String> + Send + Sync>;

/// Which channel answers for which topic, who may connect, and within which bounds.
#[must_use]
pub struct Channels<A = ()> {
    pub(crate) hook: ConnectHook<A>,
    pub(crate) identify: Identify<A>,
    pub(crate) routes: Vec<Route<A>>,
    pub(crate) settings: Settings,
}

impl Channels {
    /// No channels yet; everyone may connect, and sockets carry no assigns.
    pub fn new() -> Self {
        Self::connecting(|_| std::future::ready(Ok(())))
    }
}

impl Default for Channels {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Send + Sync + 'static> Channels<A> {
    /// No channels yet; the hook sees every client that wants to connect, and answers with what all
    /// channels of its socket shall know ([`Context::assigns`](crate::Context::assigns)), or with a
    /// refusal.
    ///
    /// ```
    /// use axum_channels::{Channels, Connect, ConnectError};
    ///
    /// struct User(String);
    ///
    /// let channels = Channels::connecting(|connect: Connect| async move {
    ///     connect.token.map(User).ok_or_else(|| ConnectError::forbidden("a token is needed"))
    /// });
    /// # drop(channels);
    /// ```
    pub fn connecting<F, R>(hook: F) -> Self
    where
        F: Fn(Connect) -> R + Send + Sync + 'static,
        R: Future<Output = Result<A, ConnectError>> + Send + 'static,
    {
        Self {
            hook: Arc::new(move |connect| Box::pin(hook(connect))),
            identify: Box::new(|_| None),
            routes: Vec::new(),
            settings: Settings::default(),
        }
    }

    /// Routes a topic (`lobby`), or all topics that begin alike (`game:*`), to a channel. The first
    /// route that fits is taken.
    pub fn channel<C: Channel<Assigns = A>>(mut self, pattern: &str, channel: C) -> Self {
        self.routes.push(Route::new(pattern, channel));
        self
    }

    /// Gives sockets an id, such as `users:7`, by which all sockets of a user are closed when they
    /// log out: see [`Endpoint::disconnect`](crate::Endpoint::disconnect).
    ///
    /// ```
    /// use axum_channels::{Channels, Connect, ConnectError};
    ///
    /// struct User(u64);
    ///
    /// let channels = Channels::connecting(|_: Connect| async { Ok::<_, ConnectError>(User(7)) })
    ///     .identify(|User(number)| Some(format!("users:{number}")));
    /// # drop(channels);
    /// ```
    pub fn identify(mut self, id: impl Fn(&A) -> Option<String> + Send + Sync + 'static) -> Self {
        self.identify = Box::new(id);
        self
    }

    /// Sets the bounds.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
}
