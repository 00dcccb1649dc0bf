//! Parses origins: those in an `Origin` header, and the entries of `Origins::list`.

use axum::http::Uri;

/// A page's origin: scheme, host and port, in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (_, authority) = text.split_once("//")?;
        if authority.contains(['/', '?', '#', '@']) {
            return None;
        }
        let uri: Uri = text.parse().ok()?;
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let host = uri.host()?.to_ascii_lowercase();
        let port = match authority.rsplit_once(':') {
            // The colon belongs to an IPv6 address.
            Some((_, rest)) if rest.ends_with(']') => None,
            Some((_, port)) => Some(port.parse().ok().filter(|port| *port != 0)?),
            None => None,
        };
        let default_port = match scheme.as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        let port = port.or(default_port);
        Some(Self { scheme, host, port })
    }
}

/// An entry of the allow list, which matches one or several origins.
#[derive(Clone, Debug)]
pub(super) struct AllowedOrigin {
    /// The entry as written, for the log.
    pub(super) text: Box<str>,
    scheme: Option<String>,
    host: String,
    /// Whether the host's subdomains match as well.
    subdomains: bool,
    port: Option<u16>,
}

impl AllowedOrigin {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("//")?;
        let (subdomains, rest) = match rest.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        // An entry without a scheme and port matches any port, so the scheme that stands in for it
        // must not have a default port.
        let stand_in = if scheme.is_empty() { "any:" } else { scheme };
        let origin = Origin::parse(&format!("{stand_in}//{rest}"))?;
        // No page has a `*` in its host, or the scheme of a WebSocket.
        let can_be = !origin.host.contains('*') && !["ws", "wss"].contains(&&*origin.scheme);
        can_be.then(|| Self {
            text: text.into(),
            scheme: (!scheme.is_empty()).then_some(origin.scheme),
            host: origin.host,
            subdomains,
            port: origin.port,
        })
    }

    pub(super) fn matches(&self, origin: &Origin) -> bool {
        let is_subdomain = || {
            origin
                .host
                .strip_suffix(&self.host)
                .is_some_and(|sub| sub.ends_with('.'))
        };
        let host = origin.host == self.host || (self.subdomains && is_subdomain());
        let scheme = self
            .scheme
            .as_ref()
            .is_none_or(|scheme| *scheme == origin.scheme);
        let port = self.port.is_none() || self.port == origin.port;
        host && scheme && port
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_can_be_allowed() {
        for origin in [
            "https://*.example.com",
            "//localhost:4000",
            "https://example.com:65535",
            "https://example.com/",
            "HTTPS://Example.COM",
            "http://[::1]:4000",
            "http://[2001:db8::7]",
            "capacitor://localhost",
            "https://xn--bcher-kva.example",
        ] {
            assert!(AllowedOrigin::parse(origin).is_some(), "{origin}");
        }
        for origin in [
            "example.com",
            "https://example.com:99999",
            "https://example.com:65536",
            "https://example.com:0",
            "https://example.com:-1",
            "https://example.com:4OOO",
            "https://example.com:",
            "https://example.com//",
            "https://example.com/islands",
            "https://example.com?x",
            "https://example.com#x",
            "https://ada@example.com",
            "https://*",
            "https://play.*.example",
            "wss://example.com",
            "ws://example.com",
            "https://",
            "https://bücher.example",
            "https://example.com https://example.org",
            "null",
            "*",
            "",
        ] {
            assert!(AllowedOrigin::parse(origin).is_none(), "{origin}");
        }
    }
}
