//! The header `Sec-WebSocket-Protocol`: the protocol's name, and the auth token, because a browser
//! can set no other header.

use axum::http::{HeaderMap, HeaderValue, header};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};

use crate::api::connect::ConnectError;

const NAME: &str = "phoenix";
const TOKEN_PREFIX: &str = "base64url.bearer.phx.";

/// The result of the negotiation.
#[derive(Debug, Default)]
pub(super) struct Negotiated {
    /// The name to echo.
    pub(super) accepted: Option<HeaderValue>,
    pub(super) token: Option<String>,
}

/// Takes the token out of the list, if there is exactly one, then looks for [`NAME`] in the rest.
pub(super) fn negotiate(headers: &HeaderMap) -> Result<Negotiated, ConnectError> {
    let mut offered = Vec::new();
    for value in headers.get_all(header::SEC_WEBSOCKET_PROTOCOL) {
        let value = value.to_str().map_err(|_| unknown())?;
        offered.extend(
            value
                .split(',')
                .map(str::trim)
                .filter(|entry| !entry.is_empty()),
        );
    }
    let is_token = |entry: &&str| entry.starts_with(TOKEN_PREFIX);
    let mut token = None;
    if let [only] = offered.iter().copied().filter(is_token).collect::<Vec<_>>()[..] {
        token = Some(decode(&only[TOKEN_PREFIX.len()..])?);
        offered.retain(|entry| !is_token(entry));
    }
    let accepted = match offered[..] {
        [] => None,
        _ if offered.contains(&NAME) => Some(HeaderValue::from_static(NAME)),
        _ => return Err(unknown()),
    };
    Ok(Negotiated { accepted, token })
}

/// Decodes base64 without padding. Clients use either alphabet.
fn decode(token: &str) -> Result<String, ConnectError> {
    let bytes = BASE64URL_NOPAD
        .decode(token.as_bytes())
        .or_else(|_| BASE64_NOPAD.decode(token.as_bytes()))
        .ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| ConnectError::forbidden("the auth token is not base64"))
}

fn unknown() -> ConnectError {
    ConnectError::forbidden("only the subprotocol `phoenix` is spoken here")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(offered: &str, expected: Option<(Option<&str>, Option<&str>)>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, offered.parse().unwrap());
        let got = negotiate(&headers).ok();
        let got = got.as_ref().map(|n| {
            (
                n.accepted.as_ref().map(|name| name.to_str().unwrap()),
                n.token.as_deref(),
            )
        });
        assert_eq!(got, expected, "{offered}");
    }

    #[test]
    fn the_auth_token_is_removed_before_the_subprotocol_check() {
        check(
            "phoenix, base64url.bearer.phx.YWJj",
            Some((Some("phoenix"), Some("abc"))),
        );
        check("phoenix", Some((Some("phoenix"), None)));
        check("base64url.bearer.phx.YWJj", Some((None, Some("abc"))));
    }

    #[test]
    fn both_alphabets_are_read() {
        check("base64url.bearer.phx.Pj4_", Some((None, Some(">>?"))));
        check("base64url.bearer.phx.Pj4/", Some((None, Some(">>?"))));
    }

    #[test]
    fn two_auth_tokens_are_both_ignored() {
        let two = "base64url.bearer.phx.YQ, base64url.bearer.phx.Yg";
        check(&format!("phoenix, {two}"), Some((Some("phoenix"), None)));
        check(two, None);
    }

    #[test]
    fn bad_base64_and_unknown_protocols_are_refused() {
        check("phoenix, base64url.bearer.phx.!!", None);
        check("phoenix, base64url.bearer.phx._w", None);
        check("graphql-ws", None);
    }
}
