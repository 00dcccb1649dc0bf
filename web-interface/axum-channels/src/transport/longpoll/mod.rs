//! Long polling, for clients whose proxy allows no WebSocket.
//!
//! A session stands in for the connection (`session`, and its task in `session_task`); `sessions`
//! finds it by its token, and `body` reads the body of a post. The status that counts is in the
//! JSON, because stock clients read no other; the HTTP status is 200 except for a request that
//! cannot be read. `refusal` adds the JSON status to refusals by layers in front of the channels.

mod body;
mod refusal;
mod session;
mod session_task;
mod sessions;

use std::sync::Arc;

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tokio::time::sleep;

pub use self::refusal::{long_poll_refusal, long_poll_refusals};
use self::session::{LongPollSession, PostResult};
pub(crate) use self::sessions::LongPollSessions;
use super::{handshake, mount::Mount};
use crate::api::connect::Connect;

/// The header that names a session, preferred to the parameter `token`.
const SESSION_TOKEN_HEADER: &str = "x-phoenix-longpoll-token";

/// The header with the auth token, because a poll negotiates no subprotocol.
const AUTH_TOKEN_HEADER: &str = "x-phoenix-authtoken";

/// The status at which stock clients reconnect and join again. At an unknown status, or JSON
/// without one, they throw an error and stop for good.
const RECONNECT: u16 = 500;

/// The JSON body of an answer.
#[derive(Debug, Serialize)]
struct PollResponse {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<String>>,
    /// The error in a request that cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl PollResponse {
    const ACCEPTED: Self = Self::status(200);
    const REFUSED: Self = Self::status(403);
    const BAD_FRAME: Self = Self::status(408);
    const GONE: Self = Self::status(410);
    const RECONNECT: Self = Self::status(RECONNECT);

    const fn status(status: u16) -> Self {
        Self {
            status,
            token: None,
            messages: None,
            message: None,
        }
    }

    /// The answer to a poll.
    fn with_messages(status: u16, token: String, messages: Vec<String>) -> Self {
        Self {
            token: Some(token),
            messages: Some(messages),
            ..Self::status(status)
        }
    }

    /// The answer to a request that cannot be read, with HTTP status 400 as well.
    fn bad_request(message: &str) -> Response {
        let answer = Self {
            message: Some(message.to_owned()),
            ..Self::RECONNECT
        };
        (StatusCode::BAD_REQUEST, Json(answer)).into_response()
    }
}

/// Answers a request of a long-polling client.
pub(crate) async fn answer<A: Send + Sync + 'static>(
    mount: Arc<Mount<A>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let admitted = mount.admits_origin(&parts);
    let cors = if admitted {
        cors(&parts.headers)
    } else {
        HeaderMap::new()
    };
    let answer = match parts.method {
        Method::OPTIONS => StatusCode::OK.into_response(),
        Method::GET | Method::POST if !admitted => Json(PollResponse::REFUSED).into_response(),
        Method::GET => Json(poll(mount, parts).await).into_response(),
        Method::POST => match post(&mount, &parts, body).await {
            Ok(answer) => Json(answer).into_response(),
            Err(bad) => PollResponse::bad_request(bad),
        },
        _ => PollResponse::bad_request("a client polls with GET and sends with POST"),
    };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (cors, no_store, answer).into_response()
}

/// Returns the frames that wait for the client, or opens a session.
async fn poll<A: Send + Sync + 'static>(mount: Arc<Mount<A>>, parts: Parts) -> PollResponse {
    let Ok(params) = handshake::params(&parts) else {
        return PollResponse::REFUSED;
    };
    let Ok(serializer) = handshake::serializer(&params) else {
        return PollResponse::REFUSED;
    };
    if let Some((token, session)) = find(&mount, &parts, &params) {
        return match session.poll().await {
            Some(messages) if messages.is_empty() => {
                PollResponse::with_messages(204, token, messages)
            }
            Some(messages) => PollResponse::with_messages(200, token, messages),
            None => PollResponse::RECONNECT,
        };
    }
    let Ok(permit) = mount.endpoint.admit(mount.settings.max_sockets) else {
        return PollResponse::RECONNECT;
    };
    let Parts {
        headers,
        extensions,
        ..
    } = parts;
    let auth = headers
        .get(AUTH_TOKEN_HEADER)
        .and_then(|it| it.to_str().ok());
    let connect = Connect {
        params,
        token: auth.map(str::to_owned),
        headers,
        extensions,
    };
    let Ok(assigns) = (mount.hook)(connect).await else {
        return PollResponse::REFUSED;
    };
    match session_task::spawn(&mount, serializer.without_bytes(), assigns, permit) {
        Some(token) => PollResponse::with_messages(410, token, Vec::new()),
        None => PollResponse::RECONNECT,
    }
}

/// Passes the frames of a post to its session.
///
/// # Errors
/// The reason, if the body cannot be read.
async fn post<A: Send + Sync + 'static>(
    mount: &Arc<Mount<A>>,
    parts: &Parts,
    body: axum::body::Body,
) -> Result<PollResponse, &'static str> {
    let Ok(params) = handshake::params(parts) else {
        return Ok(PollResponse::REFUSED);
    };
    if handshake::serializer(&params).is_err() {
        return Ok(PollResponse::REFUSED);
    }
    let Some((_, session)) = find(mount, parts, &params) else {
        return Ok(PollResponse::GONE);
    };
    let frames = body::read(&parts.headers, body).await?;
    Ok(match session.post(frames).await {
        PostResult::Accepted(pause) => {
            sleep(pause).await;
            PollResponse::ACCEPTED
        }
        PostResult::BadFrame => {
            // The session delays the answer to its poll as long, so that the client reconnects no
            // sooner.
            sleep(mount.settings.close_timeout).await;
            PollResponse::BAD_FRAME
        }
        PostResult::Gone => PollResponse::GONE,
    })
}

/// The session that a request names, and its token.
fn find<A>(
    mount: &Mount<A>,
    parts: &Parts,
    params: &[(String, String)],
) -> Option<(String, LongPollSession)> {
    let param = || {
        let mut params = params.iter().rev();
        params
            .find(|(name, _)| name == "token")
            .map(|(_, value)| value.as_str())
    };
    let token = match parts.headers.get(SESSION_TOKEN_HEADER) {
        Some(header) => header.to_str().ok()?,
        None => param()?,
    };
    Some((token.to_owned(), mount.long_poll_sessions.find(token)?))
}

/// CORS headers with which a page of an allowed origin may send requests and read the answers. All
/// headers that it asks for are allowed, because tracing libraries add their own.
fn cors(headers: &HeaderMap) -> HeaderMap {
    let mut cors = HeaderMap::new();
    let origin = headers.get(header::ORIGIN).cloned();
    cors.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        origin.unwrap_or(HeaderValue::from_static("*")),
    );
    for asked in headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        cors.append(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    let fixed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (header::ACCESS_CONTROL_MAX_AGE, "3600"),
        (header::VARY, "origin, access-control-request-headers"),
    ];
    cors.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    cors
}
