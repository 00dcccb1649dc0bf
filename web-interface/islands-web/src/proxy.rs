//! Finds the client of a request that trusted proxies have forwarded.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::Response;
use axum_channels::ServerOrigin;

/// The address of a client, as far as the server can know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// The proxies whose headers are believed.
pub(crate) type TrustedProxies = Arc<[IpAddr]>;

/// Middleware: attaches the client's address to a request and, behind a trusted proxy,
/// the origin under which the client sees this server. The header `Forwarded` is not
/// read.
pub(crate) async fn identify_client(
    State(proxies): State<TrustedProxies>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = peer.ip().to_canonical();
    let mut client = peer;
    if proxies.contains(&peer) {
        client = forwarded_for(request.headers(), peer, &proxies);
        if let Some(origin) = forwarded_origin(request.headers()) {
            request.extensions_mut().insert(ServerOrigin(origin));
        }
    }
    request.extensions_mut().insert(ClientAddress(client));
    next.run(request).await
}

/// Returns the address under which a subscriber is counted. An IPv6 subscriber has at
/// least 2⁶⁴ addresses, a /64 network, which count as one.
pub(crate) fn address_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let network = v6.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

/// Returns the client behind a trusted proxy. Each proxy appends the address of its own
/// peer, so the walk begins at the end of the list: as long as an address is a trusted
/// proxy's, that proxy wrote the entry before it. The client may have forged everything
/// before the first other address, or before an entry that is no address.
fn forwarded_for(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    let mut client = peer;
    for entry in entries(headers, "x-forwarded-for").rev() {
        match entry.and_then(address) {
            Some(address) => client = address,
            None => break,
        }
        if !proxies.contains(&client) {
            break;
        }
    }
    client
}

/// Returns the entries of a list header, across all its lines; `None` for an entry that
/// is not ASCII.
fn entries<'h>(
    headers: &'h HeaderMap,
    name: &'static str,
) -> impl DoubleEndedIterator<Item = Option<&'h str>> {
    let lines = headers.get_all(name).iter();
    let entries = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    entries.map(|entry| {
        let text = str::from_utf8(entry.trim_ascii()).ok()?;
        text.is_ascii().then_some(text)
    })
}

/// Parses an address as proxies write it: alone, with a port, or in brackets.
fn address(entry: &str) -> Option<IpAddr> {
    let in_brackets = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || Some(entry.parse::<SocketAddr>().ok()?.ip());
    let alone = entry.parse::<IpAddr>().ok();
    let v6 = || in_brackets().map(IpAddr::V6);
    Some(alone.or_else(with_port).or_else(v6)?.to_canonical())
}

/// Returns the origin under which the nearest proxy is reached, from the last entries
/// of its headers. A missing scheme is `http`, a missing host the request's own;
/// without both there is no such origin.
fn forwarded_origin(headers: &HeaderMap) -> Option<String> {
    let last = |name| entries(headers, name).next_back().flatten();
    let scheme = last("x-forwarded-proto").and_then(scheme);
    let host = last("x-forwarded-host");
    if scheme.is_none() && host.is_none() {
        return None;
    }
    let host = host.or_else(|| headers.get(HOST)?.to_str().ok())?;
    Some(format!("{}://{host}", scheme.unwrap_or("http")))
}

/// Returns the scheme of a page for a forwarded scheme: some proxies send the
/// WebSocket's instead.
fn scheme(written: &str) -> Option<&'static str> {
    match &*written.to_ascii_lowercase() {
        "https" | "wss" => Some("https"),
        "http" | "ws" => Some("http"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// Finds `client` behind trusted proxies at 10.0.0.1, the peer, and 10.0.0.2.
    #[track_caller]
    fn check(forwarded: &[&str], client: &str) {
        let mut headers = HeaderMap::new();
        for list in forwarded {
            let list = HeaderValue::from_bytes(list.as_bytes()).unwrap();
            headers.append("x-forwarded-for", list);
        }
        let [peer, other, client] =
            ["10.0.0.1", "10.0.0.2", client].map(|text| text.parse().unwrap());
        let found = forwarded_for(&headers, peer, &[peer, other]);
        assert_eq!(found, client, "{forwarded:?}");
    }

    #[test]
    fn the_client_is_the_last_address_that_no_trusted_proxy_has() {
        check(&["192.0.2.7"], "192.0.2.7");
        check(&["192.0.2.7, 10.0.0.2"], "192.0.2.7");
        check(&["192.0.2.7", "10.0.0.2, 10.0.0.1"], "192.0.2.7");
        check(&["192.0.2.7,10.0.0.2\t,  10.0.0.2"], "192.0.2.7");
    }

    #[test]
    fn what_a_client_writes_itself_is_not_believed() {
        for forged in [
            "203.0.113.9",
            "203.0.113.9, 10.0.0.2",
            "10.0.0.2, 203.0.113.9",
            "203.0.113.9, x",
            "x, 203.0.113.9",
            "127.0.0.1",
            "203.0.113.9,",
            ", ,",
            "2001:db8::9]",
            "é",
        ] {
            check(&[&format!("{forged}, 192.0.2.7")], "192.0.2.7");
            check(&[forged, "192.0.2.7"], "192.0.2.7");
            check(&[forged, "192.0.2.7, 10.0.0.2"], "192.0.2.7");
        }
    }

    #[test]
    fn ports_and_brackets_are_not_part_of_an_address() {
        check(&["192.0.2.7:4711"], "192.0.2.7");
        check(&["[2001:db8::7]"], "2001:db8::7");
        check(&["[2001:db8::7]:4711"], "2001:db8::7");
        check(&["2001:db8::7"], "2001:db8::7");
        check(&["::ffff:192.0.2.7"], "192.0.2.7");
        check(&["192.0.2.7, [::ffff:10.0.0.2]:80"], "192.0.2.7");
    }

    #[test]
    fn at_what_is_no_address_the_walk_ends_with_the_last_proxy() {
        for nothing in [
            "",
            "x",
            "unknown",
            "_hidden",
            "localhost",
            "192.0.2",
            "192.0.2.007",
            "0xc0000207",
            "192.0.2.7:99999",
            "192.0.2.7:",
            "[192.0.2.7]",
            "fe80::1%eth0",
            "\"192.0.2.7\"",
            "for=192.0.2.7",
            "192.0.2.7 10.0.0.2",
            "１９２.0.2.7",
        ] {
            check(&[nothing], "10.0.0.1");
            check(&[&format!("203.0.113.9, {nothing}")], "10.0.0.1");
            check(&[&format!("203.0.113.9, {nothing}, 10.0.0.2")], "10.0.0.2");
            check(&["203.0.113.9", nothing, "10.0.0.2"], "10.0.0.2");
        }
    }

    #[test]
    fn a_request_of_a_proxy_itself_is_the_proxys() {
        check(&[], "10.0.0.1");
        check(&["10.0.0.1"], "10.0.0.1");
        check(&["10.0.0.2"], "10.0.0.2");
    }

    #[track_caller]
    fn check_origin(headers: &[(&'static str, &str)], origin: Option<&str>) {
        let mut map = HeaderMap::new();
        map.insert("host", HeaderValue::from_static("inner:4000"));
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        assert_eq!(forwarded_origin(&map).as_deref(), origin, "{headers:?}");
    }

    #[test]
    fn the_scheme_of_a_socket_is_that_of_its_page() {
        for proto in ["https", "HTTPS", "wss", "Wss", " wss "] {
            check_origin(&[("x-forwarded-proto", proto)], Some("https://inner:4000"));
        }
        for proto in ["http", "ws", "WS"] {
            check_origin(&[("x-forwarded-proto", proto)], Some("http://inner:4000"));
        }
        for proto in ["", "on", "https://", "h2", "é"] {
            check_origin(&[("x-forwarded-proto", proto)], None);
        }
    }

    #[test]
    fn of_a_list_the_end_counts_which_the_nearest_proxy_wrote() {
        let proto = "x-forwarded-proto";
        let host = "x-forwarded-host";
        check_origin(&[(proto, "http, https")], Some("https://inner:4000"));
        check_origin(
            &[(proto, "https"), (proto, "http")],
            Some("http://inner:4000"),
        );
        check_origin(
            &[(host, "evil.example, a.example:81")],
            Some("http://a.example:81"),
        );
        check_origin(
            &[(host, "evil.example"), (host, "a.example"), (proto, "wss")],
            Some("https://a.example"),
        );
    }
}
