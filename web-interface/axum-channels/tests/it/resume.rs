//! Resuming: clients reconnect, and get the broadcasts that they have missed.

use std::time::Duration;

use axum_channels::{Channel, Context, JoinError, Joined, Outcome, Payload, Resumed};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    client::Client,
    server::{Server, User},
};

/// The channel `log:*`: its topics keep four broadcasts.
pub(crate) struct Log;

#[derive(Deserialize)]
pub(crate) struct Params {
    since: Option<u64>,
    /// Broadcasts made between the join and its reply.
    #[serde(default)]
    meanwhile: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum In {
    SaySeen { text: String },
}

#[derive(Serialize)]
struct Reply {
    #[serde(flatten)]
    resumed: Resumed,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<&'static str>,
}

impl Channel for Log {
    type Assigns = User;
    type Params = Params;
    type Event = In;
    type Info = ();
    type State = ();

    const REPLAY: usize = 4;
    const INTERCEPTS: &'static [&'static str] = &["seen"];

    async fn join(&self, params: Params, ctx: &Context<User>) -> Result<Joined<Self>, JoinError> {
        let resumed = ctx.resume(params.since);
        for number in 0..params.meanwhile {
            ctx.broadcast("said", &json!({ "text": format!("meanwhile {number}") }));
        }
        ctx.push("welcome", &());
        let snapshot = (!resumed.resumed).then_some("all of it");
        Ok(Joined::new(()).reply(&Reply { resumed, snapshot }))
    }

    async fn handle(&self, _: &(), event: In, ctx: &Context<User>) -> Outcome {
        let In::SaySeen { text } = event;
        ctx.broadcast("seen", &json!({ "text": text }));
        Outcome::none()
    }

    fn intercept(&self, _: &(), _: &str, payload: &Payload, _: &Context<User>) -> Option<Payload> {
        let mut shown: Value = serde_json::from_str(payload.as_str()).ok()?;
        let text = format!("{}, seen", shown["text"].as_str()?);
        shown["text"] = text.into();
        Payload::object(&shown).ok()
    }
}

/// Joins `log:a`, and returns the response of the reply.
async fn join(client: &mut Client, params: &str) -> Value {
    client
        .send(&format!(r#"["1","1","log:a","phx_join",{params}]"#))
        .await;
    let [_, _, _, event, reply] = frame(client).await;
    assert_eq!(
        (&event, &reply["status"]),
        (&json!("phx_reply"), &json!("ok"))
    );
    reply["response"].clone()
}

async fn frame(client: &mut Client) -> [Value; 5] {
    serde_json::from_str(&client.receive().await).unwrap()
}

/// Receives the next push or broadcast: its event, its number and its text.
async fn receive_event(client: &mut Client) -> (String, Option<u64>, String) {
    let [_, _, _, event, payload] = frame(client).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (
        text(&event),
        payload["seq"].as_u64(),
        text(&payload["text"]),
    )
}

async fn say(server: &Server, text: &str) {
    let payload = json!({ "text": text });
    server
        .endpoint
        .broadcast("log:a", "said", &payload)
        .unwrap();
}

fn said(seq: u64, text: &str) -> (String, Option<u64>, String) {
    ("said".to_owned(), Some(seq), text.to_owned())
}

fn welcome() -> (String, Option<u64>, String) {
    ("welcome".to_owned(), None, String::new())
}

/// A client that has joined without `since`, and the number where it starts.
async fn joined(server: &Server) -> (Client, u64) {
    let mut client = Client::connect(server).await;
    let reply = join(&mut client, "{}").await;
    let seq = reply["seq"].as_u64().unwrap();
    assert_eq!(
        reply,
        json!({ "seq": seq, "resumed": false, "snapshot": "all of it" })
    );
    assert_eq!(receive_event(&mut client).await, welcome());
    (client, seq)
}

#[tokio::test]
async fn a_join_with_since_gets_the_missed_broadcasts_in_order() {
    let server = Server::start().await;
    let (mut one, start) = joined(&server).await;
    say(&server, "a").await;
    assert_eq!(receive_event(&mut one).await, said(start + 1, "a"));
    drop(one);
    say(&server, "b").await;
    say(&server, "c").await;

    let mut one = Client::connect(&server).await;
    let since = start + 1;
    let reply = join(&mut one, &format!(r#"{{"since":{since}}}"#)).await;
    assert_eq!(reply, json!({ "seq": since, "resumed": true }));
    say(&server, "d").await;
    assert_eq!(receive_event(&mut one).await, said(start + 2, "b"));
    assert_eq!(receive_event(&mut one).await, said(start + 3, "c"));
    assert_eq!(receive_event(&mut one).await, welcome());
    assert_eq!(receive_event(&mut one).await, said(start + 4, "d"));
    one.play("").await;
}

#[tokio::test]
async fn a_client_that_missed_too_much_gets_a_snapshot_and_no_replay() {
    let server = Server::start().await;
    let (_one, start) = joined(&server).await;
    for text in ["a", "b", "c", "d", "e"] {
        say(&server, text).await;
    }
    for since in [start, start + 6, 0, u64::MAX] {
        let mut two = Client::connect(&server).await;
        let reply = join(&mut two, &format!(r#"{{"since":{since}}}"#)).await;
        let fresh = json!({ "seq": start + 5, "resumed": false, "snapshot": "all of it" });
        assert_eq!(reply, fresh, "since {since}");
        assert_eq!(receive_event(&mut two).await, welcome());
        two.play("").await;
    }
}

#[tokio::test]
async fn no_broadcast_is_lost_between_a_join_and_its_reply() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    let reply = join(&mut client, r#"{"meanwhile":4}"#).await;
    let seq = reply["seq"].as_u64().unwrap();
    for number in 0..4 {
        let text = format!("meanwhile {number}");
        assert_eq!(
            receive_event(&mut client).await,
            said(seq + 1 + number, &text)
        );
    }
    assert_eq!(receive_event(&mut client).await, welcome());
    client.play("").await;
}

#[tokio::test]
async fn a_join_that_would_miss_a_broadcast_fails_so_that_its_client_joins_again() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    join(&mut client, r#"{"meanwhile":5}"#).await;
    client
        .play(r#"< ["1","1","log:a","phx_error",{"reason":"channel_crash"}]"#)
        .await;
    join(&mut client, "{}").await;
}

#[tokio::test]
async fn replayed_broadcasts_are_intercepted_too() {
    let server = Server::start().await;
    let (mut one, start) = joined(&server).await;
    let push = r#"["1","2","log:a","say_seen",{"text":"a"}]"#;
    one.send(push).await;
    let seen = ("seen".to_owned(), Some(start + 1), "a, seen".to_owned());
    assert_eq!(receive_event(&mut one).await, seen);
    let mut two = Client::connect(&server).await;
    join(&mut two, &format!(r#"{{"since":{start}}}"#)).await;
    assert_eq!(receive_event(&mut two).await, welcome());
    assert_eq!(receive_event(&mut two).await, seen);
}

#[tokio::test]
async fn a_client_of_version_1_resumes_as_well() {
    let server = Server::start().await;
    let (_one, start) = joined(&server).await;
    say(&server, "a").await;
    let mut old = Client::connect_with(&server, "vsn=1.0.0").await;
    let join = r#"{"topic":"log:a","event":"phx_join","ref":"1","payload":"#;
    old.send(&format!(r#"{join}{{"since":{start}}}}}"#)).await;
    old.receive().await;
    let seq = start + 1;
    let payload = format!(r#"{{"seq":{seq},"text":"a"}}"#);
    old.expect(&format!(
        r#"{{"topic":"log:a","event":"said","payload":{payload},"ref":null}}"#
    ))
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_replay_buffer_outlives_its_last_subscriber_by_a_minute() {
    let server = Server::start().await;
    let mut one = server.in_memory(4096).await;
    one.send(r#"["1","1","log:a","phx_join",{}]"#).await;
    let reply: Value = serde_json::from_str(&one.receive().await).unwrap();
    let start = reply[4]["response"]["seq"].as_u64().unwrap();
    one.receive().await;
    say(&server, "a").await;
    one.receive().await;
    one.play_only(
        r#"
        > ["1","2","log:a","phx_leave",{}]
        < ["1","2","log:a","phx_reply",{"status":"ok","response":{}}]
        < ["1","1","log:a","phx_close",{}]
        "#,
    )
    .await;
    tokio::time::advance(Duration::from_secs(50)).await;
    one.send(&format!(
        r#"["2","3","log:a","phx_join",{{"since":{start}}}]"#
    ))
    .await;
    let reply: Value = serde_json::from_str(&one.receive().await).unwrap();
    assert_eq!(reply[4]["response"]["resumed"], json!(true));
}
