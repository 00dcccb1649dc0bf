//! Who is at the other end, when a proxy is in between.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use axum_channels::RequestOrigin;

/// The address of a client, as far as the server can know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// The proxies whose word is believed.
pub(crate) type TrustedProxies = Arc<[IpAddr]>;

/// Attaches the client's address to a request and, behind a trusted proxy, the
/// origin under which the client sees this server.
pub(crate) async fn see_through(
    State(proxies): State<TrustedProxies>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = peer.ip().to_canonical();
    let mut client = peer;
    if proxies.contains(&peer) {
        client = forwarded_for(request.headers(), &proxies).unwrap_or(peer);
        if let Some(origin) = forwarded_origin(request.headers()) {
            request.extensions_mut().insert(RequestOrigin(origin));
        }
    }
    request.extensions_mut().insert(ClientAddress(client));
    next.run(request).await
}

/// The address that stands for a subscriber: with IPv6 each has at least 2⁶⁴ of
/// them, which count as one.
pub(crate) fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let network = v6.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

/// The last address in the list that is not a trusted proxy: those before it
/// were written by someone who is not trusted.
fn forwarded_for(headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    let lists = headers.get_all("x-forwarded-for").iter();
    let addresses: Vec<IpAddr> = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .map_while(|address| address.trim().parse::<IpAddr>().ok())
        .map(|address| address.to_canonical())
        .collect();
    let mut from_last = addresses.into_iter().rev();
    from_last.find(|address| !proxies.contains(address))
}

fn forwarded_origin(headers: &HeaderMap) -> Option<String> {
    let last = |name| headers.get_all(name).iter().next_back()?.to_str().ok();
    let scheme = last("x-forwarded-proto")?;
    let host = last("x-forwarded-host").or_else(|| last("host"))?;
    Some(format!("{}://{}", scheme.trim(), host.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(forwarded: &[&str], client: Option<&str>) {
        let mut headers = HeaderMap::new();
        for list in forwarded {
            headers.append("x-forwarded-for", list.parse().unwrap());
        }
        let proxies = ["10.0.0.1", "10.0.0.2"].map(|text| text.parse().unwrap());
        let client = client.map(|text| text.parse().unwrap());
        assert_eq!(forwarded_for(&headers, &proxies), client);
    }

    #[test]
    fn the_client_is_the_last_address_that_no_trusted_proxy_has() {
        check(&["192.0.2.7"], Some("192.0.2.7"));
        check(&["192.0.2.7, 10.0.0.2"], Some("192.0.2.7"));
        check(&["192.0.2.7", "10.0.0.2, 10.0.0.1"], Some("192.0.2.7"));
    }

    #[test]
    fn what_a_client_writes_itself_is_not_believed() {
        check(&["203.0.113.9, 192.0.2.7"], Some("192.0.2.7"));
    }

    #[test]
    fn without_a_list_there_is_nothing_to_believe() {
        check(&[], None);
        check(&["10.0.0.1"], None);
        check(&["nonsense"], None);
    }
}
