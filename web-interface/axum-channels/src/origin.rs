//! Which pages may open a socket: the check of the `Origin` header.
//!
//! A browser sends the header with every WebSocket; a program that is no browser need not. Its
//! absence is no danger here, because a socket is authenticated by a token that the page must know,
//! never by a cookie that the browser adds by itself.

use std::fmt;

use axum::http::{Extensions, HeaderMap, Uri, header};

/// The origins that are let in.
#[derive(Clone, Debug)]
pub struct Origins(Rule);

#[derive(Clone, Debug)]
enum Rule {
    Any,
    SameAsRequest,
    List(Vec<Allowed>),
}

/// The origin under which clients reach this server, such as `https://islands.example`. A layer
/// that knows its TLS proxy puts it in the request's extensions; without it the origin is `http://`
/// and the request's `Host`.
#[derive(Clone, Debug)]
pub struct RequestOrigin(pub String);

/// An allowed origin that is not written as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadOrigin(String);

impl Origins {
    /// Any page may open a socket.
    #[must_use]
    pub fn any() -> Self {
        Self(Rule::Any)
    }

    /// Pages that this server has sent: same scheme, host and port as the request itself.
    #[must_use]
    pub fn same_as_request() -> Self {
        Self(Rule::SameAsRequest)
    }

    /// The pages of these origins: `https://example.com` (scheme, host and port must agree),
    /// `//example.com` (any scheme and port), `//*.example.com` (its subdomains and itself).
    ///
    /// # Errors
    /// The first entry that is none of these.
    pub fn list<'o>(origins: impl IntoIterator<Item = &'o str>) -> Result<Self, BadOrigin> {
        let list = origins
            .into_iter()
            .map(|origin| Allowed::parse(origin).ok_or_else(|| BadOrigin(origin.to_owned())));
        Ok(Self(Rule::List(list.collect::<Result<_, _>>()?)))
    }

    pub(crate) fn admit(&self, headers: &HeaderMap, extensions: &Extensions) -> bool {
        let mut given = headers.get_all(header::ORIGIN).iter();
        let (origin, more) = (given.next(), given.next());
        let Some(origin) = origin else { return true };
        if matches!(self.0, Rule::Any) {
            return true;
        }
        let origin = origin.to_str().ok().and_then(Origin::parse);
        let (Some(origin), None) = (origin, more) else {
            return false;
        };
        match &self.0 {
            Rule::Any => true,
            Rule::SameAsRequest => request_origin(headers, extensions) == Some(origin),
            Rule::List(list) => list.iter().any(|allowed| allowed.takes(&origin)),
        }
    }
}

fn request_origin(headers: &HeaderMap, extensions: &Extensions) -> Option<Origin> {
    match extensions.get::<RequestOrigin>() {
        Some(RequestOrigin(origin)) => Origin::parse(origin),
        None => Origin::parse(&format!(
            "http://{}",
            headers.get(header::HOST)?.to_str().ok()?
        )),
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let host = uri.host()?.to_ascii_lowercase();
        let usual = match scheme.as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        let bare = uri.path() == "/" && uri.query().is_none() && !text.contains('@');
        bare.then_some(Self {
            scheme,
            host,
            port: uri.port_u16().or(usual),
        })
    }
}

#[derive(Clone, Debug)]
struct Allowed {
    scheme: Option<String>,
    host: String,
    /// The host's subdomains, too.
    subdomains: bool,
    port: Option<u16>,
}

impl Allowed {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("//")?;
        let (subdomains, rest) = match rest.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        if scheme.is_empty() {
            // Only a written port counts, so the scheme that we lend must have no usual one.
            let Origin { host, port, .. } = Origin::parse(&format!("any://{rest}"))?;
            return Some(Self {
                scheme: None,
                host,
                subdomains,
                port,
            });
        }
        let Origin { scheme, host, port } = Origin::parse(&format!("{scheme}//{rest}"))?;
        Some(Self {
            scheme: Some(scheme),
            host,
            subdomains,
            port,
        })
    }

    fn takes(&self, origin: &Origin) -> bool {
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
        let port = self.port.is_none() || self.port == origin.port;
        host && scheme && port
    }
}

impl fmt::Display for BadOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text) = self;
        write!(
            f,
            "`{text}` is no origin: write https://host, //host or //*.host"
        )
    }
}

impl std::error::Error for BadOrigin {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(origins: &Origins, origin: &str, admitted: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "play.example:4000".parse().unwrap());
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        assert_eq!(
            origins.admit(&headers, &Extensions::new()),
            admitted,
            "{origin}"
        );
    }

    #[test]
    fn a_listed_origin_agrees_in_scheme_host_and_port() {
        let list = Origins::list(["https://example.com"]).unwrap();
        check(&list, "https://example.com", true);
        check(&list, "https://EXAMPLE.com:443", true);
        check(&list, "http://example.com", false);
        check(&list, "https://example.com:444", false);
        check(&list, "https://sub.example.com", false);
        check(&list, "https://example.com.evil.org", false);
        check(&list, "https://example.com@evil.org", false);
    }

    #[test]
    fn a_wildcard_takes_subdomains_and_the_apex() {
        let list = Origins::list(["//*.example.com"]).unwrap();
        check(&list, "https://a.example.com", true);
        check(&list, "http://a.b.example.com:81", true);
        check(&list, "https://example.com", true);
        check(&list, "https://notexample.com", false);
    }

    #[test]
    fn null_and_what_is_no_origin_are_refused() {
        for list in [
            Origins::list(["//example.com"]).unwrap(),
            Origins::same_as_request(),
        ] {
            check(&list, "null", false);
            check(&list, "example.com", false);
            check(&list, "https://example.com/path", false);
            check(&list, "", false);
        }
    }

    #[test]
    fn the_requests_own_origin_is_the_host_or_what_the_proxy_knows() {
        let same = Origins::same_as_request();
        check(&same, "http://play.example:4000", true);
        check(&same, "https://play.example:4000", false);
        check(&same, "http://play.example", false);

        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, "https://play.example".parse().unwrap());
        let mut extensions = Extensions::new();
        extensions.insert(RequestOrigin("https://play.example".to_owned()));
        assert!(same.admit(&headers, &extensions));
    }

    #[test]
    fn no_origin_is_admitted() {
        assert!(Origins::same_as_request().admit(&HeaderMap::new(), &Extensions::new()));
    }

    #[test]
    fn a_list_refuses_what_is_no_origin() {
        assert!(Origins::list(["example.com"]).is_err());
        assert!(Origins::list(["https://*.example.com", "//localhost:4000"]).is_ok());
    }
}
