//! Refusals by those in front of the channels, in the form that a stock client survives.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue},
    middleware::Next,
    response::Response,
};
use serde_json::{Map, Value};

use super::COME_BACK;

/// Bytes of a refusal that are kept.
const MAX_BODY: usize = 4096;

/// A layer for the outside of an application: puts a `status` into the refusals of polls.
///
/// A client that polls reads the status in the JSON of an answer and no other. The channels write
/// it, but a rate limit, a time limit or a wrong path may answer before a request reaches them.
/// Wrap the whole application, with what refuses inside:
///
/// ```
/// use axum::{Router, middleware::from_fn};
/// use axum_channels::{Channels, Endpoint, poll_refusals};
///
/// let channels = Channels::new().mount("/socket", &Endpoint::new());
/// let app: Router = Router::new().merge(channels).layer(from_fn(poll_refusals));
/// # drop(app);
/// ```
pub async fn poll_refusals(request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_end_matches('/');
    let is_poll = path.rsplit('/').next() == Some("longpoll");
    let response = next.run(request).await;
    if !is_poll || response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let json = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(json);
    Response::from_parts(parts, Body::from(poll_refusal(&body)))
}

/// The body of a refusal, JSON or not, with the status that has a meaning to a client that polls:
/// for those who answer without [`poll_refusals`].
#[must_use]
pub fn poll_refusal(body: &[u8]) -> String {
    let mut answer: Map<String, Value> = serde_json::from_slice(body).unwrap_or_else(|_| {
        let text = String::from_utf8_lossy(body);
        Map::from_iter([("message".into(), text.trim().into())])
    });
    answer.insert("status".into(), COME_BACK.into());
    Value::from(answer).to_string()
}
