//! Refusals by layers in front of the channels, in a form that a stock client recovers from.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue},
    middleware::Next,
    response::Response,
};
use serde_json::{Map, Value};

use super::RECONNECT;

/// Maximum bytes of a refusal's body. A longer body is dropped.
const MAX_BODY_BYTES: usize = 4096;

/// An outer layer that adds a `status` to the refusals of polls.
///
/// A long-polling client reads only the status in the JSON of an answer. The channels write it, but
/// a rate limiter, a timeout or a wrong path may answer before a request reaches them. Wrap the
/// whole application, with these refusing layers inside:
///
/// ```
/// use axum::{Router, middleware::from_fn};
/// use axum_channels::{Channels, Endpoint, long_poll_refusals};
///
/// let channels = Channels::new().mount("/socket", &Endpoint::new());
/// let app: Router = Router::new().merge(channels).layer(from_fn(long_poll_refusals));
/// # drop(app);
/// ```
pub async fn long_poll_refusals(request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_end_matches('/');
    let is_poll = path.rsplit('/').next() == Some("longpoll");
    let response = next.run(request).await;
    if !is_poll || response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_BODY_BYTES).await.unwrap_or_default();
    let json = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(json);
    Response::from_parts(parts, Body::from(long_poll_refusal(&body)))
}

/// Adds a `status` that makes polling clients reconnect to the body of a refusal.
///
/// The body may be JSON or plain text. For handlers that [`long_poll_refusals`] does not wrap.
#[must_use]
pub fn long_poll_refusal(body: &[u8]) -> String {
    let mut answer: Map<String, Value> = serde_json::from_slice(body).unwrap_or_else(|_| {
        let text = String::from_utf8_lossy(body);
        Map::from_iter([("message".into(), text.trim().into())])
    });
    answer.insert("status".into(), RECONNECT.into());
    Value::from(answer).to_string()
}
