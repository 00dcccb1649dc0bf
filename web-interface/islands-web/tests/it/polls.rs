//! Playing by long polls, without a WebSocket.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::within_patience;
use crate::http::{Response, get, request};
use crate::running::Running;

async fn poll(server: &Running, token: &str) -> Value {
    let path = format!("/socket/longpoll?vsn=2.0.0&token={token}");
    let answer = get(server.address, &path).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn post(server: &Running, token: &str, frame: &str) {
    let head = format!("POST /socket/longpoll?vsn=2.0.0&token={token}");
    let answer = request(server.address, &head, frame).await;
    assert_eq!(answer.json(), json!({ "status": 200 }));
}

#[tokio::test]
async fn a_polling_client_opens_and_joins_a_game() {
    let server = Running::start().await;
    let opened = server
        .post("/api/games", &json!({ "name": "Ada" }))
        .await
        .json();
    let (game, seat) = (opened["game"].as_str().unwrap(), &opened["seat"]);
    let token = poll(&server, "").await["token"].take();
    let token = token.as_str().unwrap();
    let join = json!(["1", "1", format!("game:{game}"), "phx_join", { "seat": seat }]);
    post(&server, token, &join.to_string()).await;
    let answer = poll(&server, token).await;
    assert_eq!(answer["status"], 200);
    let reply = answer["messages"][0].as_str().unwrap();
    let reply: Value = serde_json::from_str(reply).unwrap();
    assert_eq!(reply[4]["response"]["view"]["viewer"], "player1");
}

/// Checks a refusal whose JSON makes a stock client reconnect.
#[track_caller]
fn check_refusal(answer: &Response, status: u16, reason: &str) {
    assert_eq!(answer.status, status);
    assert_eq!(answer.json()["status"], 500, "{}", answer.body);
    assert_eq!(answer.reason(), reason);
}

#[tokio::test]
async fn a_refused_poll_makes_the_client_reconnect() {
    let flags = ["--trusted-proxy", "127.0.0.1", "--address-share", "1"];
    let server = Running::with_flags(&flags).await;
    // Requests that hold all permits of one address: their bodies never arrive.
    let head = "POST /api/games HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 192.0.2.1\r\n\
                content-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let mut open = Vec::new();
    for _ in 0..40 {
        let mut connection = TcpStream::connect(server.address).await.unwrap();
        connection.write_all(head.as_bytes()).await.unwrap();
        open.push(connection);
    }
    for path in ["/socket/longpoll", "/socket//longpoll/"] {
        let poll = format!("GET {path}?vsn=2.0.0\nx-forwarded-for: 192.0.2.1");
        let refused = within_patience(async {
            loop {
                let answer = request(server.address, &poll, "").await;
                if answer.status == 429 {
                    break answer;
                }
            }
        })
        .await;
        check_refusal(&refused, 429, "too_many_requests");
    }
}

#[tokio::test]
async fn a_poll_on_an_unknown_path_makes_the_client_reconnect() {
    let server = Running::start().await;
    for path in ["/sockets/longpoll", "/longpoll", "/socket/x/longpoll/"] {
        check_refusal(&server.get(path).await, 404, "no_such_path");
    }
    let request = async |head: &str| request(server.address, head, "").await;
    let twice = request("GET /socket/longpoll?vsn=2.0.0\nhost: a b").await;
    check_refusal(&twice, 400, "bad_host");
    let verb = request("PUT /socket/longpoll?vsn=2.0.0").await;
    assert_eq!((verb.status, &verb.json()["status"]), (400, &json!(500)));
}

#[tokio::test]
async fn a_refused_connection_of_a_polling_client_gets_a_poll_response() {
    let server = Running::with_flags(&["--address-share", "1"]).await;
    let mut open = Vec::new();
    for _ in 0..40 {
        open.push(TcpStream::connect(server.address).await.unwrap());
    }
    let mut answer = String::new();
    let mut more = TcpStream::connect(server.address).await.unwrap();
    within_patience(more.read_to_string(&mut answer))
        .await
        .unwrap();
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["status"], 500, "{answer}");
    assert_eq!(body["reason"], "too_many_requests");
}

#[tokio::test]
async fn a_preflighted_poll_may_have_any_header() {
    let server = Running::with_flags(&["--origin", "https://islands.example"]).await;
    let ask = "OPTIONS /socket/longpoll?vsn=2.0.0\norigin: https://islands.example\n\
               access-control-request-headers: content-type,sentry-trace,traceparent";
    let answer = request(server.address, ask, "").await;
    assert_eq!(
        answer.header("access-control-allow-headers"),
        Some("content-type,sentry-trace,traceparent")
    );
    let evil = ask.replace("islands.example", "evil.example");
    let answer = request(server.address, &evil, "").await;
    assert_eq!(answer.header("access-control-allow-headers"), None);
}

#[tokio::test]
async fn a_hundred_lines_are_a_hundred_replies_in_order() {
    let server = Running::start().await;
    let opened = server.post("/api/games", &json!({ "name": "Ada" })).await;
    let topic = format!("game:{}", opened.json()["game"].as_str().unwrap());
    let token = poll(&server, "").await["token"].take();
    let token = token.as_str().unwrap();
    let frame = |n: u64, event: &str| json!(["1", n.to_string(), topic, event, {}]).to_string();
    post(&server, token, &frame(1, "phx_join")).await;
    let looks: Vec<_> = (2..=101).map(|n| frame(n, "view")).collect();
    let head = format!(
        "POST /socket/longpoll?vsn=2.0.0&token={token}\ncontent-type: application/x-ndjson"
    );
    let posted = request(server.address, &head, &looks.join("\n")).await;
    assert_eq!(posted.json(), json!({ "status": 200 }));
    let mut replies = Vec::new();
    while replies.len() < 101 {
        let answer = poll(&server, token).await;
        for message in answer["messages"].as_array().unwrap() {
            let frame: Value = serde_json::from_str(message.as_str().unwrap()).unwrap();
            if frame[3] == "phx_reply" {
                assert_eq!(frame[4]["status"], "ok", "{frame}");
                replies.push(frame[1].as_str().unwrap().to_owned());
            }
        }
    }
    let expected: Vec<_> = (1..=101).map(|n| n.to_string()).collect();
    assert_eq!(replies, expected);
}
