//! The server: its start, its routes and its shutdown.

use std::future::ready;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::{delete, get, post};
use axum_channels::{Channels, Drained, Endpoint, Origins, long_poll_refusals};
use islands_engine::journal::{Journal, MemoryJournal};
use islands_engine::{Games, Settings};
use islands_journal::RedbJournal;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::accept::{
    AcceptPolicy, MAX_CONNECTIONS, POLL_WINDOW, accept, limit_per_address, request_timeout,
    require_one_host,
};
use crate::address_limit::{AddressSemaphore, GamesPerAddress, percent_of};
use crate::app::App;
use crate::config::{Config, JournalAt};
use crate::game_channel::GameChannel;
use crate::game_rate_limiter::GameRateLimiter;
use crate::lobby::{self, Lobby};
use crate::lobby_channel::LobbyChannel;
use crate::metrics::{Metrics, count_responses, metrics_handler};
use crate::operator::{SystemFrom, operators_only};
use crate::proxy::identify_client;
use crate::refusal_reason::record_socket_refusal;
use crate::security::add_security_headers;
use crate::socket_client::SocketClient;
use crate::sweep::sweep;
use crate::{api, page, secret, system};
use islands_seats::SeatKey;

/// Maximum length of a request's body, in bytes.
const MAX_BODY: usize = 16 * 1024;

/// Maximum topics that one socket has joined at a time: games, and the lobby.
const MAX_JOINED: usize = 10;

/// How long each step of the shutdown may take.
const GRACE: Duration = Duration::from_secs(5);

/// A server that is listening.
pub struct Server {
    address: SocketAddr,
    app: App,
    endpoint: Endpoint,
    close: oneshot::Sender<()>,
    accepting: JoinHandle<()>,
    sweeping: JoinHandle<()>,
    lobby_task: JoinHandle<()>,
}

impl Server {
    /// Starts with the journal that the configuration names.
    ///
    /// # Errors
    /// One sentence that names the obstacle: the journal is damaged or another process
    /// has it open, the port is taken, a folder cannot be written.
    pub async fn start(config: &Config) -> Result<Server> {
        let journal: Arc<dyn Journal> = match &config.journal {
            JournalAt::Memory => Arc::new(MemoryJournal::new()),
            JournalAt::File(path) => Arc::new(RedbJournal::open(path)?),
        };
        Server::start_with(config, journal).await
    }

    /// Starts with `journal`.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_with(config: &Config, journal: Arc<dyn Journal>) -> Result<Server> {
        let settings = Settings {
            idle_after: config.idle_after,
            max_games: config.max_games,
            ..Settings::default()
        };
        // These can fail, so they come before the first process starts.
        let seat_key = SeatKey::new(&secret::load_or_create_key(config)?);
        let origins = origins(config)?;
        let listener = TcpListener::bind(config.listen).await.with_context(|| {
            let address = config.listen;
            format!("cannot listen on {address}; choose another address with --listen")
        })?;
        let address = listener.local_addr()?;
        let games = Games::start(settings, Arc::clone(&journal)).await?;
        let mut registry = Registry::default();
        games.register(&mut registry);
        let endpoint = Endpoint::new();
        let app = App {
            seat_key,
            game_rate_limiter: Arc::new(GameRateLimiter::new(config.games_per_minute)),
            games_per_address: GamesPerAddress::new(percent_of(
                config.max_games,
                config.address_share,
            )),
            lobby: Lobby::new(&endpoint),
            metrics: Metrics::new(&endpoint, registry),
            draining: Arc::default(),
            games,
        };
        let policy = AcceptPolicy {
            per_address: AddressSemaphore::new(percent_of(
                MAX_CONNECTIONS.into(),
                config.address_share,
            )),
            proxies: config.trusted_proxy.clone().into(),
            metrics: app.metrics.clone(),
        };
        let router = router(config, origins, &app, &endpoint, &policy);
        let (close, closed) = oneshot::channel();
        Ok(Server {
            address,
            lobby_task: tokio::spawn(app.lobby.clone().run()),
            app,
            endpoint,
            close,
            accepting: tokio::spawn(accept(listener, policy, router, closed)),
            sweeping: tokio::spawn(sweep(journal, config.keep, SystemTime::now)),
        })
    }

    /// The address in use.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Shuts down gracefully: refuses new sockets and drains the open ones, then
    /// finishes the requests under way, then stops the games. Nothing has to be saved.
    pub async fn shut_down(self) {
        self.app.draining.store(true, Ordering::Relaxed);
        if let Drained::Remaining(sockets) = self.endpoint.drain(GRACE).await {
            tracing::warn!(sockets, "some sockets did not close in time");
        }
        // Sending fails only if the accept loop has already ended.
        let _ = self.close.send(());
        if timeout(GRACE, self.accepting).await.is_err() {
            tracing::warn!("some requests were aborted");
        }
        self.app.games.shut_down().await;
        self.sweeping.abort();
        self.lobby_task.abort();
    }
}

/// Wraps the routes in the middleware that every request passes.
fn router(
    config: &Config,
    origins: Origins,
    app: &App,
    endpoint: &Endpoint,
    policy: &AcceptPolicy,
) -> Router {
    let system_from: SystemFrom = config.system_from.clone().into();
    Router::new()
        // As a fallback service: layers on the routes themselves would not see all of
        // their responses.
        .fallback_service(routes(config, origins, app, endpoint))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(request_timeout))
        .layer(from_fn_with_state(system_from, operators_only))
        .layer(from_fn_with_state(
            (policy.per_address.clone(), policy.proxies.clone()),
            limit_per_address,
        ))
        .layer(from_fn_with_state(policy.proxies.clone(), identify_client))
        .layer(from_fn(require_one_host))
        .layer(from_fn(long_poll_refusals))
        .layer(from_fn_with_state(app.metrics.clone(), count_responses))
        .layer(map_response(add_security_headers))
}

fn routes(config: &Config, origins: Origins, app: &App, endpoint: &Endpoint) -> Router {
    Router::new()
        .route("/", get(page::index))
        .route("/g/{game}", get(page::index))
        .route("/g/{game}/", get(page::index))
        .route("/static/{*path}", get(page::static_file))
        .route("/api/games", post(api::open_game))
        .route("/api/games/{game}", get(api::read_view))
        .route("/api/games/{game}/players", post(api::take_seat))
        .route("/api/games/{game}/events", get(api::read_events))
        .route("/api/system", get(system::read_tree))
        .route("/api/system/games/{game}", get(system::inspect))
        .route("/api/system/games/{game}/quarantine", delete(system::clear))
        .route("/healthz", get(api::healthz))
        .route("/readyz", get(api::readyz))
        .route("/metrics", get(metrics_handler))
        .fallback(api::not_found)
        .method_not_allowed_fallback(api::method_not_allowed)
        .with_state(app.clone())
        .merge(socket(config, origins, app, endpoint))
}

/// Returns the origins whose pages may open a socket.
///
/// # Errors
/// An entry of `--origin` is not an origin.
fn origins(config: &Config) -> Result<Origins> {
    let origins = if config.origin.is_empty() {
        Origins::same_origin()
    } else {
        Origins::list(config.origin.iter().map(String::as_str))?
    };
    Ok(origins.advice(
        "if its pages may play here, name it with --origin; if a proxy is in between that \
         changes the scheme or the host, name that with --trusted-proxy",
    ))
}

/// The route to the socket, and the channels behind it.
fn socket(config: &Config, origins: Origins, app: &App, endpoint: &Endpoint) -> Router {
    let settings = axum_channels::Settings {
        max_sockets: config.max_connections,
        max_channels: MAX_JOINED,
        long_poll_window: POLL_WINDOW,
        origins,
        ..axum_channels::Settings::default()
    };
    let sockets = AddressSemaphore::new(percent_of(config.max_connections, config.address_share));
    let channels =
        Channels::on_connect(move |connect| ready(SocketClient::admit(&connect, &sockets)));
    channels
        .settings(settings)
        .channel("game:*", GameChannel::new(app.clone()))
        .channel(lobby::TOPIC, LobbyChannel::new(app.clone()))
        .mount("/socket", endpoint)
        .layer(map_response(record_socket_refusal))
}
