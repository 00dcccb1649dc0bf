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

/// How long a probe waits for a frame that may not come.
const WAIT: Duration = Duration::from_millis(300);

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
            "None of it is hard. It is six thousand lines, and a test for each row: the crate `axum-channels`.",
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
    let answers = (
        answer(&mut room, probe).await?,
        answer(&mut by_hand, probe).await?,
    );
    serving.abort();
    Ok(answers)
}

/// Sends a probe, and says which events come back.
async fn answer(client: &mut Client, probe: Probe) -> Result<String, Failure> {
    if probe.joins {
        client.join(&json!({})).await?;
        while client.next_within(WAIT).await.is_some() {}
    }
    let topic = probe
        .topic
        .map_or_else(|| client.topic().to_owned(), str::to_owned);
    // A new join has a reference of its own; everything else belongs to the join before.
    let join_ref = if probe.event == "phx_join" { "9" } else { "1" };
    let (join_ref, event) = (Some(join_ref.into()), probe.event.into());
    let frame = Frame(join_ref, Some("9".into()), topic, event, json!({}));
    let text = if probe.event.is_empty() {
        "hello".into()
    } else {
        frame.write()
    };
    client.send_text(text).await?;
    let mut answers = Vec::new();
    while let Some(message) = client.next_within(WAIT).await {
        match message {
            Message::Text(text) => {
                let Some(Frame(.., event, payload)) = Frame::read(&text) else {
                    continue;
                };
                match payload["status"].as_str() {
                    Some(status) => answers.push(status.to_owned()),
                    // Presence is sent after each join.
                    None if event.starts_with("presence") => {}
                    None => answers.push(event),
                }
            }
            Message::Close(frame) => {
                let code = frame.map_or(0, |frame| frame.code.into());
                answers.push(format!("closed, {code}"));
                break;
            }
            _ => {}
        }
    }
    Ok(match answers.is_empty() {
        true => "nothing".into(),
        false => answers.join(", "),
    })
}
