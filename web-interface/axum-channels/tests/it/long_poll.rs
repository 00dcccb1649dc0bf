//! Long polls: the answer to each request. Most tests call the router directly; the checks with
//! stock clients poll over real connections.

use std::time::Duration;

use axum_channels::{Origins, Settings};
use serde_json::json;

use crate::{client::Client, poller::Poller, server::Server};

const WINDOW: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_session_is_opened_joined_and_used() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    assert_eq!(server.endpoint.sockets(), 1);
    let echo = r#"["1","2","room:a","echo",{"n":1}]"#;
    let single = poller.json("POST", &[], echo).await;
    assert_eq!(single, json!({ "status": 200 }));
    let answer = r#"["1","2","room:a","phx_reply",{"status":"ok","response":{"echo":{"n":1}}}]"#;
    assert_eq!(poller.frames().await, [answer]);
}

#[tokio::test]
async fn frames_between_two_polls_are_returned_together_in_order() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    for n in 0..3 {
        server
            .endpoint
            .broadcast("room:a", "news", &json!({ "n": n }))
            .unwrap();
    }
    let news = [0, 1, 2].map(|n| format!(r#"[null,null,"room:a","news",{{"n":{n}}}]"#));
    assert_eq!(poller.frames().await, news);
}

#[tokio::test]
async fn a_poll_waits_for_a_frame() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    let mut polled = tokio_test::task::spawn(poller.frames());
    assert!(polled.poll().is_pending());
    tokio::task::yield_now().await;
    server
        .endpoint
        .broadcast("room:a", "news", &json!({}))
        .unwrap();
    assert_eq!(polled.await, [r#"[null,null,"room:a","news",{}]"#]);
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_gets_nothing_within_the_window_is_answered_204() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    let began = tokio::time::Instant::now();
    let answer = poller.poll().await;
    let nothing = json!({ "status": 204, "token": poller.token, "messages": [] });
    assert_eq!(answer, nothing);
    assert_eq!(began.elapsed().as_secs(), WINDOW.as_secs());
}

#[tokio::test]
async fn the_header_names_the_session_before_the_parameter_does() {
    let server = Server::start().await;
    let [one, two] = [Poller::open(&server).await, Poller::open(&server).await];
    one.join("room:a").await;
    server
        .endpoint
        .broadcast("room:a", "news", &json!({}))
        .unwrap();
    let header = [("x-phoenix-longpoll-token", one.token.as_str())];
    let answer = two.json("GET", &header, "").await;
    assert_eq!(
        (&answer["status"], &answer["token"]),
        (&json!(200), &json!(one.token))
    );
}

#[tokio::test]
async fn binary_frames_come_in_base64_and_bytes_are_no_answer() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    // The example of the protocol: an echo of the bytes 1, 2 and 3; and a count of them.
    let echo = "AAEBBgQxMnJvb206YWVjaG8BAgM=";
    let count = "AAEBBgUxM3Jvb206YWNvdW50AQID";
    assert_eq!(poller.post(&[echo, count]).await, json!({ "status": 200 }));
    let reason = "binary payloads need a WebSocket";
    let refused = format!(r#"{{"status":"error","response":{{"reason":"{reason}"}}}}"#);
    let counted = r#"{"status":"ok","response":{"bytes":3}}"#;
    assert_eq!(
        poller.frames().await,
        [
            format!(r#"["1","2","room:a","phx_reply",{refused}]"#),
            format!(r#"["1","3","room:a","phx_reply",{counted}]"#),
        ]
    );
    let push = r#"["1","4","room:a","binpush",{}]"#;
    poller.post(&[push]).await;
    let done = r#"["1","4","room:a","phx_reply",{"status":"ok","response":{}}]"#;
    assert_eq!(poller.frames().await, [done], "no frame is made of bytes");
}

#[tokio::test]
async fn version_1_works_over_long_polls() {
    let server = Server::start().await;
    let mut poller = Poller::of(&server, "vsn=1.0.0");
    poller.token = poller.poll().await["token"].as_str().unwrap().to_owned();
    let join = r#"{"topic":"room:a","event":"phx_join","payload":{},"ref":"1"}"#;
    assert_eq!(poller.post(&[join]).await, json!({ "status": 200 }));
    let reply = r#"{"topic":"room:a","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"1"}"#;
    assert_eq!(poller.frames().await, [reply]);
}

#[tokio::test]
async fn polling_clients_and_sockets_share_a_topic() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    let mut client = Client::connect(&server).await;
    poller.join("room:a").await;
    client.join("room:a").await;
    poller
        .post(&[r#"["1","2","room:a","bcast_from",{"n":1}]"#])
        .await;
    client
        .expect(r#"[null,null,"room:a","bcast",{"n":1}]"#)
        .await;
    poller.frames().await;
    client.send(r#"["1","2","room:a","icept",{"n":2}]"#).await;
    let seen = r#"["1",null,"room:a","icept",{"it":{"n":2},"seen":true}]"#;
    assert_eq!(poller.frames().await, [seen]);
}

#[tokio::test]
async fn a_refusal_a_bad_version_and_a_bad_origin_are_403_in_json() {
    let server = Server::with(Settings {
        origins: Origins::list(["https://example.com"]).unwrap(),
        ..Settings::default()
    })
    .await;
    let refused = json!({ "status": 403 });
    for query in [
        "vsn=2.0.0&reject=1",
        "vsn=2.0.0&rl=1",
        "vsn=3.0.0",
        "vsn=2.0",
    ] {
        assert_eq!(Poller::of(&server, query).poll().await, refused, "{query}");
    }
    let poller = Poller::of(&server, "vsn=2.0.0");
    let evil = [("origin", "https://evil.example")];
    for method in ["GET", "POST"] {
        assert_eq!(poller.json(method, &evil, "").await, refused);
    }
    let good = [("origin", "https://example.com")];
    assert_eq!(poller.json("GET", &good, "").await["status"], 410);
}

#[tokio::test]
async fn the_auth_token_comes_in_a_header() {
    let server = Server::start().await;
    let mut poller = Poller::of(&server, "vsn=2.0.0");
    let answer = poller
        .json("GET", &[("x-phoenix-authtoken", "s3cret")], "")
        .await;
    poller.token = answer["token"].as_str().unwrap().to_owned();
    poller.join("room:a").await;
    poller.post(&[r#"["1","2","room:a","whoami",{}]"#]).await;
    let frames = poller.frames().await;
    assert!(frames[0].contains(r#""token":"s3cret""#), "{frames:?}");
}

#[tokio::test]
async fn options_are_answered_with_cors_headers_and_nothing_may_be_stored() {
    let server = Server::with(Settings {
        origins: Origins::list(["https://example.com"]).unwrap(),
        ..Settings::default()
    })
    .await;
    let poller = Poller::of(&server, "vsn=2.0.0");
    let origin = [("origin", "https://example.com")];
    for method in ["OPTIONS", "GET"] {
        let request = poller.request(method, &origin, String::new());
        let (status, headers, _) = poller.send(request).await;
        assert_eq!(status, 200);
        assert_eq!(
            headers["access-control-allow-origin"],
            "https://example.com"
        );
        assert!(
            headers["access-control-allow-methods"]
                .to_str()
                .unwrap()
                .contains("POST")
        );
        assert_eq!(headers["cache-control"], "no-store");
    }
    let asked = "content-type, traceparent, x-b3-traceid";
    let headers = [origin[0], ("access-control-request-headers", asked)];
    let preflight = poller.request("OPTIONS", &headers, String::new());
    let (_, headers, _) = poller.send(preflight).await;
    assert_eq!(headers["access-control-allow-headers"], asked);
    let varies = headers["vary"].to_str().unwrap();
    assert!(
        varies.contains("access-control-request-headers"),
        "{varies}"
    );
    let evil = poller.request("OPTIONS", &[("origin", "null")], String::new());
    let (status, headers, _) = poller.send(evil).await;
    assert_eq!(status, 200);
    assert!(!headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_wrong_verb_and_a_body_that_cannot_be_read_are_400() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    let request = |method, body: Vec<u8>| {
        let mut request = poller.request(method, &[], String::new());
        *request.body_mut() = body.into();
        request
    };
    for request in [
        request("PUT", vec![]),
        request("DELETE", vec![]),
        request("POST", vec![b'x'; 2 * 1024 * 1024]),
        request("POST", vec![0xff]),
    ] {
        let (status, _, answer) = poller.send(request).await;
        assert_eq!(status, 400);
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["status"], 500, "stock clients come back");
        assert_ne!(answer["message"].as_str().unwrap_or_default(), "");
    }
    poller.join("room:a").await;
}

#[tokio::test]
async fn a_dropped_poll_loses_no_frame() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    {
        let mut polled = tokio_test::task::spawn(poller.poll());
        assert!(polled.poll().is_pending());
        tokio::task::yield_now().await;
    }
    server
        .endpoint
        .broadcast("room:a", "news", &json!({}))
        .unwrap();
    assert_eq!(poller.frames().await, [r#"[null,null,"room:a","news",{}]"#]);
}
