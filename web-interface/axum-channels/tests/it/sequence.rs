//! Streams that channels follow, and replies that wait for their numbers.

use crate::{client::Client, feed::LAST, server::Server};

#[tokio::test]
async fn a_reply_waits_until_its_number_has_been_sent() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("feed").await;
    client
        .play(
            r#"
            > ["1","2","feed","after",{"seq":3}]
            < ["1","2","feed","phx_reply",{"status":"ok","response":{}}]
            > ["1","3","feed","after",{"seq":5}]
            > ["1","4","feed","now",{}]
            "#,
        )
        .await;
    server.feed.send(4).await.unwrap();
    client.expect(r#"["1",null,"feed","item",{"seq":4}]"#).await;
    client.play("").await;
    server.feed.send(5).await.unwrap();
    client
        .play(
            r#"
            < ["1",null,"feed","item",{"seq":5}]
            < ["1","3","feed","phx_reply",{"status":"ok","response":{}}]
            < ["1","4","feed","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_reply_waits_across_two_streams() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("feed").await;
    client.send(r#"["1","2","feed","after",{"seq":4}]"#).await;
    client.play("").await;
    let Server {
        feed, second_feed, ..
    } = server;
    drop(feed);
    client.play("").await;
    second_feed.send(4).await.unwrap();
    client
        .play(
            r#"
            < ["1",null,"feed","item",{"seq":4}]
            < ["1","2","feed","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_reply_waits_no_longer_when_no_more_numbers_come() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("feed").await;
    client.send(r#"["1","2","feed","after",{"seq":9}]"#).await;
    client.play("").await;
    let Server {
        feed, second_feed, ..
    } = server;
    drop((feed, second_feed));
    client
        .expect(r#"["1","2","feed","phx_reply",{"status":"ok","response":{}}]"#)
        .await;
    client
        .play(
            r#"
            > ["1","3","feed","after",{"seq":9}]
            < ["1","3","feed","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_leave_releases_a_reply_that_waits() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("feed").await;
    client
        .play(
            r#"
            > ["1","2","feed","after",{"seq":9}]
            > ["1","3","feed","phx_leave",{}]
            < ["1","2","feed","phx_reply",{"status":"ok","response":{}}]
            < ["1","3","feed","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","feed","phx_close",{}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_channel_that_ends_releases_a_reply_that_waits() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("feed").await;
    client.send(r#"["1","2","feed","after",{"seq":9}]"#).await;
    client.play("").await;
    server.feed.send(LAST).await.unwrap();
    client
        .play(
            r#"
            < ["1","2","feed","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","feed","phx_close",{}]
            "#,
        )
        .await;
}
