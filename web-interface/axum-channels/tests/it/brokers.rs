//! Several endpoints behind one broker.

use axum_channels::{
    Broker, BrokerReceiver, Channel, Channels, Context, Endpoint, InProcessBroker, JoinError,
    Joined, Outcome, Publish, testing::TestClient,
};
use serde::Deserialize;
use serde_json::{Value, json};

struct Room;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum In {
    Say(Value),
    SayToOthers(Value),
    Where,
}

impl Channel for Room {
    type Assigns = &'static str;
    type Params = Value;
    type Event = In;
    type Info = ();
    type State = ();

    async fn join(&self, _: Value, _: &Context<&'static str>) -> Result<Joined<Self>, JoinError> {
        Ok(Joined::new(()))
    }

    async fn handle(&self, _: &(), event: In, ctx: &Context<&'static str>) -> Outcome {
        match event {
            In::Say(payload) => ctx.broadcast("said", &payload),
            In::SayToOthers(payload) => ctx.broadcast_from("said", &payload),
            In::Where => return Outcome::ok(ctx.assigns()),
        }
        Outcome::ok(&())
    }
}

/// A client of this endpoint, in the room.
async fn client(endpoint: &Endpoint, name: &'static str) -> TestClient {
    let channels = Channels::on_connect(|_| async { Ok("over HTTP") })
        .channel("room:*", Room)
        .socket_id(|name| Some(format!("users:{name}")));
    let mut client = TestClient::connect(&channels.accept(endpoint), name).await;
    client.join("room:1", &json!({})).await.unwrap();
    client
}

#[tokio::test]
async fn a_broadcast_reaches_the_clients_of_all_endpoints_once() {
    let broker = InProcessBroker::default();
    let [here, there] = [(); 2].map(|()| Endpoint::with_broker(&broker));
    let mut ada = client(&here, "ada").await;
    let mut bob = client(&there, "bob").await;
    for event in ["say", "say_to_others"] {
        ada.push("room:1", event, &json!({ "text": event })).await;
        assert_eq!(bob.expect("room:1", "said").await, json!({ "text": event }));
    }
    assert_eq!(ada.expect("room:1", "said").await, json!({ "text": "say" }));
    there
        .broadcast("room:1", "said", &json!({ "n": 3 }))
        .unwrap();
    assert_eq!(ada.expect("room:1", "said").await, json!({ "n": 3 }));
    assert_eq!(bob.expect("room:1", "said").await, json!({ "n": 3 }));
    assert_eq!((ada.rest().await, bob.rest().await), (vec![], vec![]));
}

#[tokio::test]
async fn endpoints_without_a_broker_share_no_broadcasts() {
    let [here, there] = [(); 2].map(|()| Endpoint::new());
    let mut ada = client(&here, "ada").await;
    let mut bob = client(&there, "bob").await;
    ada.push("room:1", "say", &json!({})).await;
    assert_eq!(ada.rest().await.len(), 1);
    assert_eq!(bob.rest().await, []);
}

#[tokio::test]
async fn a_disconnect_closes_the_sockets_of_all_endpoints() {
    let broker = InProcessBroker::default();
    let [here, there] = [(); 2].map(|()| Endpoint::with_broker(&broker));
    let _gone = client(&there, "ada").await;
    let mut bob = client(&there, "bob").await;
    here.disconnect("users:ada");
    while there.sockets() > 1 {
        tokio::task::yield_now().await;
    }
    let reply = bob.push("room:1", "where", &json!({})).await;
    assert_eq!(reply.response, json!("bob"));
}

#[tokio::test]
async fn a_broker_does_not_keep_its_endpoints_alive() {
    let broker = InProcessBroker::default();
    let here = Endpoint::with_broker(&broker);
    drop(Endpoint::with_broker(&broker));
    here.broadcast("room:1", "said", &json!({})).unwrap();
}

#[tokio::test]
async fn a_dropped_endpoint_receives_and_publishes_nothing() {
    #[derive(Default)]
    struct Witness(std::sync::Mutex<Option<(BrokerReceiver, std::sync::Weak<()>)>>);
    impl Broker for Witness {
        fn connect(&self, receiver: BrokerReceiver) -> Publish {
            let alive = std::sync::Arc::new(());
            *self.0.lock().unwrap() = Some((receiver, std::sync::Arc::downgrade(&alive)));
            Box::new(move |_, _| _ = &alive)
        }
    }
    let witness = Witness::default();
    let endpoint = Endpoint::with_broker(&witness);
    let (receiver, publish) = witness.0.lock().unwrap().take().unwrap();
    assert!(!receiver.is_closed() && publish.strong_count() == 1);
    drop(endpoint);
    assert!(receiver.is_closed() && publish.strong_count() == 0);
}
