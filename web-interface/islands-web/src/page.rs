//! The page and its files, which are embedded in the binary.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use include_dir::{Dir, File, include_dir};
use sha2::{Digest, Sha256};

use crate::api_error::ApiError;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// `GET /` and `GET /g/ID`: the one page, which decides itself what to show. Opening an
/// invitation takes no seat.
pub(crate) async fn index(headers: HeaderMap) -> Response {
    serve("index.html", &headers)
}

/// `GET /static/…`: one file of the page.
pub(crate) async fn static_file(
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    match path {
        Ok(Path(path)) => serve(&path, &headers),
        Err(_) => ApiError::NoSuchPath.into_response(),
    }
}

fn serve(path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = FILES.get_file(path) else {
        return ApiError::NoSuchPath.into_response();
    };
    let etag = etag(file);
    // Without a build step file names do not change with their content, so a browser
    // has to ask each time whether its copy is current.
    let caching = [(ETAG, etag.clone()), (CACHE_CONTROL, "no-cache".into())];
    if is_current(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let content_type = [(CONTENT_TYPE, content_type(path))];
    (caching, content_type, file.contents()).into_response()
}

/// Whether the client has this version already (RFC 9110, section 13.1.2). The header
/// is a list of tags, and a proxy that compresses turns ours into weak ones.
fn is_current(headers: &HeaderMap, etag: &str) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter();
    // Our tags have no comma, so a foreign tag that is split at one still cannot match.
    let mut tags = lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii);
    tags.any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag.as_bytes())
}

fn etag(file: &File<'_>) -> String {
    let digest = Sha256::digest(file.contents());
    format!("\"{}\"", HEXLOWER.encode(&digest[..12]))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
