//! Who runs the server, as far as a request can show it: a program on this
//! machine, or one at an address that was let in by name. For anyone else there is
//! nothing at their paths.
//!
//! A proxy on this machine is taken for such a program unless it says for whom it
//! asks, with `X-Forwarded-For` or one of the other headers for that.

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

/// What a request that changes something has to carry, with any value. A form on
/// a page of another site cannot send it.
pub(crate) const OPERATOR: HeaderName = HeaderName::from_static("islands-operator");

/// Where the paths for operators begin.
const SYSTEM: &str = "/api/system";

/// The addresses that are let in beside this machine.
pub(crate) type SystemFrom = Arc<[IpAddr]>;

/// Lets nobody but operators to their paths. It stands in front of all routes: one
/// that refused behind them would still tell which methods there are.
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
    // A page whose name was made to lead to this machine would still ask for it by
    // that name. No page has an address for a name.
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
    if !looks && !headers.contains_key(OPERATOR) {
        return ApiError::NotAnOperator.into_response();
    }
    next.run(request).await
}

/// The host that a request is for, without its port; `None` unless there is
/// exactly one.
fn host(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return None;
    };
    let authority: Authority = host.to_str().ok()?.parse().ok()?;
    let bare = authority.host().trim_matches(['[', ']']);
    (!authority.as_str().contains('@')).then(|| bare.to_ascii_lowercase())
}

/// Whether someone has passed the request on, and so hides who sent it.
fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name.starts_with("x-forwarded") || FORWARDING.contains(&name)
    })
}

/// Headers that proxies and those who serve for others add.
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

/// Whether a browser says that a page has asked for this, and not a person.
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

    /// Asks for the system from this address, which is let in or told nothing.
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
