//! Steps 8 and 9: a client that does not read.

use std::time::Duration;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use walk::{Page, run, show, thousands};

use crate::block_on;
use crate::child::{Broadcaster, Ended, MEMORY, TEXT, TOPIC};
use crate::client::Client;
use crate::site::Site;

pub(crate) fn by_hand(page: &mut Page<'_>) -> walk::Result {
    if !cfg!(target_os = "linux") {
        page.say("This step limits the memory of a program, which only Linux can do.");
        return Ok(());
    }
    page.say(&format!(
        "Now a channel by hand (`by_hand.rs`), in a program of its own that may have {} MiB of memory. Two clients join a topic. One reads what it gets. The other does not: think of a tab that the browser has frozen. The program broadcasts texts of {} KiB.",
        MEMORY >> 20,
        TEXT >> 10
    ));
    let ends = page.choose(
        "Whose connection ends?",
        &[
            "The one of the client that does not read",
            "Both",
            "None: the system keeps what is not read",
        ],
    );
    block_on(async {
        let broadcaster = run!(page, Broadcaster::start()?);
        let address = broadcaster.address;
        let mut reader = Client::connect(address, "/", TOPIC).await?;
        let mut sleeper = Client::connect(address, "/", TOPIC).await?;
        reader.join(&json!({})).await?;
        sleeper.join(&json!({})).await?;
        let ended = tokio::task::spawn_blocking(move || {
            broadcaster.wait().map_err(|error| error.to_string())
        });
        let received = reader.drain().await?;
        let Ended { sent, error } = ended.await??;
        // The connection of the other client ends as well: this fails if it does not.
        sleeper.drain().await?;
        let sent_shown = page.figure("by_hand_sent", thousands(sent));
        let megabytes = page.figure("by_hand_megabytes", (sent * TEXT as u64) >> 20);
        let received = page.figure("by_hand_received", thousands(received));
        let last_words = page.figure("by_hand_error", error);
        page.draw(&last_words);
        page.reveal(&ends, 1_u64);
        page.say(&format!(
            "After {sent_shown} broadcasts, {megabytes} MiB, the program had no memory left, and died. The reader had received {received} of them; its connection ended with the program, and so would every game on it. The queue in front of the other client had grown with each broadcast, and nothing made it stop.",
        ));
        Ok(())
    })
}

pub(crate) fn bounded(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "The same two clients, on the channels of the product. They keep at most 512 frames or 1 MiB for a client.",
    );
    let ends = page.choose(
        "What happens to the client that does not read?",
        &[
            "It misses what is too much, and gets what comes after it",
            "Its connection is closed, with a code that says why",
            "The server waits for it, and the other client with the server",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut reader = site.connect().await?;
        let mut sleeper = site.connect().await?;
        for client in [&mut reader, &mut sleeper] {
            client.join(&json!({})).await?;
        }
        let text = "x".repeat(TEXT);
        let topic = site.topic();
        let (mut sent, mut gone) = (0_u64, false);
        // The server says when the other client is gone: there is one spectator less.
        while !gone {
            let payload = json!({ "number": sent, "text": text });
            site.endpoint.broadcast(&topic, "news", &payload)?;
            sent += 1;
            let frame = reader.until(|frame| frame.3 != "presence_state").await?;
            gone = frame.3 == "presence_diff" && !frame.4["leaves"]["spectators"].is_null();
            reader.forget();
        }
        let mut late = 0_u64;
        let mut code = None;
        while let Some(message) = sleeper.next_within(Duration::from_secs(2)).await {
            match message {
                Message::Text(text) if text.contains("\"news\"") => late += 1,
                Message::Close(frame) => code = frame.map(|frame| frame.code),
                _ => {}
            }
        }
        let code = show!(page, code.map(u16::from));
        if code != Some(1013) {
            return Err("the server has not said why it closed".into());
        }
        page.reveal(&ends, 1_u64);
        let late = page.figure("bounded_late", thousands(late));
        let sent = page.figure("bounded_sent", thousands(sent));
        page.say(&format!(
            "The server gave up on the client at broadcast {sent}, and freed its queue. As soon as the client reads again, it finds {late} broadcasts that were on the way to it, most of them in the buffers of the operating system, and the code 1013: try again later. (If it slept for another second, it would find a broken connection, since the server cannot write a code into a full buffer.) The reader has not noticed anything.",
        ));
        page.say(
            "It was not allowed to skip a frame. A client whose connection is closed knows that it has missed something, comes back, and asks for it. So the two belong together: a bound, and a way to come back.",
        );
        Ok(())
    })
}
