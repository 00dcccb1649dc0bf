//! The origins whose pages may open a socket.

use crate::client::Client;
use crate::running::Running;

/// Tries to connect with these headers, and expects a socket or a 403.
#[track_caller]
fn check(
    server: &Running,
    headers: &[(&'static str, &str)],
    admitted: bool,
) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let refused = Client::try_connect(server.address, headers).await.err();
        assert_eq!(refused, (!admitted).then_some(403), "at {caller}");
    }
}

#[tokio::test]
async fn the_page_that_this_server_sent_may_connect() {
    let server = Running::start().await;
    let own = format!("http://{}", server.address);
    let port = server.address.port();
    check(&server, &[], true).await;
    check(&server, &[("origin", &own)], true).await;
    for other in [
        format!("https://{}", server.address),
        format!("http://127.0.0.1:{}", port ^ 1),
        format!("http://localhost:{port}"),
        "https://elsewhere.example".into(),
        "null".into(),
        "nonsense".into(),
    ] {
        check(&server, &[("origin", &other)], false).await;
    }
}

#[tokio::test]
async fn with_origins_given_their_pages_may_connect_and_no_others() {
    let flags = ["--origin", "https://islands.example,//*.friends.example"];
    let server = Running::with_flags(&flags).await;
    let own = format!("http://{}", server.address);
    check(&server, &[], true).await;
    check(&server, &[("origin", "https://islands.example")], true).await;
    check(&server, &[("origin", "https://islands.example:443")], true).await;
    check(&server, &[("origin", "http://best.friends.example")], true).await;
    check(&server, &[("origin", "http://islands.example")], false).await;
    check(
        &server,
        &[("origin", "https://islands.example.evil.example")],
        false,
    )
    .await;
    check(&server, &[("origin", &own)], false).await;
}

/// The headers that a proxy for `https://islands.example` adds, and the page's origin.
const FORWARDED: [(&str, &str); 3] = [
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "islands.example"),
    ("origin", "https://islands.example"),
];

#[tokio::test]
async fn a_trusted_proxy_sets_the_servers_origin() {
    let server = Running::with_flags(&["--trusted-proxy", "127.0.0.1"]).await;
    check(&server, &FORWARDED, true).await;
    // A proxy that keeps the `Host` need only forward the scheme.
    let own = format!("https://{}", server.address);
    check(
        &server,
        &[("x-forwarded-proto", "https"), ("origin", &own)],
        true,
    )
    .await;
    let plain = format!("http://{}", server.address);
    check(
        &server,
        &[("x-forwarded-proto", "https"), ("origin", &plain)],
        false,
    )
    .await;
    let mut other = FORWARDED;
    other[2].1 = "https://elsewhere.example";
    check(&server, &other, false).await;
}

#[tokio::test]
async fn an_untrusted_peer_cannot_set_the_servers_origin() {
    let server = Running::start().await;
    check(&server, &FORWARDED, false).await;
    let server = Running::with_flags(&["--trusted-proxy", "192.0.2.1"]).await;
    check(&server, &FORWARDED, false).await;
}

#[tokio::test]
async fn a_proxy_may_forward_a_websocket_scheme() {
    let server = Running::with_flags(&["--trusted-proxy", "127.0.0.1"]).await;
    let secure = format!("https://{}", server.address);
    let plain = format!("http://{}", server.address);
    for (proto, own, other) in [
        ("wss", &secure, &plain),
        ("WSS", &secure, &plain),
        ("Https", &secure, &plain),
        ("ws", &plain, &secure),
        ("http, wss", &secure, &plain),
        ("wss,http", &plain, &secure),
    ] {
        let proto = ("x-forwarded-proto", proto);
        check(&server, &[proto, ("origin", own)], true).await;
        check(&server, &[proto, ("origin", other)], false).await;
    }
}
