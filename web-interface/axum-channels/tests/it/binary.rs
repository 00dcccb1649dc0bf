//! Binary frames of version 2: `00 | sizes | join_ref | ref | topic | event | data`.

use tokio_tungstenite::tungstenite::Message;

use crate::{client::Client, server::Server};

/// Sends a binary frame.
async fn send(client: &mut Client, frame: &[u8]) {
    client.send_message(Message::binary(frame.to_vec())).await;
}

#[track_caller]
fn expect(client: &mut Client, frame: &[u8]) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let message = client.receive_message().await;
        assert_eq!(message, Message::binary(frame.to_vec()), "at {caller}");
    }
}

#[tokio::test]
async fn a_binary_event_gets_a_binary_reply_with_its_references_as_strings() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    send(&mut client, b"\x00\x01\x01\x06\x0412room:aecho\x01\x02\x03").await;
    expect(&mut client, b"\x01\x01\x01\x06\x0212room:aok\x01\x02\x03").await;
}

#[tokio::test]
async fn a_json_reply_is_a_text_message() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    send(&mut client, b"\x00\x01\x01\x06\x0512room:acount\x01\x02").await;
    client
        .expect(r#"["1","2","room:a","phx_reply",{"status":"ok","response":{"bytes":2}}]"#)
        .await;
}

#[tokio::test]
async fn heartbeats_and_joins_may_be_binary_and_a_reference_without_a_byte_is_null() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    send(&mut client, b"\x00\x00\x01\x07\x091phoenixheartbeat").await;
    client
        .expect(r#"[null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]"#)
        .await;
    send(
        &mut client,
        b"\x00\x01\x01\x06\x0823room:aphx_join\x00\xff\x00",
    )
    .await;
    client
        .expect(r#"["2","3","room:a","phx_reply",{"status":"ok","response":{"echo":3}}]"#)
        .await;
    send(&mut client, b"\x00\x00\x00\x06\x04room:aecho!").await;
    expect(&mut client, b"\x01\x01\x00\x06\x022room:aok!").await;
}

#[tokio::test]
async fn a_binary_push_names_the_join_and_a_binary_broadcast_does_not() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client.send(r#"["1","2","room:a","binpush",{}]"#).await;
    expect(&mut client, b"\x00\x01\x06\x031room:abin\x09\x08").await;
    expect(&mut client, b"\x02\x06\x04room:abbin\x07").await;
    client
        .expect(r#"["1","2","room:a","phx_reply",{"status":"ok","response":{}}]"#)
        .await;
}

#[tokio::test]
async fn a_channel_without_handle_binary_refuses_bytes() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    send(&mut client, b"\x00\x01\x01\x05\x0811exactphx_join!").await;
    let refused = r#"{"reason":"bad_payload","field":"payload","message":"The payload is bytes, but JSON is expected."}"#;
    client
        .expect(&format!(
            r#"["1","1","exact","phx_reply",{{"status":"error","response":{refused}}}]"#
        ))
        .await;
    client
        .play(
            r#"
            > ["1","2","exact","phx_join",{"name":"Ada"}]
            < ["1","2","exact","phx_reply",{"status":"ok","response":{"hello":"Ada"}}]
            "#,
        )
        .await;
    send(&mut client, b"\x00\x01\x01\x05\x0413exactecho!").await;
    client
        .expect(
            r#"["1","3","exact","phx_reply",{"status":"error","response":{"reason":"unknown event"}}]"#,
        )
        .await;
}

#[tokio::test]
async fn a_frame_cut_at_any_byte_before_its_data_closes_the_socket() {
    let server = Server::start().await;
    let frame = b"\x00\x01\x01\x06\x0412room:aecho";
    for length in 0..frame.len() {
        let mut client = Client::connect(&server).await;
        send(&mut client, &frame[..length]).await;
        client.expect_close(1011).await;
    }
}

#[tokio::test]
async fn a_kind_that_only_servers_send_closes_the_socket() {
    let server = Server::start().await;
    for kind in [1, 2, 3, 255] {
        let mut client = Client::connect(&server).await;
        send(&mut client, &[kind, 0, 0, 1, 1, b't', b'e']).await;
        client.expect_close(1011).await;
    }
}

#[tokio::test]
async fn names_that_are_no_utf_8_are_refused_and_the_socket_stays() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    // phoenix 1.7 writes the last byte of each character: here of é.
    send(&mut client, b"\x00\x01\x01\x06\x0413room:\xe9echodata").await;
    let reply = client.receive().await;
    assert!(
        reply.starts_with(
            r#"["1","3","room:é","phx_reply",{"status":"error","response":{"reason":"not text""#
        ),
        "{reply}"
    );
    client.play("").await;
}
