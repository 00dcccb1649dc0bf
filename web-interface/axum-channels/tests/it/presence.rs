//! Presence: the `presence_state` of a topic, and the `presence_diff` of each change.

use serde_json::{Value, json};

use crate::{
    client::{Client, in_time},
    server::Server,
};

/// Receives the next frame, which must be this event on `room:pres`, and returns its payload.
async fn receive_payload(client: &mut Client, event: &str) -> Value {
    let frame: Value = serde_json::from_str(&client.receive().await).unwrap();
    assert_eq!((&frame[2], &frame[3]), (&json!("room:pres"), &json!(event)));
    frame[4].clone()
}

/// Keys and their `online_at`s, without references.
fn times(presences: &Value) -> Value {
    let presences = presences.as_object().unwrap().iter();
    presences
        .map(|(key, presence)| {
            let metas = presence["metas"].as_array().unwrap().iter();
            let times: Vec<_> = metas.map(|meta| meta["online_at"].clone()).collect();
            (key.clone(), Value::from(times))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[track_caller]
fn expect_diff(client: &mut Client, joins: Value, leaves: Value) -> impl Future<Output = Value> {
    let caller = std::panic::Location::caller();
    async move {
        let diff = receive_payload(client, "presence_diff").await;
        let got = (times(&diff["joins"]), times(&diff["leaves"]));
        assert_eq!(got, (joins, leaves), "at {caller}");
        diff
    }
}

/// Joins under this name, and returns the `presence_state`.
async fn join(client: &mut Client, name: &str) -> Value {
    let join = format!(r#"["1","1","room:pres","phx_join",{{"name":"{name}"}}]"#);
    client.send(&join).await;
    let reply = r#"["1","1","room:pres","phx_reply",{"status":"ok","response":{}}]"#;
    client.expect(reply).await;
    expect_diff(client, json!({name: [1]}), json!({})).await;
    receive_payload(client, "presence_state").await
}

async fn send(client: &mut Client, event: &str, payload: Value) {
    let frame = json!(["1", null, "room:pres", event, payload]);
    client.send(&frame.to_string()).await;
}

#[tokio::test]
async fn the_own_presence_diff_precedes_the_presence_state() {
    let server = Server::start().await;
    let (mut ada, mut bob) = (
        Client::connect(&server).await,
        Client::connect(&server).await,
    );
    assert_eq!(times(&join(&mut ada, "ada").await), json!({"ada": [1]}));
    let state = join(&mut bob, "bob").await;
    assert_eq!(times(&state), json!({"ada": [1], "bob": [1]}));
    expect_diff(&mut ada, json!({"bob": [1]}), json!({})).await;
    let outside: Value =
        serde_json::from_str(server.endpoint.presence("room:pres").as_str()).unwrap();
    assert_eq!(outside, state);
    assert_eq!(server.endpoint.presence("room:a").as_str(), "{}");
}

#[tokio::test]
async fn several_tabs_of_one_person_are_several_metas_under_one_key() {
    let server = Server::start().await;
    let (mut one, mut two) = (
        Client::connect(&server).await,
        Client::connect(&server).await,
    );
    join(&mut one, "ada").await;
    assert_eq!(times(&join(&mut two, "ada").await), json!({"ada": [1, 1]}));
    expect_diff(&mut one, json!({"ada": [1]}), json!({})).await;
    two.send(r#"["1","2","room:pres","phx_leave",{}]"#).await;
    expect_diff(&mut one, json!({}), json!({"ada": [1]})).await;
    send(&mut one, "push_presence", json!({})).await;
    assert_eq!(
        times(&receive_payload(&mut one, "presence_state").await),
        json!({"ada": [1]})
    );
}

#[tokio::test]
async fn an_update_is_a_join_and_a_leave_in_one_diff_and_names_the_reference_before() {
    let server = Server::start().await;
    let mut ada = Client::connect(&server).await;
    let state = join(&mut ada, "ada").await;
    send(&mut ada, "track", json!({"name": "ada", "online_at": 2})).await;
    let diff = expect_diff(&mut ada, json!({"ada": [2]}), json!({"ada": [1]})).await;
    let joined = &diff["joins"]["ada"]["metas"][0];
    assert_eq!(joined["phx_ref_prev"], state["ada"]["metas"][0]["phx_ref"]);
    assert_ne!(joined["phx_ref_prev"], joined["phx_ref"]);
    assert_eq!(diff["leaves"]["ada"], state["ada"]);
    send(&mut ada, "untrack", json!({})).await;
    expect_diff(&mut ada, json!({}), json!({"ada": [2]})).await;
    send(&mut ada, "untrack", json!({})).await;
    send(&mut ada, "push_presence", json!({})).await;
    assert_eq!(receive_payload(&mut ada, "presence_state").await, json!({}));
}

#[tokio::test]
async fn every_end_of_a_channel_broadcasts_a_leave_diff() {
    let server = Server::start().await;
    let mut ada = Client::connect(&server).await;
    join(&mut ada, "ada").await;
    for end in [
        "phx_leave",
        "stop_normal",
        "stop_error",
        "raise",
        "phx_close",
        "lost",
    ] {
        let mut bob = Client::connect(&server).await;
        join(&mut bob, "bob").await;
        expect_diff(&mut ada, json!({"bob": [1]}), json!({})).await;
        match end {
            "lost" => drop(bob),
            "phx_close" => {
                bob.send_message(tokio_tungstenite::tungstenite::Message::Close(None))
                    .await;
            }
            event => send(&mut bob, event, json!({})).await,
        }
        expect_diff(&mut ada, json!({}), json!({"bob": [1]})).await;
    }
    ada.play("").await;
    drop(ada);
    in_time(async {
        while server.endpoint.presence("room:pres").as_str() != "{}" {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_second_join_untracks_the_first() {
    let server = Server::start().await;
    let (mut ada, mut bob) = (
        Client::connect(&server).await,
        Client::connect(&server).await,
    );
    join(&mut ada, "ada").await;
    join(&mut bob, "bob").await;
    expect_diff(&mut ada, json!({"bob": [1]}), json!({})).await;
    bob.send(r#"["2","2","room:pres","phx_join",{"name":"eve"}]"#)
        .await;
    expect_diff(&mut ada, json!({}), json!({"bob": [1]})).await;
    expect_diff(&mut ada, json!({"eve": [1]}), json!({})).await;
}

#[tokio::test]
async fn a_refused_join_was_never_present() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","1","room:pres_refused","phx_join",{"name":"ada"}]
            < ["1","1","room:pres_refused","phx_reply",{"status":"error","response":{"reason":"no"}}]
            > ["2","2","room:pres","phx_join",{"name":"__proto__"}]
            < ["2","2","room:pres","phx_reply",{"status":"error","response":"a presence key has 1 to 255 bytes and is not __proto__, constructor or prototype"}]
            "#,
        )
        .await;
    assert_eq!(server.endpoint.presence("room:pres_refused").as_str(), "{}");
}
