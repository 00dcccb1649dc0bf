//! Access to `/api/system`, for operators only.
//!
//! An operator is a program on this machine, or one at an address that `--system-from`
//! names. For every other client the paths do not exist.
//!
//! A proxy on this machine counts as an operator unless its requests carry
//! `X-Forwarded-For` or another header of a proxy.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Extension;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api_error::ApiError;
use crate::proxy::ClientAddress;

/// The header that a request to change something must carry, with any value. It stops
/// cross-site request forgery (CSRF): a form on another site's page cannot send it.
pub(crate) const OPERATOR_HEADER: HeaderName = HeaderName::from_static("islands-operator");

/// The prefix of the paths for operators.
const SYSTEM: &str = "/api/system";

/// The addresses that are admitted besides this machine.
pub(crate) type SystemFrom = Arc<[IpAddr]>;

/// Middleware: hides [`SYSTEM`] from all but operators. It stands in front of all
/// routes, since behind them a 405 would still reveal the methods.
pub(crate) async fn operators_only(
    State(system_from): State<SystemFrom>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(ClientAddress(client)): Extension<ClientAddress>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().strip_prefix(SYSTEM);
    if path.is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/')) {
        return next.run(request).await;
    }
    let headers = request.headers();
    let invited = system_from.contains(&client);
    let local = peer.ip().to_canonical().is_loopback() && !is_forwarded(headers);
    // DNS rebinding makes a page's name resolve to this machine, but the browser still
    // sends that name as `Host`. So only `localhost` and IP addresses are accepted.
    let asked = host(headers);
    let asked = match asked.as_deref() {
        Some("localhost") => local,
        Some(host) => match host.parse::<IpAddr>() {
            Ok(address) => invited || local && address.to_canonical().is_loopback(),
            Err(_) => false,
        },
        None => false,
    };
    if !asked || is_from_a_page(headers) {
        // The client sees an unknown path; an operator finds the reason in the log.
        tracing::debug!(%client, "refused a path for operators: see --system-from");
        return ApiError::NoSuchPath.into_response();
    }
    let looks = [Method::GET, Method::HEAD].contains(request.method());
    if !looks && !headers.contains_key(OPERATOR_HEADER) {
        return ApiError::NotAnOperator.into_response();
    }
    next.run(request).await
}

/// Returns the request's host without the port; `None` unless there is exactly one.
fn host(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return None;
    };
    let authority: Authority = host.to_str().ok()?.parse().ok()?;
    let bare = authority.host().trim_matches(['[', ']']);
    (!authority.as_str().contains('@')).then(|| bare.to_ascii_lowercase())
}

/// Whether a proxy has forwarded the request, and so hides its sender.
fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name.starts_with("x-forwarded") || FORWARDING.contains(&name)
    })
}

/// Headers that proxies and content delivery networks add.
const FORWARDING: [&str; 10] = [
    "cdn-loop",
    "cf-connecting-ip",
    "client-ip",
    "fastly-client-ip",
    "forwarded",
    "true-client-ip",
    "via",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-real-ip",
];

/// Whether the browser's headers say that a page, not a person, made the request.
fn is_from_a_page(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    headers.contains_key(ORIGIN) || site.is_some_and(|site| site != "none")
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use tower::ServiceExt;

    use super::*;

    /// Requests the system from `peer`, and checks whether it is `shown`.
    async fn check(peer: &str, shown: bool) {
        let system_from = SystemFrom::from(["192.0.2.7".parse().unwrap()]);
        let router = Router::new()
            .fallback(|| async { StatusCode::OK })
            .layer(from_fn_with_state(system_from, operators_only));
        let peer: SocketAddr = peer.parse().unwrap();
        let request = Request::get(SYSTEM)
            .header(HOST, "127.0.0.1")
            .extension(ConnectInfo(peer))
            .extension(ClientAddress(peer.ip().to_canonical()))
            .body(Body::empty());
        let answer = router.oneshot(request.unwrap()).await.unwrap();
        assert_eq!(answer.status() == StatusCode::OK, shown, "{peer}");
    }

    #[tokio::test]
    async fn another_machine_sees_nothing_unless_it_was_let_in() {
        for local in [
            "127.0.0.1:9",
            "127.0.0.2:9",
            "[::1]:9",
            "[::ffff:127.0.0.1]:9",
        ] {
            check(local, true).await;
        }
        check("192.0.2.7:9", true).await;
        for other in ["192.0.2.8:9", "10.0.0.1:9", "[2001:db8::1]:9"] {
            check(other, false).await;
        }
    }
}
