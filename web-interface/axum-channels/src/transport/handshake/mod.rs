//! The WebSocket handshake: its checks, in the order in which clients rely on them.

mod subprotocol;
mod version;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Query, Request},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts,
    },
    response::{IntoResponse, Response},
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

pub(crate) use self::version::serializer;
use super::{mount::Mount, socket};
use crate::api::connect::{Connect, ConnectError};

/// Answers a handshake: starts the socket's task and returns 101, or returns the error.
pub(crate) async fn answer<A: Send + Sync + 'static>(
    mount: Arc<Mount<A>>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    match upgrade(mount, parts).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

async fn upgrade<A: Send + Sync + 'static>(
    mount: Arc<Mount<A>>,
    mut parts: Parts,
) -> Result<Response, ConnectError> {
    check_host(&parts)?;
    let key = websocket_key(&parts)?;
    let upgrade = parts.extensions.remove::<OnUpgrade>();
    let upgrade = upgrade.ok_or_else(|| bad_request("this connection cannot be upgraded"))?;
    let permit = mount.endpoint.admit(mount.settings.max_sockets)?;

    if !mount.admits_origin(&parts) {
        return Err(ConnectError::forbidden("this origin is not allowed"));
    }
    let subprotocol = subprotocol::negotiate(&parts.headers)?;
    let params = params(&parts)?;
    let serializer = serializer(&params)?;
    let Parts {
        headers,
        extensions,
        ..
    } = parts;
    let connect = Connect {
        params,
        token: subprotocol.token,
        headers,
        extensions,
    };
    let assigns = (mount.hook)(connect).await?;

    tokio::spawn(async move {
        // The upgrade fails if the client hangs up before it has read the answer.
        if let Ok(upgraded) = upgrade.await {
            socket::run(TokioIo::new(upgraded), serializer, mount, assigns, permit).await;
        }
    });
    let mut response = switching_protocols(&key);
    if let Some(name) = subprotocol.accepted {
        response
            .headers_mut()
            .insert(header::SEC_WEBSOCKET_PROTOCOL, name);
    }
    Ok(response)
}

/// The parameters of the query.
pub(crate) fn params(parts: &Parts) -> Result<Vec<(String, String)>, ConnectError> {
    let params = Query::try_from_uri(&parts.uri);
    let Query(params) = params.map_err(|_| bad_request("the query cannot be read"))?;
    Ok(params)
}

/// Checks that a request asks for a WebSocket, and returns its key.
fn websocket_key(parts: &Parts) -> Result<String, ConnectError> {
    let headers = &parts.headers;
    if parts.method != Method::GET {
        return Err(bad_request("a socket is opened with GET"));
    }
    if !lists(headers, header::UPGRADE, "websocket")
        || !lists(headers, header::CONNECTION, "upgrade")
    {
        return Err(bad_request(
            "a socket is opened with `Connection: Upgrade` to `websocket`",
        ));
    }
    if only(headers, header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(bad_request(
            "only version 13 of the WebSocket protocol is spoken here",
        ));
    }
    let key = only(headers, header::SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok());
    key.map(str::to_owned)
        .ok_or_else(|| bad_request("there has to be one `Sec-WebSocket-Key`"))
}

/// The value of a header, if it is present and all occurrences agree.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// Checks that a request of HTTP/1.1 names one host (RFC 9112, section 3.2).
///
/// # Errors
/// If it names none, or several.
fn check_host(parts: &Parts) -> Result<(), ConnectError> {
    match parts.headers.get_all(header::HOST).iter().count() {
        1 => Ok(()),
        0 if parts.version != Version::HTTP_11 => Ok(()),
        _ => Err(bad_request("a request has to have one `Host`")),
    }
}

/// Whether a comma-separated header lists `wanted`, ignoring case.
fn lists(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(name);
    let mut entries = values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|v| v.split(','));
    entries.any(|entry| entry.trim().eq_ignore_ascii_case(wanted))
}

fn switching_protocols(key: &str) -> Response {
    let headers = [
        (header::CONNECTION, "Upgrade".to_owned()),
        (header::UPGRADE, "websocket".to_owned()),
        (
            header::SEC_WEBSOCKET_ACCEPT,
            derive_accept_key(key.as_bytes()),
        ),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
}

fn bad_request(reason: &str) -> ConnectError {
    ConnectError::new(StatusCode::BAD_REQUEST, reason)
}
