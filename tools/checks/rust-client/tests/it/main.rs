//! Runs the third-party crate `phoenix_channels_client` against the channel layer's conformance
//! server, to check what a user of channels relies on.
//!
//! ```sh
//! cargo build -p axum-channels --example conformance
//! cargo test                    # CONFORMANCE_BIN for another
//! ```
//!
//! The client joins without parameters, does not reconnect by itself, has no auth tokens, and sends
//! a heartbeat every 30 seconds, which is too seldom for this server.

mod server;

use std::{sync::Arc, time::Duration};

use phoenix_channels_client::{
    Channel, ChannelError, Client, ClientError, Config, Event, Payload, PhoenixEvent, SendError,
};
use serde_json::{Value, json};
use server::RecordingRelay;
use tokio::{sync::mpsc, time};

const PATIENCE: Duration = Duration::from_secs(10);

/// Awaits the future, and panics after [`PATIENCE`].
async fn within_patience<F: Future>(future: F) -> F::Output {
    let done = time::timeout(PATIENCE, future).await;
    done.expect("it takes too long")
}

async fn connect(address: impl ToString, query: &str) -> Result<Client, ClientError> {
    let address = address.to_string();
    let url = format!("ws://{address}/socket/websocket{query}");
    let config = Config::new(url.as_str()).expect("a URL");
    let mut client = Client::new(config)?;
    within_patience(client.connect()).await?;
    Ok(client)
}

async fn join(client: &Client, topic: &str) -> Arc<Channel> {
    let joined = client.join(topic, Some(PATIENCE)).await;
    joined.unwrap_or_else(|error| panic!("{topic}: {error}"))
}

/// Pushes an event, and returns the response; `Err` for any status but `ok`.
async fn call(channel: &Channel, event: &str, payload: Value) -> Result<Value, Value> {
    let json = |payload: Payload| payload.into_value().expect("no bytes");
    match channel
        .send_with_timeout(event, payload, Some(PATIENCE))
        .await
    {
        Ok(response) => Ok(json(response)),
        Err(SendError::Reply(response)) => Err(json(*response)),
        Err(error) => panic!("{event}: {error}"),
    }
}

/// Returns the payloads of this event from now on.
async fn listen(channel: &Channel, event: impl Into<Event>) -> mpsc::UnboundedReceiver<Payload> {
    let (sender, events) = mpsc::unbounded_channel();
    let handler = move |_: Arc<Channel>, payload: &Payload| {
        // This fails once the test has dropped the receiver.
        sender.send(payload.clone()).ok();
    };
    channel.on(event, handler).await.expect("it is joined");
    events
}

async fn next(events: &mut mpsc::UnboundedReceiver<Payload>) -> Payload {
    within_patience(events.recv())
        .await
        .expect("the channel is alive")
}

#[tokio::test]
async fn join_replies_refusals_and_crashes_are_distinct() {
    let server = server::start();
    let client = connect(server.address, "").await.unwrap();
    let joined = [join(&client, "room:a").await, join(&client, "exact").await];
    for (topic, reason) in [
        ("room:deny", "unauthorized"),
        ("room:crash", "join crashed"),
    ] {
        match client.join(topic, Some(PATIENCE)).await {
            Err(ChannelError::JoinFailed(response)) => {
                assert_eq!(*response, json!({ "reason": reason }).into());
            }
            Err(error) => panic!("{topic}: {error}"),
            Ok(_) => panic!("{topic} is joined"),
        }
    }
    for channel in joined {
        assert_eq!(call(&channel, "status", json!({})).await, Ok(json!({})));
    }
}

#[tokio::test]
async fn unknown_topics_are_refused_and_the_client_drops_them() {
    let server = server::start();
    let mut relay = RecordingRelay::start(server.address).await;
    let client = connect(relay.address, "").await.unwrap();
    // The refusal has no join_ref, so the client cannot match it to its join, and waits on.
    let wait = Some(Duration::from_millis(500));
    let refused = client.join("nowhere", wait).await.err();
    assert!(
        matches!(refused, Some(ChannelError::Timeout)),
        "{refused:?}"
    );
    relay.wait_for(
        r#"[null,"0","nowhere","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]"#,
    )
    .await;
}

#[tokio::test]
async fn events_get_replies_of_any_status() {
    let server = server::start();
    let client = connect(server.address, "").await.unwrap();
    let channel = join(&client, "room:a").await;
    for payload in [
        json!({ "text": "Å 海 🚢\n" }),
        json!([1, -2.5, true, null]),
        json!(""),
    ] {
        let echoed = call(&channel, "echo", payload.clone()).await;
        assert_eq!(echoed, Ok(json!({ "echo": payload })));
    }
    // This client takes any status but ok for an error.
    for (event, response) in [
        ("err", json!({ "reason": "no" })),
        ("custom_status", json!({ "x": 1 })),
        ("?", json!({ "reason": "unknown event" })),
    ] {
        assert_eq!(call(&channel, event, json!({})).await, Err(response));
    }
}

#[tokio::test]
async fn broadcasts_reach_all_or_all_but_the_sender_or_are_intercepted() {
    let server = server::start();
    let (one, two) = (
        connect(server.address, "").await.unwrap(),
        connect(server.address, "").await.unwrap(),
    );
    let (one, two) = (join(&one, "room:a").await, join(&two, "room:a").await);
    let (mut to_one, mut to_two) = (listen(&one, "bcast").await, listen(&two, "bcast").await);
    call(&one, "bcast_from", json!({ "n": 1 })).await.unwrap();
    call(&one, "bcast", json!({ "n": 2 })).await.unwrap();
    assert_eq!(next(&mut to_one).await, json!({ "n": 2 }).into());
    assert_eq!(next(&mut to_two).await, json!({ "n": 1 }).into());
    assert_eq!(next(&mut to_two).await, json!({ "n": 2 }).into());

    let mut to_both = [listen(&one, "icept").await, listen(&two, "icept").await];
    call(&one, "icept", json!({ "n": 3 })).await.unwrap();
    for events in &mut to_both {
        assert_eq!(next(events).await, json!({ "n": 3, "seen": true }).into());
    }
}

#[tokio::test]
async fn bytes_arrive_as_bytes() {
    let server = server::start();
    let client = connect(server.address, "").await.unwrap();
    let channel = join(&client, "room:a").await;
    let mut pushed = listen(&channel, "bin").await;
    let mut broadcast = listen(&channel, "bbin").await;
    call(&channel, "binpush", json!({})).await.unwrap();
    assert_eq!(next(&mut pushed).await, vec![9, 8].into());
    assert_eq!(next(&mut broadcast).await, vec![7].into());
}

#[tokio::test]
async fn a_second_join_of_a_topic_closes_the_first() {
    let server = server::start();
    let client = connect(server.address, "").await.unwrap();
    let first = join(&client, "room:a").await;
    let mut closed = listen(&first, PhoenixEvent::Close).await;
    let second = join(&client, "room:a").await;
    assert_eq!(next(&mut closed).await, json!({}).into());
    assert_eq!(call(&second, "status", json!({})).await, Ok(json!({})));
}

#[tokio::test]
async fn a_stopped_channel_is_closed_and_a_crashed_one_is_an_error() {
    let server = server::start();
    let client = connect(server.address, "").await.unwrap();
    let crash = json!({ "reason": "channel_crash" });
    for (event, ending, payload) in [
        ("stop_normal", PhoenixEvent::Close, json!({})),
        ("stop_shutdown", PhoenixEvent::Close, json!({})),
        ("stop_error", PhoenixEvent::Error, crash.clone()),
        ("raise", PhoenixEvent::Error, crash.clone()),
        ("kill", PhoenixEvent::Error, crash),
    ] {
        // Each pass joins again, so that each ending must leave the topic free.
        let channel = join(&client, "room:a").await;
        let mut ended = listen(&channel, ending).await;
        channel.send_noreply(event, json!({})).await.unwrap();
        assert_eq!(next(&mut ended).await, payload.into(), "{event}");
    }
}

#[tokio::test]
async fn a_leave_is_answered_and_closes_the_channel() {
    let server = server::start();
    let mut relay = RecordingRelay::start(server.address).await;
    let client = connect(relay.address, "").await.unwrap();
    join(&client, "room:a").await.leave().await;
    relay
        .wait_for(r#"["1",null,"room:a","phx_reply",{"status":"ok","response":{}}]"#)
        .await;
    relay.wait_for(r#"["1","1","room:a","phx_close",{}]"#).await;
    let again = join(&client, "room:a").await;
    assert_eq!(call(&again, "status", json!({})).await, Ok(json!({})));
}

#[tokio::test]
async fn heartbeats_are_answered() {
    let server = server::start();
    let mut relay = RecordingRelay::start(server.address).await;
    let _client = connect(relay.address, "").await.unwrap();
    // The client runs on this test's clock: half a minute passes at once.
    time::pause();
    time::advance(Duration::from_secs(30)).await;
    time::resume();
    relay
        .wait_for(r#"[null,"heartbeat:1","phoenix","phx_reply",{"status":"ok","response":{}}]"#)
        .await;
}

#[tokio::test]
async fn a_silent_client_is_closed() {
    let server = server::start();
    let mut relay = RecordingRelay::start(server.address).await;
    let client = connect(relay.address, "").await.unwrap();
    let channel = join(&client, "room:a").await;
    relay.wait_for(1002_u16.to_be_bytes()).await;
    // Only the end of the client's task counts, not its result: the client answers the close
    // frame twice, and reports the second answer's failure as an error.
    let ended = within_patience(client.shutdown()).await;
    assert!(ended.is_ok(), "{ended:?}");
    let sent = channel.send_noreply("echo", json!({})).await;
    assert!(matches!(sent, Err(SendError::Closed)), "{sent:?}");
}

#[tokio::test]
async fn a_refused_client_gets_the_status() {
    let server = server::start();
    for (query, status) in [
        ("?reject=1", "403 Forbidden"),
        ("?rl=1", "429 Too Many Requests"),
    ] {
        let refused = connect(server.address, query)
            .await
            .err()
            .expect("it is refused");
        assert!(refused.to_string().contains(status), "{refused}");
    }
}
