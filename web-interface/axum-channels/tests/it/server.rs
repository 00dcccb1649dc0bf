//! The server under test, and the channels that it serves.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{extract::ConnectInfo, http::StatusCode};
use axum_channels::{
    Acceptor, Channel, Channels, Connect, ConnectError, Context, EndReason, Endpoint, JoinError,
    Joined, Origins, Outcome, Settings,
};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    io::DuplexStream,
    net::TcpListener,
    sync::{Semaphore, mpsc},
    task::JoinHandle,
};
use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};

use crate::{
    client::{Client, in_time},
    feed::Feed,
    resume::Log,
    room::Room,
};

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) endpoint: Endpoint,
    pub(crate) acceptor: Acceptor<User>,
    /// Lets one waiting callback go on for each permit.
    pub(crate) gate: Arc<Semaphore>,
    /// Feeds the first stream of the channel `feed`. Dropping it ends that stream.
    pub(crate) feed: mpsc::Sender<u64>,
    /// The second stream that `feed` follows.
    pub(crate) second_feed: mpsc::Sender<u64>,
    endings: mpsc::UnboundedReceiver<EndReason>,
}

/// What the connect hook says about a socket: its parameter `name`, its token and its peer.
#[derive(Default)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) token: Option<String>,
    pub(crate) peer: Option<SocketAddr>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Settings {
            origins: Origins::any(),
            ..Settings::default()
        })
        .await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let endpoint = Endpoint::new();
        let gate = Arc::new(Semaphore::new(0));
        let (ended, endings) = mpsc::unbounded_channel();
        let (feed, first) = mpsc::channel(64);
        let (second_feed, second) = mpsc::channel(64);
        let channels = Channels::on_connect(connect)
            .channel(
                "room:*",
                Room {
                    gate: Arc::clone(&gate),
                    ended,
                },
            )
            .channel("exact", Exact)
            .channel("log:*", Log)
            .channel("feed", Feed::new([first, second]))
            .socket_id(|user| (!user.name.is_empty()).then(|| format!("users:{}", user.name)))
            .settings(settings);
        let acceptor = channels.accept(&endpoint);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app: axum::Router = acceptor.router("/socket");
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self {
            address,
            endpoint,
            acceptor,
            gate,
            feed,
            second_feed,
            endings,
        }
    }

    /// A client over `size` bytes of memory in each direction.
    pub(crate) async fn in_memory(&self, size: usize) -> Client<DuplexStream> {
        let (ours, theirs) = tokio::io::duplex(size);
        drop(self.serve(theirs));
        Client::new(WebSocketStream::from_raw_socket(ours, Role::Client, None).await)
    }

    /// Serves a socket over a stream of the test's own.
    pub(crate) fn serve(&self, stream: DuplexStream) -> JoinHandle<()> {
        let acceptor = self.acceptor.clone();
        tokio::spawn(async move { acceptor.serve(stream, User::default()).await.unwrap() })
    }

    /// Waits for the next `terminate`, and returns its reason.
    pub(crate) async fn end_reason(&mut self) -> EndReason {
        in_time(self.endings.recv()).await.unwrap()
    }

    pub(crate) fn nothing_ended(&mut self) -> bool {
        self.endings.try_recv().is_err()
    }
}

async fn connect(connect: Connect) -> Result<User, ConnectError> {
    if connect.param("reject").is_some() {
        return Err(ConnectError::forbidden("rejected"));
    }
    if connect.param("rl").is_some() {
        return Err(ConnectError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "slow down",
        ));
    }
    let name = connect.param("user[name]").unwrap_or_default().to_owned();
    let peer = connect
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0);
    Ok(User {
        name,
        token: connect.token,
        peer,
    })
}

/// One topic, with typed parameters and no events.
struct Exact;

#[derive(Deserialize)]
struct ExactParams {
    name: String,
}

#[derive(Deserialize)]
enum NoEvents {}

impl Channel for Exact {
    type Assigns = User;
    type Params = ExactParams;
    type Event = NoEvents;
    type Info = ();
    type State = ();

    async fn join(
        &self,
        params: ExactParams,
        _: &Context<User>,
    ) -> Result<Joined<Self>, JoinError> {
        Ok(Joined::new(()).reply(&json!({ "hello": params.name })))
    }

    async fn handle(&self, _: &(), event: NoEvents, _: &Context<User>) -> Outcome {
        match event {}
    }
}

/// A short time, which takes no real time under a paused clock.
pub(crate) const SHORT: Duration = Duration::from_secs(1);
