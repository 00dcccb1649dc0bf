//! The check of the `Origin` header: which pages may open a socket.
//!
//! A browser sends the header with every WebSocket; other programs need not. A request without it
//! is admitted. That is safe because a socket is authenticated by a token that the page must know,
//! never by a cookie that the browser adds by itself.

mod parsing;

use axum::http::{Extensions, HeaderMap, header};
use thiserror::Error;

use self::parsing::{AllowedOrigin, Origin};
use super::log_limiter::LogLimiter;

/// The origins whose pages may open a socket.
#[derive(Clone, Debug)]
pub struct Origins {
    rule: OriginRule,
    advice: &'static str,
}

#[derive(Clone, Debug)]
enum OriginRule {
    Any,
    SameOrigin,
    List(Vec<AllowedOrigin>),
}

/// The origin of this server as its clients see it, such as `https://islands.example`.
///
/// A layer that knows the TLS proxy puts it in the request's extensions. Without it the origin is
/// `http://` and the request's `Host`.
#[derive(Clone, Debug)]
pub struct ServerOrigin(pub String);

/// An entry of [`Origins::list`] that is not a valid origin.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no origin: write https://host, //host or //*.host, with a port from 1 to 65535 if it has one, and other letters than a to z as xn--…"
)]
pub struct BadOrigin(String);

/// The advice in the log when an origin is refused, unless the application sets its own.
const DEFAULT_ADVICE: &str =
    "allow it in `Settings::origins`, or attach the `ServerOrigin` that a proxy hides";

/// Maximum characters of an origin in the log.
const MAX_LOGGED_CHARS: usize = 200;

impl Origins {
    /// Allows every page.
    #[must_use]
    pub fn any() -> Self {
        Self::new(OriginRule::Any)
    }

    /// Allows same-origin pages, which this server has sent: scheme, host and port are those of
    /// [`ServerOrigin`].
    #[must_use]
    pub fn same_origin() -> Self {
        Self::new(OriginRule::SameOrigin)
    }

    /// Allows the pages of these origins.
    ///
    /// An entry is `https://example.com` (scheme, host and port must agree), `//example.com` (any
    /// scheme and port) or `//*.example.com` (the host and its subdomains).
    ///
    /// # Errors
    /// [`BadOrigin`] with the first entry that has none of these forms.
    pub fn list<'o>(origins: impl IntoIterator<Item = &'o str>) -> Result<Self, BadOrigin> {
        let list = origins
            .into_iter()
            .map(|origin| AllowedOrigin::parse(origin).ok_or_else(|| BadOrigin(origin.to_owned())));
        Ok(Self::new(OriginRule::List(list.collect::<Result<_, _>>()?)))
    }

    /// Sets the advice in the log when an origin is refused: how an operator can allow it, such as
    /// the flag to set.
    #[must_use]
    pub fn advice(self, advice: &'static str) -> Self {
        Self { advice, ..self }
    }

    fn new(rule: OriginRule) -> Self {
        let advice = DEFAULT_ADVICE;
        Self { rule, advice }
    }

    /// Whether a page of the request's origin may open a socket.
    ///
    /// Logs refusals at a limited rate: the user only sees a page that does not connect, and the
    /// cause is nearly always a setting of the server or of its proxy.
    pub(crate) fn admit(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
        warnings: &LogLimiter,
    ) -> bool {
        let is_admitted = self.admits(headers, extensions);
        if !is_admitted && let Some(held_back) = warnings.admit() {
            let origin = origins_in(headers);
            let allowed = self.allowed(headers, extensions);
            tracing::warn!(
                origin,
                allowed,
                held_back,
                "refused a page of another origin: {}",
                self.advice
            );
        }
        is_admitted
    }

    fn admits(&self, headers: &HeaderMap, extensions: &Extensions) -> bool {
        let mut given = headers.get_all(header::ORIGIN).iter();
        let (origin, more) = (given.next(), given.next());
        let Some(origin) = origin else { return true };
        if matches!(self.rule, OriginRule::Any) {
            return true;
        }
        let origin = origin.to_str().ok().and_then(Origin::parse);
        let (Some(origin), None) = (origin, more) else {
            return false;
        };
        match &self.rule {
            OriginRule::Any => true,
            OriginRule::SameOrigin => {
                let own = server_origin(headers, extensions);
                own.and_then(|own| Origin::parse(&own)) == Some(origin)
            }
            OriginRule::List(list) => list.iter().any(|allowed| allowed.matches(&origin)),
        }
    }

    /// Lists the admitted origins for the log.
    fn allowed(&self, headers: &HeaderMap, extensions: &Extensions) -> String {
        match &self.rule {
            OriginRule::Any => "any".into(),
            OriginRule::SameOrigin => {
                let own = server_origin(headers, extensions);
                own.map_or("none: the request has no `Host`".into(), truncate)
            }
            OriginRule::List(list) => {
                let list: Vec<_> = list.iter().map(|allowed| &*allowed.text).collect();
                list.join(", ")
            }
        }
    }
}

fn server_origin(headers: &HeaderMap, extensions: &Extensions) -> Option<String> {
    match extensions.get::<ServerOrigin>() {
        Some(ServerOrigin(origin)) => Some(origin.clone()),
        None => Some(format!(
            "http://{}",
            headers.get(header::HOST)?.to_str().ok()?
        )),
    }
}

/// The request's `Origin` headers for the log, escaped and cut to [`MAX_LOGGED_CHARS`] characters.
fn origins_in(headers: &HeaderMap) -> String {
    let given = headers.get_all(header::ORIGIN).iter();
    let given: Vec<_> = given
        .map(|origin| {
            String::from_utf8_lossy(origin.as_bytes())
                .escape_debug()
                .to_string()
        })
        .collect();
    truncate(given.join(" and "))
}

fn truncate(text: String) -> String {
    match text.char_indices().nth(MAX_LOGGED_CHARS) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(origins: &Origins, origin: &str, admitted: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "play.example:4000".parse().unwrap());
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        let is_admitted = origins.admits(&headers, &Extensions::new());
        assert_eq!(is_admitted, admitted, "{origin}");
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
    fn null_and_invalid_origins_are_refused() {
        for list in [
            Origins::list(["//example.com"]).unwrap(),
            Origins::same_origin(),
        ] {
            check(&list, "null", false);
            check(&list, "example.com", false);
            check(&list, "https://example.com/path", false);
            check(&list, "", false);
        }
    }

    #[test]
    fn the_requests_own_origin_is_the_host_or_what_the_proxy_knows() {
        let same = Origins::same_origin();
        check(&same, "http://play.example:4000", true);
        check(&same, "https://play.example:4000", false);
        check(&same, "http://play.example", false);

        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, "https://play.example".parse().unwrap());
        let mut extensions = Extensions::new();
        extensions.insert(ServerOrigin("https://play.example".to_owned()));
        assert!(same.admits(&headers, &extensions));
    }

    #[test]
    fn no_origin_is_admitted() {
        assert!(Origins::same_origin().admits(&HeaderMap::new(), &Extensions::new()));
    }

    #[test]
    fn an_invalid_port_is_not_the_default_port() {
        let list = Origins::list(["https://example.com"]).unwrap();
        check(&list, "https://example.com:99999", false);
        check(&list, "https://example.com:0443x", false);
    }

    #[test]
    fn the_log_shows_the_refused_and_the_allowed_origins() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "play.example:4000".parse().unwrap());
        headers.insert(header::ORIGIN, "null".parse().unwrap());
        headers.append(header::ORIGIN, "a\tb".parse().unwrap());
        let allowed = |origins: &Origins| origins.allowed(&headers, &Extensions::new());
        assert_eq!(origins_in(&headers), r"null and a\tb");
        let same = Origins::same_origin();
        assert_eq!(allowed(&same), "http://play.example:4000");
        let list = Origins::list(["https://a.example", "//*.b.example"]).unwrap();
        assert_eq!(allowed(&list), "https://a.example, //*.b.example");
        let long = "x".repeat(8_000);
        assert_eq!(truncate(long).chars().count(), MAX_LOGGED_CHARS + 1);
    }

    #[test]
    fn a_bad_list_entry_is_named_with_the_valid_forms() {
        let refused = Origins::list(["https://a.example", "b.example"]).unwrap_err();
        let refused = refused.to_string();
        assert!(refused.contains("b.example") && refused.contains("https://host"));
    }
}
