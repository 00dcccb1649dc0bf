//! The accept loop: admits connections, limits them and ends them.

use std::io::Write;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::Version;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::address_limit::AddressSemaphore;
use crate::api_error::{AddressResource, ApiError};
use crate::metrics::Metrics;
use crate::proxy::{ClientAddress, TrustedProxies};
use crate::refusal_reason::RefusalReason;

/// Maximum connections that are not sockets. Past it a new connection waits until one
/// ends, which is soon, since each has a deadline. Sockets have a limit of their own. A
/// browser that loads the page opens six connections, so a quarter of these is enough
/// for 150 people behind one address that all begin at once.
pub(crate) const MAX_CONNECTIONS: u16 = 4_000;

/// Read buffer of a connection in bytes, which also bounds the head of a request.
const BUFFER: usize = 32 * 1024;

/// How long a client may take to send the head of its first or its next request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request may take from its head to its answer, its body included.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a poll waits for a message. Less than [`REQUEST_TIMEOUT`], so that it is
/// answered in time.
pub(crate) const POLL_WINDOW: Duration = Duration::from_secs(8);

/// How long a connection that does not become a socket takes new requests.
const LIFETIME: Duration = Duration::from_secs(300);

/// How long after that the last answer may take, including the time to send it.
const LAST_ANSWER: Duration = Duration::from_secs(20);

/// Pause after `accept` fails, for instance because no file descriptor is free.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Decides which connections the server accepts.
pub(crate) struct AcceptPolicy {
    /// The permits of each address: a connection takes one or, behind a trusted proxy,
    /// a request.
    pub(crate) per_address: AddressSemaphore,
    /// The proxies, whose connections carry the requests of many clients.
    pub(crate) proxies: TrustedProxies,
    /// Counts open connections and refusals.
    pub(crate) metrics: Metrics,
}

/// Accepts connections until `close` fires, then waits until the requests under way are
/// answered.
pub(crate) async fn accept(
    listener: TcpListener,
    policy: AcceptPolicy,
    router: Router,
    mut close: oneshot::Receiver<()>,
) {
    let semaphore = Arc::new(Semaphore::new(MAX_CONNECTIONS.into()));
    let closing = watch::Sender::new(());
    loop {
        let next = async {
            // The semaphore is never closed.
            let permit = Arc::clone(&semaphore).acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        tokio::select! {
            (permit, accepted) = next => match accepted {
                Ok((stream, peer)) => {
                    let is_proxy = policy.proxies.contains(&peer.ip().to_canonical());
                    let address_permit = policy.per_address.try_acquire(peer.ip()).filter(|_| !is_proxy);
                    if address_permit.is_none() && !is_proxy {
                        policy.refuse(stream);
                        continue;
                    }
                    // Nagle's algorithm would delay a frame by up to 40 ms. If the
                    // option cannot be set, the server is slower but works.
                    let _ = stream.set_nodelay(true);
                    let connected = policy.metrics.count_connection();
                    let serving = serve(stream, peer, router.clone(), closing.subscribe());
                    tokio::spawn(async move {
                        serving.await;
                        drop((permit, address_permit, connected));
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_RETRY).await;
                }
            },
            // Dropping the server drops the sender, which ends the loop too.
            _ = &mut close => break,
        }
    }
    drop(listener);
    closing.send_replace(());
    // With every permit back, all connections have ended.
    let _ = semaphore.acquire_many(MAX_CONNECTIONS.into()).await;
}

impl AcceptPolicy {
    /// Sends the refusal without waiting, and hangs up. A client whose request has
    /// already arrived may see only the end of the connection.
    fn refuse(&self, stream: TcpStream) {
        let (resource, limit) = (AddressResource::Connections, self.per_address.limit());
        let answer = ApiError::AddressLimitReached { resource, limit }.to_http_response();
        self.metrics
            .count_refusal(RefusalReason::AddressConnections);
        // A write that would block is skipped, so a slow client holds nothing up.
        let _ = stream
            .into_std()
            .and_then(|mut stream| stream.write_all(answer.as_bytes()));
    }
}

/// Answers requests until the connection ends or becomes a socket. After [`LIFETIME`],
/// or when the server closes, it finishes the request under way and ends.
async fn serve<S>(stream: S, peer: SocketAddr, router: Router, mut closing: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    tokio::select! {
        // The client is gone, so the error has no reader.
        _ = connection.as_mut() => return,
        _ = closing.changed() => {}
        () = sleep(LIFETIME) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(LAST_ANSWER, connection).await;
}

/// Refuses an HTTP/1.1 request without a `Host`, and any request with two or an invalid
/// one (RFC 9112, section 3.2): a proxy in front may have read another host from it.
pub(crate) async fn require_one_host(request: Request<Body>, next: Next) -> Response {
    let mut hosts = request.headers().get_all(HOST).iter();
    let is_sound = match (hosts.next(), hosts.next()) {
        (None, _) => request.version() != Version::HTTP_11,
        (Some(host), None) => host.is_empty() || Authority::try_from(host.as_bytes()).is_ok(),
        (Some(_), Some(_)) => false,
    };
    if !is_sound {
        return ApiError::BadHost.into_response();
    }
    next.run(request).await
}

/// Bounds the time to an answer: a body that never ends must not hold its permit for
/// ever.
pub(crate) async fn request_timeout(request: Request<Body>, next: Next) -> Response {
    let answer = timeout(REQUEST_TIMEOUT, next.run(request)).await;
    answer.unwrap_or_else(|_| ApiError::TooSlow.into_response())
}

/// Acquires a permit of the client's address for a request that a proxy forwards. Other
/// requests are covered by the permit of their connection.
pub(crate) async fn limit_per_address(
    State((per_address, proxies)): State<(AddressSemaphore, TrustedProxies)>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(ClientAddress(client)): Extension<ClientAddress>,
    request: Request<Body>,
    next: Next,
) -> Response {
    if !proxies.contains(&peer.ip().to_canonical()) {
        return next.run(request).await;
    }
    let Some(_permit) = per_address.try_acquire(client) else {
        let (resource, limit) = (AddressResource::Requests, per_address.limit());
        return ApiError::AddressLimitReached { resource, limit }.into_response();
    };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::Instant;

    use super::*;

    /// A connection that buffers `bytes`, to a server that answers after the time that
    /// a poll waits.
    fn connect(bytes: usize) -> (DuplexStream, JoinHandle<()>) {
        let answer = get(async || {
            sleep(POLL_WINDOW).await;
            "polled"
        });
        let router = Router::new().route("/", answer);
        let (ours, theirs) = duplex(bytes);
        let peer = SocketAddr::from(([127, 0, 0, 1], 9));
        let served = tokio::spawn(async move {
            // Held, since dropping it would close the server.
            let closing = watch::Sender::new(());
            serve(theirs, peer, router, closing.subscribe()).await;
        });
        (ours, served)
    }

    async fn send_poll(connection: &mut DuplexStream) {
        let request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        connection.write_all(request).await.unwrap();
    }

    async fn poll(connection: &mut DuplexStream) -> String {
        send_poll(connection).await;
        let mut answer = String::new();
        while !answer.ends_with("polled") {
            let byte = connection.read_u8().await.expect("the whole answer");
            answer.push(char::from(byte));
        }
        answer
    }

    /// Polls until only the last poll is left.
    async fn poll_until_closed(connection: &mut DuplexStream) {
        let began = Instant::now();
        // Shifts the polls, so that the lifetime ends in the middle of one.
        sleep(Duration::from_secs(1)).await;
        while began.elapsed() + POLL_WINDOW < LIFETIME {
            assert!(!poll(connection).await.contains("connection: close"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_at_its_maximum_age_finishes_its_poll_and_accepts_no_other() {
        let (mut connection, served) = connect(4096);
        let began = Instant::now();
        poll_until_closed(&mut connection).await;
        let last = poll(&mut connection).await;
        assert!(began.elapsed() > LIFETIME);
        assert!(last.contains("connection: close"), "{last}");
        served.await.unwrap();
        assert_eq!(connection.read(&mut [0]).await.unwrap(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_its_last_response_is_disconnected() {
        let (mut connection, served) = connect(64);
        let began = Instant::now();
        poll_until_closed(&mut connection).await;
        send_poll(&mut connection).await;
        served.await.unwrap();
        assert_eq!(began.elapsed(), LIFETIME + LAST_ANSWER);
    }
}
