//! Requests and responses as text, without a server.
//!
//! An axum [`Router`] is a function from a request to a response, and tower's `oneshot` calls it.
//! What a server adds is the reading and the writing of bytes.

use std::error::Error;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use tower::ServiceExt;

/// The longest body that [`exchange`] reads, in bytes.
const MAX_BODY: usize = 1 << 20;

/// Sends a request, written as HTTP/1.1 writes it, and returns the response in the same form.
///
/// # Errors
/// If the text is no request, or the body of the response is longer than 1 MiB.
pub async fn exchange(router: &Router, request: &str) -> Result<String, Box<dyn Error>> {
    let request = parse(request).ok_or("this is no HTTP request")?;
    let response = router.clone().oneshot(request).await?;
    write(response).await
}

fn parse(text: &str) -> Option<Request<Body>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let mut request = Request::builder().method(first.next()?).uri(first.next()?);
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        request = request.header(name, value);
    }
    request.body(Body::from(body.to_owned())).ok()
}

async fn write(response: Response<Body>) -> Result<String, Box<dyn Error>> {
    let (head, body) = response.into_parts();
    let body = to_bytes(body, MAX_BODY).await?;
    let mut text = format!("{:?} {}\n", head.version, head.status);
    for (name, value) in &head.headers {
        text += &format!("{name}: {}\n", value.to_str()?);
    }
    Ok(format!("{text}\n{}", String::from_utf8(body.to_vec())?))
}
