//! Access to the system: programs on this machine, and addresses that are named.

use serde_json::json;

use crate::http::{Response, request};
use crate::running::Running;
use crate::table::Table;

async fn get_system(server: &Running, headers: &str) -> Response {
    request(server.address, &format!("GET /api/system{headers}"), "").await
}

/// Checks that the system is shown with these headers, one a line.
async fn check_shown(server: &Running, headers: &str) {
    let answer = get_system(server, headers).await;
    assert_eq!(answer.status, 200, "{headers}");
    assert!(answer.json()["supervisors"].is_array(), "{headers}");
}

/// Checks that with these headers every path of the system is unknown.
async fn check_hidden(server: &Running, headers: &str) {
    let nothing = server.get("/api/nothing").await;
    assert_eq!(nothing.status, 404);
    for request_head in [
        "GET /api/system",
        "POST /api/system",
        "GET /api/system/games/aaaaaaaaaaaaaaaa",
        "DELETE /api/system/games/aaaaaaaaaaaaaaaa/quarantine\nislands-operator: 1",
        "GET /api/system/games/aaaaaaaaaaaaaaaa/quarantine",
    ] {
        let answer = request(server.address, &format!("{request_head}{headers}"), "").await;
        assert_eq!(answer.status, 404, "{request_head}{headers}");
        assert_eq!(answer.body, nothing.body, "{request_head}{headers}");
        assert_eq!(answer.header("allow"), None, "{request_head}{headers}");
    }
}

#[tokio::test]
async fn a_program_on_this_machine_sees_the_supervision_tree() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let system = get_system(&server, "").await.json();
    assert_eq!(system["games"], 1);
    assert_eq!(system["journal_writable"], true);
    assert!(system.to_string().contains(&table.game));
    for host in ["localhost", "LocalHost:80", "127.0.0.1", "[::1]:4000"] {
        check_shown(&server, &format!("\nhost: {host}")).await;
    }
    // A browser sends this when a person types the address.
    check_shown(&server, "\nsec-fetch-site: none").await;
}

#[tokio::test]
async fn a_forwarded_request_gets_404() {
    let flags: [&[&str]; 2] = [&[], &["--trusted-proxy", "127.0.0.1"]];
    for flags in flags {
        let server = Running::with_flags(flags).await;
        for header in [
            "forwarded: for=127.0.0.1",
            "x-forwarded-for: 127.0.0.1",
            "x-forwarded-proto: https",
            "x-forwarded-host: localhost",
            "x-forwarded-server: localhost",
            "x-real-ip: 127.0.0.1",
            "via: 1.1 proxy",
        ] {
            check_hidden(&server, &format!("\n{header}")).await;
        }
    }
}

#[tokio::test]
async fn a_page_in_a_local_browser_gets_404() {
    let server = Running::start().await;
    for header in [
        format!("origin: http://{}", server.address),
        "origin: https://evil.example".into(),
        "origin: null".into(),
        "sec-fetch-site: cross-site".into(),
        "sec-fetch-site: same-origin".into(),
    ] {
        check_hidden(&server, &format!("\n{header}")).await;
    }
}

#[tokio::test]
async fn a_rebound_host_name_gets_404() {
    let server = Running::start().await;
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:4000",
        "localhost@evil.example",
        "evil@127.0.0.1",
        "192.0.2.1",
        "0.0.0.0:4000",
        "127.1",
        "",
        "localhost\nhost: evil.example",
    ] {
        let headers = format!("\nhost: {host}");
        let answer = get_system(&server, &headers).await;
        // The server rejects some of these as malformed requests.
        assert!(
            [400, 404].contains(&answer.status),
            "{host}: {}",
            answer.status
        );
    }
    check_hidden(&server, "\nhost: evil.example").await;
}

#[tokio::test]
async fn listed_addresses_may_read_the_system() {
    let flags = [
        ["--trusted-proxy", "127.0.0.1"],
        ["--system-from", "192.0.2.7,2001:db8::7"],
    ];
    let server = Running::with_flags(flags.as_flattened()).await;
    check_shown(&server, "\nx-forwarded-for: 192.0.2.7").await;
    check_shown(&server, "\nx-forwarded-for: 2001:db8::7\nhost: 192.0.2.1").await;
    check_hidden(&server, "\nx-forwarded-for: 192.0.2.8").await;
    check_hidden(&server, "\nx-forwarded-for: 192.0.2.7, 192.0.2.8").await;
    check_hidden(
        &server,
        "\nx-forwarded-for: 192.0.2.7\nhost: islands.example",
    )
    .await;
    check_hidden(&server, "\nx-forwarded-for: 192.0.2.7\norigin: null").await;
    let server = Running::with_flags(&["--system-from", "192.0.2.7"]).await;
    check_hidden(&server, "\nx-forwarded-for: 192.0.2.7").await;
}

#[tokio::test]
async fn requests_that_change_need_the_operator_header() {
    let server = Running::start().await;
    let game = Table::open(server.address).await.game;
    let clear = format!("DELETE /api/system/games/{game}/quarantine");
    let answer = request(server.address, &clear, "").await;
    assert_eq!(
        (answer.status, answer.reason()),
        (403, "not_an_operator".into())
    );
    let allowed = format!("{clear}\nislands-operator: 1");
    let answer = request(server.address, &allowed, "").await;
    assert_eq!(
        (answer.status, answer.reason()),
        (409, "not_quarantined".into())
    );
    let nobody = allowed.replace(&game, "aaaaaaaaaaaaaaaa");
    let answer = request(server.address, &nobody, "").await;
    assert_eq!(
        (answer.status, answer.reason()),
        (404, "no_such_game".into())
    );
    let wrong = server.post("/api/system", &json!({})).await;
    assert_eq!(wrong.status, 403);
}
