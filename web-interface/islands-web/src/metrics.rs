//! Metrics for operators: open sockets and connections, responses, joins, and refused
//! clients.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_channels::Endpoint;
use islands_core::Viewer;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::api_error::ApiError;
use crate::refusal_reason::RefusalReason;
use crate::wire_metrics::WireMetrics;

/// A label and its value, from a fixed set and never from a client's input, so that the
/// number of series is bounded.
type Label = [(&'static str, &'static str); 1];

const STATUS_CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The metrics. Clones share them.
#[derive(Clone)]
pub(crate) struct Metrics {
    endpoint: Endpoint,
    sockets: Gauge,
    connections: Gauge,
    responses: Family<Label, Counter>,
    refusals: Family<Label, Counter>,
    joins: Family<Label, Counter>,
    registry: Arc<Registry>,
}

impl Metrics {
    /// Adds the metrics of the web layer to those already in `registry`.
    pub(crate) fn new(endpoint: &Endpoint, mut registry: Registry) -> Metrics {
        let mut metrics = Metrics {
            endpoint: endpoint.clone(),
            sockets: Gauge::default(),
            connections: Gauge::default(),
            responses: Family::default(),
            refusals: Family::default(),
            joins: Family::default(),
            registry: Arc::default(),
        };
        // Create each series at 0, so that its rate is right from the first event.
        for class in STATUS_CLASSES {
            drop(metrics.responses.get_or_create(&[("status", class)]));
        }
        for reason in RefusalReason::ALL {
            let label = [("reason", reason.label())];
            drop(metrics.refusals.get_or_create(&label));
        }
        for viewer in ["player", "spectator"] {
            drop(metrics.joins.get_or_create(&[("outcome", viewer)]));
        }
        registry.register(
            "islands_sockets",
            "Sockets that are open: players and watchers",
            metrics.sockets.clone(),
        );
        registry.register(
            "islands_connections",
            "Connections that are open and no sockets",
            metrics.connections.clone(),
        );
        registry.register(
            "islands_http_responses",
            "Answers to HTTP requests by class of status; a socket that opens is a 1xx",
            metrics.responses.clone(),
        );
        registry.register(
            "islands_turned_away",
            "Clients turned away, by the limit that was reached or the check that failed",
            metrics.refusals.clone(),
        );
        registry.register(
            "islands_joins",
            "Joins of games: as player or spectator, or the reason of the refusal",
            metrics.joins.clone(),
        );
        registry.register_collector(Box::new(WireMetrics(endpoint.clone())));
        metrics.registry = Arc::new(registry);
        metrics
    }

    /// Counts a connection until the guard is dropped.
    pub(crate) fn count_connection(&self) -> ConnectionGuard {
        self.connections.inc();
        ConnectionGuard(self.connections.clone())
    }

    /// Counts a refused client.
    pub(crate) fn count_refusal(&self, reason: RefusalReason) {
        let label = [("reason", reason.label())];
        self.refusals.get_or_create(&label).inc();
    }

    /// Counts an attempt to join a game.
    pub(crate) fn count_join(&self, outcome: Result<Viewer, &ApiError>) {
        let outcome = match outcome {
            Ok(Viewer::Player(_)) => "player",
            Ok(Viewer::Spectator) => "spectator",
            Err(api_error) => {
                if let Some(reason) = api_error.refusal_reason() {
                    self.count_refusal(reason);
                }
                api_error.reason()
            }
        };
        self.joins.get_or_create(&[("outcome", outcome)]).inc();
    }

    fn count_response(&self, response: &Response) {
        let class = usize::from(response.status().as_u16() / 100);
        if let Some(class) = STATUS_CLASSES.get(class.wrapping_sub(1)) {
            self.responses.get_or_create(&[("status", class)]).inc();
        }
        if let Some(reason) = response.extensions().get() {
            self.count_refusal(*reason);
        }
    }

    fn encode(&self) -> Result<String, std::fmt::Error> {
        let sockets = self.endpoint.sockets();
        self.sockets.set(i64::try_from(sockets).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// An RAII guard: counts an open connection, until it is dropped.
pub(crate) struct ConnectionGuard(Gauge);

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// `GET /metrics`: all metrics in the OpenMetrics text format. They reveal nothing of a
/// single game or client, so every client may read them.
pub(crate) async fn metrics_handler(State(metrics): State<Metrics>) -> Response {
    match metrics.encode() {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind)], text).into_response()
        }
        // Writing to a string does not fail.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Middleware: counts responses.
pub(crate) async fn count_responses(
    State(metrics): State<Metrics>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    metrics.count_response(&response);
    response
}
