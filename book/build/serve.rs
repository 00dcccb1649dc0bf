//! Serves the built book on this machine.

use std::fs::File;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Response, Server};

/// Where the book is served.
const ADDRESS: &str = "127.0.0.1:3000";

/// Serves the folder until the program is stopped.
///
/// # Errors
/// If the port is taken.
pub(crate) fn serve(folder: &Path) -> Result<()> {
    let server = Server::http(ADDRESS).map_err(|error| {
        anyhow!("{ADDRESS} cannot be used: {error}; stop the program that has it")
    })?;
    println!("The book is at http://{ADDRESS}; Ctrl-C stops it");
    for request in server.incoming_requests() {
        let path = requested(folder, request.url());
        let done = match path.and_then(|path| Some((content_type(&path), File::open(path).ok()?))) {
            Some((kind, file)) => request.respond(Response::from_file(file).with_header(kind)),
            None => request.respond(Response::from_string("not found").with_status_code(404)),
        };
        // A browser that has gone away needs no answer.
        let _ = done;
    }
    Ok(())
}

/// Returns the file that is asked for, within the folder.
fn requested(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let path = match path {
        "" => Path::new("index.html"),
        path => Path::new(path),
    };
    let is_inside = path
        .components()
        .all(|it| matches!(it, Component::Normal(_)));
    is_inside.then(|| folder.join(path))
}

fn content_type(path: &Path) -> Header {
    let kind = match path.extension().and_then(|it| it.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    };
    Header::from_bytes("Content-Type", kind).unwrap_or_else(|()| unreachable!("plain ASCII"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_folder() {
        let folder = Path::new("/book");
        assert_eq!(requested(folder, "/"), Some("/book/index.html".into()));
        assert_eq!(
            requested(folder, "/a/b.html?c#d"),
            Some("/book/a/b.html".into())
        );
        assert_eq!(requested(folder, "/../secret"), None);
        assert_eq!(requested(folder, "/a/../../secret"), None);
        assert_eq!(
            requested(folder, "//etc/passwd"),
            Some("/book/etc/passwd".into())
        );
    }
}
