//! Step 12: what a client of Phoenix expects, and what the channel by hand does instead.

use std::sync::Arc;
use std::time::Duration;

use ch07::by_hand::Topics;
use ch07::frame::Frame;
use futures_util::future::join_all;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use walk::Page;

use crate::block_on;
use crate::client::Client;
use crate::site::Site;

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the room may be silent before its answer is taken for complete. It sends the frames of
/// one answer without a pause.
const SILENCE: Duration = Duration::from_millis(200);

type Failure = Box<dyn std::error::Error>;

pub(crate) fn what_a_stock_client_expects(page: &mut Page<'_>) -> walk::Result {
    page.say("The frames are Phoenix's, so any client of Phoenix can join the room of this chapter: `cargo run -p ch07 -- --serve` opens one. Can it join the channel by hand as well? Here is what such a client sends, and what the two servers answer.");
    let shares =
        page.number("Of seven things, how many does the channel by hand answer as the room does?");
    block_on(async {
        let site = Site::start().await?;
        let answers = PROBES.map(|probe| both_answers(&site, probe));
        let mut lines = vec![format!("{:<26}{:<23}by hand", "", "room")];
        let mut same = 0_u64;
        for (probe, answers) in PROBES.iter().zip(join_all(answers).await) {
            let (room, by_hand) = answers?;
            same += u64::from(room == by_hand);
            lines.push(format!("{:<26}{room:<23}{by_hand}", probe.name));
        }
        page.draw(&lines.join("\n"));
        page.reveal(&shares, same);
        page.say(
            "The join works, and the rest shows what a protocol is for. Without an answer to its heartbeat, a client takes the connection for dead after a while, and opens a new one, again and again. Without a reply, each push fails after ten seconds. A leave without an answer leaves the subscription behind. A second join gets every event twice. And a client that has not joined can send to everybody.",
        );
        page.say(
            "Each rule is short. Together they are six thousand lines, with a test for each: the crate `axum-channels`.",
        );
        Ok(())
    })
}

/// Something that a client sends.
#[derive(Clone, Copy)]
struct Probe {
    name: &'static str,
    /// Whether the client joins first.
    joins: bool,
    topic: Option<&'static str>,
    event: &'static str,
}

const PROBES: [Probe; 7] = [
    Probe {
        name: "a join",
        joins: false,
        topic: None,
        event: "phx_join",
    },
    Probe {
        name: "a heartbeat",
        joins: false,
        topic: Some("phoenix"),
        event: "heartbeat",
    },
    Probe {
        name: "an event it does not know",
        joins: true,
        topic: None,
        event: "hello",
    },
    Probe {
        name: "an event without a join",
        joins: false,
        topic: None,
        event: "hello",
    },
    Probe {
        name: "a second join",
        joins: true,
        topic: None,
        event: "phx_join",
    },
    Probe {
        name: "a leave",
        joins: true,
        topic: None,
        event: "phx_leave",
    },
    Probe {
        name: "a text that is no frame",
        joins: false,
        topic: None,
        event: "",
    },
];

/// Sends a probe to the room and to a channel by hand of its own, and returns both answers.
async fn both_answers(site: &Site, probe: Probe) -> Result<(String, String), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(Arc::new(Topics::default()).serve(listener));
    let mut room = site.connect().await?;
    let mut by_hand = Client::connect(address, "/", &site.topic()).await?;
    send(&mut room, probe).await?;
    let mut answers = Vec::from_iter(room.next_within(PATIENCE).await);
    while let Some(message) = room.next_within(SILENCE).await {
        answers.push(message);
    }
    let room = named(&answers);
    send(&mut by_hand, probe).await?;
    // It answers joins, and everything in order: what comes before this reply is the answer.
    let (last, join) = ("last".to_owned(), "phx_join".to_owned());
    let frame = Frame(None, Some(last.clone()), last, join, json!({}));
    by_hand.send_text(frame.write()).await?;
    let mut answers = Vec::new();
    while let Some(message) = by_hand.next_within(PATIENCE).await {
        if message
            .to_text()
            .is_ok_and(|text| text.contains("\"last\""))
        {
            break;
        }
        answers.push(message);
    }
    serving.abort();
    Ok((room, named(&answers)))
}

/// Sends a probe.
async fn send(client: &mut Client, probe: Probe) -> Result<(), Failure> {
    if probe.joins {
        client.join(&json!({})).await?;
    }
    let topic = probe.topic.unwrap_or(client.topic()).to_owned();
    // A new join has a reference of its own; everything else belongs to the join before.
    let join_ref = if probe.event == "phx_join" { "9" } else { "1" };
    let (join_ref, event) = (Some(join_ref.into()), probe.event.into());
    let frame = Frame(join_ref, Some("9".into()), topic, event, json!({}));
    let text = match probe.event {
        "" => "hello".into(),
        _ => frame.write(),
    };
    client.send_text(text).await
}

/// Names what has come back: the status of a reply, an event, or a close code. Presence is left
/// out, which is sent after each join.
fn named(messages: &[Message]) -> String {
    let named = messages.iter().filter_map(|message| match message {
        Message::Text(text) => {
            let Frame(.., event, payload) = Frame::read(text)?;
            match payload["status"].as_str() {
                Some(status) => Some(status.to_owned()),
                None => (!event.starts_with("presence")).then_some(event),
            }
        }
        Message::Close(frame) => {
            let code = frame.as_ref().map_or(0, |frame| frame.code.into());
            Some(format!("closed, {code}"))
        }
        _ => None,
    });
    let named: Vec<String> = named.collect();
    match named.is_empty() {
        true => "nothing".into(),
        false => named.join(", "),
    }
}
