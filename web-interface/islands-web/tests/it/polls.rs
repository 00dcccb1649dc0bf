//! Playing without a socket: by polls.

use serde_json::{Value, json};

use crate::http::{get, request};
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
async fn a_game_is_opened_and_joined_by_someone_who_polls() {
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
