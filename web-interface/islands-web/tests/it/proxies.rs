//! The client of a forwarded request: the proxy's headers decide, and the client's own
//! do not.

use serde_json::Value;

use crate::client::Client;
use crate::http::request;
use crate::running::Running;

/// A server that trusts a proxy on this machine and shows the system to 192.0.2.7.
const FLAGS: [&str; 4] = ["--trusted-proxy", "127.0.0.1", "--system-from", "192.0.2.7"];

/// Requests the system with these lines of `X-Forwarded-For`, and returns the status.
async fn system_status(server: &Running, forwarded: &[&str]) -> u16 {
    let lines: String = forwarded
        .iter()
        .map(|line| format!("\nx-forwarded-for: {line}"))
        .collect();
    let head = format!("GET /api/system\nhost: 127.0.0.1{lines}");
    request(server.address, &head, "").await.status
}

/// Checks that a forged header shows nothing: the proxy adds its client's address,
/// 203.0.113.9, to what that client wrote.
#[track_caller]
fn check_forged(server: &Running, written: &str) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let one_line = format!("{written}, 203.0.113.9");
        for forwarded in [&[one_line.as_str()][..], &[written, "203.0.113.9"]] {
            let status = system_status(server, forwarded).await;
            assert_eq!(status, 404, "{forwarded:?} at {caller}");
        }
    }
}

#[tokio::test]
async fn a_client_cannot_forge_an_address() {
    let server = Running::with_flags(&FLAGS).await;
    assert_eq!(system_status(&server, &["192.0.2.7"]).await, 200);
    assert_eq!(system_status(&server, &["x, 192.0.2.7"]).await, 200);
    assert_eq!(system_status(&server, &["192.0.2.7:4711"]).await, 200);
    assert_eq!(
        system_status(&server, &["[::ffff:192.0.2.7]:4711"]).await,
        200
    );
    for written in [
        "192.0.2.7",
        "192.0.2.7, x",
        "x, 192.0.2.7",
        "192.0.2.7,",
        "192.0.2.7:80",
        "192.0.2.7, 127.0.0.1",
        "127.0.0.1, 192.0.2.7",
        "127.0.0.1",
        "::1",
        "192.0.2.7, [::1]",
        "192.0.2.7, unknown",
        "192.0.2.7\t, é",
    ] {
        check_forged(&server, written).await;
    }
    // Behind a proxy that adds nothing, an invalid last entry hides the entries before
    // it.
    for written in ["192.0.2.7, x", "192.0.2.7, ", "x", "192.0.2.7, é"] {
        assert_eq!(system_status(&server, &[written]).await, 404, "{written}");
    }
}

#[tokio::test]
async fn no_other_header_says_whom_a_request_is_from() {
    let server = Running::with_flags(&FLAGS).await;
    for header in [
        "forwarded: for=192.0.2.7",
        "x-real-ip: 192.0.2.7",
        "x-forwarded: for=192.0.2.7",
        "x-forwarded-by: 192.0.2.7",
        "client-ip: 192.0.2.7",
        "true-client-ip: 192.0.2.7",
        "cf-connecting-ip: 192.0.2.7",
        "x-client-ip: 192.0.2.7",
        "x-cluster-client-ip: 192.0.2.7",
        "fastly-client-ip: 192.0.2.7",
    ] {
        let head = format!("GET /api/system\nhost: 127.0.0.1\n{header}");
        let status = request(server.address, &head, "").await.status;
        assert_eq!(status, 404, "{header}");
    }
}

#[tokio::test]
async fn a_forged_address_gets_no_limits_of_its_own() {
    let flags = ["--trusted-proxy", "127.0.0.1", "--games-per-minute", "3"];
    let server = Running::with_flags(&flags).await;
    let mut refused = 0;
    for number in 0..10 {
        let head = format!(
            "POST /api/games\ncontent-type: application/json\n\
             x-forwarded-for: 192.0.2.{number}, x"
        );
        let answer = request(server.address, &head, r#"{"name": "Ada"}"#).await;
        refused += u32::from(answer.status == 429);
    }
    assert_eq!(refused, 7);
}

#[tokio::test]
async fn sockets_of_forged_addresses_are_those_of_one() {
    let flags = ["--trusted-proxy", "127.0.0.1", "--max-connections", "8"];
    let server = Running::with_flags(&flags).await;
    let mut open = Vec::new();
    for number in 0..4 {
        let forged = format!("192.0.2.{number}, x");
        open.push(Client::try_connect(server.address, &[("x-forwarded-for", &forged)]).await);
    }
    let refused = open.iter().filter_map(|client| client.as_ref().err());
    assert_eq!(refused.collect::<Vec<_>>(), [&429, &429]);
}

#[tokio::test]
async fn a_proxy_may_be_named_in_either_form_of_its_address() {
    let flags = [
        "--trusted-proxy",
        "::ffff:127.0.0.1",
        "--system-from",
        "::ffff:192.0.2.7",
    ];
    let server = Running::with_flags(&flags).await;
    assert_eq!(system_status(&server, &["192.0.2.7"]).await, 200);
    assert_eq!(system_status(&server, &["192.0.2.8"]).await, 404);
}

#[tokio::test]
async fn a_request_names_one_host() {
    let server = Running::start().await;
    let get_healthz = async |version: &str, hosts: &str| -> Value {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = tokio::net::TcpStream::connect(server.address)
            .await
            .unwrap();
        let request = format!("GET /healthz {version}\r\n{hosts}connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status: u16 = answer[9..12].parse().unwrap();
        let body = answer.split("\r\n\r\n").nth(1).unwrap();
        let reason = serde_json::from_str::<Value>(body).unwrap_or_default()["reason"].take();
        serde_json::json!([status, reason])
    };
    let refused = serde_json::json!([400, "bad_host"]);
    for hosts in [
        "",
        "host: a\r\nhost: b\r\n",
        "host: a\r\nhost: a\r\n",
        "host: a b\r\n",
        "host: a/b\r\n",
        "host: a, b\r\n",
        "host: [::1\r\n",
    ] {
        assert_eq!(get_healthz("HTTP/1.1", hosts).await, refused, "{hosts}");
    }
    let taken = serde_json::json!([200, null]);
    for hosts in ["host: a\r\n", "host: [::1]:80\r\n", "host:\r\n"] {
        assert_eq!(get_healthz("HTTP/1.1", hosts).await, taken, "{hosts}");
    }
    assert_eq!(get_healthz("HTTP/1.0", "").await, taken);
}
