//! Origins as they are written, in a header or in a list of those that may be let in.

use axum::http::Uri;

/// Scheme, host and port, in small letters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    scheme: String,
    host: String,
    sender: Option<u16>,
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
        let sender = match authority.rsplit_once(':') {
            // The colon is one of an IPv6 address.
            Some((_, rest)) if rest.ends_with(']') => None,
            Some((_, sender)) => Some(sender.parse().ok().filter(|sender| *sender != 0)?),
            None => None,
        };
        let usual = match scheme.as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        let sender = sender.or(usual);
        Some(Self {
            scheme,
            host,
            sender,
        })
    }
}

/// An origin, or several, that may be let in.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    /// As it was written.
    pub(super) text: Box<str>,
    scheme: Option<String>,
    host: String,
    /// The host's subdomains, too.
    subdomains: bool,
    sender: Option<u16>,
}

impl Allowed {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("//")?;
        let (subdomains, rest) = match rest.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        // Without a scheme only a written port counts, so the one that we lend has no usual port.
        let lent = if scheme.is_empty() { "any:" } else { scheme };
        let origin = Origin::parse(&format!("{lent}//{rest}"))?;
        // A page's origin has neither a pattern for a host nor the scheme of a socket.
        let can_be = !origin.host.contains('*') && !["ws", "wss"].contains(&&*origin.scheme);
        can_be.then(|| Self {
            text: text.into(),
            scheme: (!scheme.is_empty()).then_some(origin.scheme),
            host: origin.host,
            subdomains,
            sender: origin.sender,
        })
    }

    pub(super) fn takes(&self, origin: &Origin) -> bool {
        let below = || {
            origin
                .host
                .strip_suffix(&self.host)
                .is_some_and(|sub| sub.ends_with('.'))
        };
        let host = origin.host == self.host || (self.subdomains && below());
        let scheme = self
            .scheme
            .as_ref()
            .is_none_or(|scheme| *scheme == origin.scheme);
        let sender = self.sender.is_none() || self.sender == origin.sender;
        host && scheme && sender
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_allowed_is_an_origin_and_nothing_else() {
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
            assert!(Allowed::parse(origin).is_some(), "{origin}");
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
            assert!(Allowed::parse(origin).is_none(), "{origin}");
        }
    }
}
