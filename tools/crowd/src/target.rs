//! The server under load.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use tokio::net::lookup_host;
use tokio_tungstenite::tungstenite::http::Uri;

use crate::template::Template;

/// The query parameter that asks for version 2 of Phoenix's frames.
const VERSION: &str = "vsn=2.0.0";

/// A server's address and the URL of its socket.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    /// May contain `{n}`, the number of the connection.
    pub(crate) url: Template,
}

impl Target {
    /// Resolves the server of a URL.
    ///
    /// # Errors
    /// If the URL is not a `ws://` URL with a path, or its host does not resolve.
    pub(crate) async fn resolve(url: &str) -> Result<Target> {
        let (host, port) = host_and_port(url)?;
        let unknown = || format!("there is no host {host}");
        let mut found = lookup_host((&*host, port)).await.with_context(unknown)?;
        Ok(Target {
            address: found.next().with_context(unknown)?,
            url: Template::new(with_version(url)),
        })
    }
}

fn host_and_port(url: &str) -> Result<(String, u16)> {
    // Any number will do to check that the URL parses.
    let sample = Template::new(url).with(0);
    let invalid = || format!("{url} is no URL like ws://127.0.0.1:4000/socket/websocket");
    let parsed: Uri = sample.parse().with_context(invalid)?;
    match parsed.scheme_str() {
        Some("ws") => {}
        Some("wss") => bail!("{url}: this program does not speak TLS, only ws://"),
        _ => bail!(invalid()),
    }
    let host = parsed.host().with_context(invalid)?;
    ensure!(
        parsed.path() != "/",
        "{url} has no path like /socket/websocket"
    );
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Ok((host.to_owned(), parsed.port_u16().unwrap_or(80)))
}

fn with_version(url: &str) -> String {
    match url.split_once('?') {
        Some((_, query)) if query.split('&').any(|it| it.starts_with("vsn=")) => url.to_owned(),
        Some(_) => format!("{url}&{VERSION}"),
        None => format!("{url}?{VERSION}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_gives_host_and_port() {
        let found = |url| host_and_port(url).expect("a URL");
        let local = ("127.0.0.1".into(), 4777);
        assert_eq!(found("ws://127.0.0.1:4777/socket/websocket"), local);
        assert_eq!(
            found("ws://[::1]/socket/websocket?uid={n}"),
            ("::1".into(), 80)
        );
    }

    #[test]
    fn a_url_without_ws_scheme_host_or_path_is_refused() {
        for url in [
            "127.0.0.1:4777",
            "http://localhost/socket/websocket",
            "wss://localhost/socket/websocket",
            "ws://localhost",
            "ws:///socket",
            "",
        ] {
            assert!(host_and_port(url).is_err(), "{url}");
        }
    }

    #[test]
    fn the_version_is_added_unless_present() {
        assert_eq!(with_version("ws://h/s"), "ws://h/s?vsn=2.0.0");
        assert_eq!(with_version("ws://h/s?a=b"), "ws://h/s?a=b&vsn=2.0.0");
        assert_eq!(with_version("ws://h/s?a=b&vsn=3"), "ws://h/s?a=b&vsn=3");
    }
}
