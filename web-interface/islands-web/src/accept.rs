//! Connections, before one of them becomes a socket: let in, bounded, seen off.

use std::io::Write;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::timeout;
use tower::ServiceExt;

use crate::denial::{Denial, Share};
use crate::metrics::{Metrics, TurnedAway};
use crate::proxy::{ClientAddress, TrustedProxies};
use crate::share::Shares;

/// Connections that are not sockets, at a time. Past it a new one waits until
/// one ends, and each has to end soon. Sockets are counted elsewhere. A browser
/// that loads the page opens six, so a quarter of these is enough for 150 people
/// behind one address who all begin at once.
pub(crate) const MAX_CONNECTIONS: u16 = 4_000;

/// Bytes that a connection reads at a time, and so the longest head of a request.
const BUFFER: usize = 32 * 1024;

/// How long a client may take to send the head of its first or its next request.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// How long a request may take from its head to its answer, its body included.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// How long a poll waits for something to come, which it is answered within.
pub(crate) const POLL_WAITS: Duration = Duration::from_secs(8);

/// How long a connection may last in all that does not become a socket.
const LIFETIME: Duration = Duration::from_secs(300);

/// How long to wait when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// Who is let in.
pub(crate) struct Door {
    /// The places of each address: one for a connection and, by way of a trusted
    /// proxy, one for a request.
    pub(crate) shares: Shares,
    /// Whose connections carry the requests of many.
    pub(crate) proxies: TrustedProxies,
    /// Where all of it is counted.
    pub(crate) metrics: Metrics,
}

/// Lets connections in until it is told to close, and then waits until the
/// requests under way are answered.
pub(crate) async fn accept(
    listener: TcpListener,
    door: Door,
    router: Router,
    mut close: oneshot::Receiver<()>,
) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS.into()));
    let closing = watch::Sender::new(());
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        tokio::select! {
            (place, accepted) = next => match accepted {
                Ok((stream, peer)) => {
                    let share = door.shares.take(peer.ip());
                    if share.is_none() && !door.proxies.contains(&peer.ip().to_canonical()) {
                        door.turn_away(stream);
                        continue;
                    }
                    let connected = door.metrics.connected();
                    let serving = serve(stream, peer, router.clone(), closing.subscribe());
                    tokio::spawn(async move {
                        // However it ended, nobody is left to be told.
                        let _ = timeout(LIFETIME, serving).await;
                        drop((place, share, connected));
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot let a connection in");
                    tokio::time::sleep(NO_ROOM).await;
                }
            },
            // A server that is dropped goes down too.
            _ = &mut close => break,
        }
    }
    drop(listener);
    closing.send_replace(());
    // When all places are free again, all connections have ended.
    let _ = places.acquire_many(MAX_CONNECTIONS.into()).await;
}

impl Door {
    /// Says why, as far as that can be done at once, and hangs up. A client whose
    /// request has arrived already may see no more than the end.
    fn turn_away(&self, stream: TcpStream) {
        let (of, limit) = (Share::Connections, self.shares.limit());
        let answer = Denial::ShareTaken { of, limit }.as_last_answer();
        self.metrics.turned_away(TurnedAway::AddressConnections);
        // Nothing is owed to one that does not listen.
        let _ = stream
            .into_std()
            .and_then(|mut stream| stream.write_all(answer.as_bytes()));
    }
}

/// Answers requests until the connection ends or becomes a socket, or until the
/// one under way is answered when the server closes.
async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut closing: watch::Receiver<()>,
) -> hyper::Result<()> {
    // A frame that waited for others to share its packet would be 40 ms late.
    // Where this cannot be chosen, the server is as good but slower.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    tokio::select! {
        served = connection.as_mut() => served,
        _ = closing.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    }
}

/// Answers in time, if only with a refusal: a body that never ends must not keep
/// its place for ever.
pub(crate) async fn in_time(request: Request<Body>, next: Next) -> Response {
    let answer = timeout(ANSWER_WITHIN, next.run(request)).await;
    answer.unwrap_or_else(|_| Denial::TooSlow.into_response())
}

/// Takes a place of the client for a request that came by way of a proxy. One
/// that did not has the place of its connection.
pub(crate) async fn in_its_place(
    State(shares): State<Shares>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(ClientAddress(client)): Extension<ClientAddress>,
    request: Request<Body>,
    next: Next,
) -> Response {
    if client == peer.ip().to_canonical() {
        return next.run(request).await;
    }
    let Some(_place) = shares.take(client) else {
        let (of, limit) = (Share::Requests, shares.limit());
        return Denial::ShareTaken { of, limit }.into_response();
    };
    next.run(request).await
}
