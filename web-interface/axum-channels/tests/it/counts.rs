//! The metrics of an endpoint.

use axum_channels::Metrics;

use crate::{client::Client, server::Server};

#[tokio::test]
async fn sockets_joins_frames_and_bytes_are_counted() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    let join = r#"["1","1","room:a","phx_join",{}]"#;
    let reply = r#"["1","1","room:a","phx_reply",{"status":"ok","response":{}}]"#;
    client.send(join).await;
    client.expect(reply).await;
    let counted = server.endpoint.metrics();
    let expected = Metrics {
        sockets: 1,
        joins: 1,
        frames_in: 1,
        // A WebSocket frame of this size has six bytes around it.
        bytes_in: join.len() as u64 + 6,
        frames_out: 1,
        bytes_out: reply.len() as u64,
        outbox_high_water: 1,
        ..Metrics::default()
    };
    assert_eq!(counted, expected);
    client.send(r#"["1","1","room:deny","phx_join",{}]"#).await;
    client.receive().await;
    assert_eq!(server.endpoint.metrics().joins, 1, "a refusal is none");
}

#[tokio::test]
async fn a_broadcast_is_encoded_once_for_each_version_however_many_get_it() {
    let server = Server::start().await;
    let mut clients = Vec::new();
    for query in ["vsn=2.0.0", "vsn=2.0.0", "vsn=2.0.0", "vsn=1.0.0"] {
        let mut client = Client::connect_with(&server, query).await;
        let join = match query {
            "vsn=1.0.0" => r#"{"topic":"room:a","event":"phx_join","payload":{},"ref":"1"}"#,
            _ => r#"["1","1","room:a","phx_join",{}]"#,
        };
        client.send(join).await;
        client.receive().await;
        clients.push(client);
    }
    let broadcast_counts =
        |metrics: Metrics| (metrics.broadcasts, metrics.deliveries, metrics.encodings);
    server.endpoint.broadcast("room:a", "news", &()).unwrap();
    server.endpoint.broadcast("room:b", "news", &()).unwrap();
    assert_eq!(broadcast_counts(server.endpoint.metrics()), (1, 4, 2));
    for client in &mut clients {
        client.receive().await;
    }
    server.endpoint.disconnect("users:nobody");
    assert_eq!(broadcast_counts(server.endpoint.metrics()), (1, 4, 2));
}

#[tokio::test]
async fn the_outbox_high_water_mark_is_kept() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .send(r#"["1","2","room:a","push_many",{"count":20}]"#)
        .await;
    for _ in 0..=20 {
        client.receive().await;
    }
    client.play("").await;
    let high = server.endpoint.metrics().outbox_high_water;
    assert!((20..=21).contains(&high), "{high}");
}
