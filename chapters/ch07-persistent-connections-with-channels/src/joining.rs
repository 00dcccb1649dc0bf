//! Steps 1 to 4: a connection, and who is at its other end.

use islands_core::Player;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use walk::{Page, show};

use crate::block_on;
use crate::draw::{ends, fields, frames};
use crate::site::{SOCKET, Site};

pub(crate) fn the_handshake(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "In chapter 6 a connection was needed for one request at a time. This one begins with a request as well: a client opens a TCP connection and sends a GET. But the GET asks for something else.",
    );
    block_on(async {
        let site = Site::start().await?;
        let mut stream = TcpStream::connect(site.address).await?;
        let request = [
            &format!("GET {SOCKET} HTTP/1.1"),
            "host: localhost",
            "connection: upgrade",
            "upgrade: websocket",
            "sec-websocket-version: 13",
            "sec-websocket-key: dGhlIHdhbGsgb2YgY2hhcA==",
        ];
        let bytes = format!("{}\r\n\r\n", request.join("\r\n"));
        stream.write_all(bytes.as_bytes()).await?;
        let mut response = Vec::new();
        while !response.ends_with(b"\r\n\r\n") {
            response.push(stream.read_u8().await?);
        }
        let response = String::from_utf8(response)?;
        let lines = request.iter().map(|line| format!("> {line}"));
        let answer = response.lines().filter(|line| !line.is_empty());
        let answer = answer.map(|line| match line.strip_prefix("date: ") {
            Some(date) => format!("< date: {}", page.figure("date", date)),
            None => format!("< {line}"),
        });
        let lines: Vec<String> = lines.chain([String::new()]).chain(answer).collect();
        page.draw(&lines.join("\n"));
        page.say(
            "101 Switching Protocols. From here on the same connection carries WebSocket frames, in both directions, until one side closes it. Neither waits for the other: the server can write when it has something to say.",
        );
        page.say(
            "The answer to the key shows that the server has understood the request; it is no secret. `vsn=2.0.0` in the address is the version of the protocol that will be spoken over the socket.",
        );
        Ok(())
    })
}

pub(crate) fn five_fields(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A WebSocket carries texts, and does not say what they mean. Phoenix Channels do: each text is a JSON array with five fields. Ada's client joins the topic of her game, and gets a reply. Then it sends a guess, which is a push, and gets another reply.",
    );
    let field = page.choose(
        "She may send several pushes at once. By which field does her client know which push a reply answers?",
        &["join_ref", "ref", "topic", "event", "None: replies come in the order of the pushes"],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.connect().await?;
        ada.join(&json!({ "seat": site.seat(Player::One) })).await?;
        ada.until(|frame| frame.3 == "presence_state").await?;
        let joined = ada.log.clone();
        ada.forget();
        ada.guess("B7").await?;
        let pushed = ada.log.first().cloned();
        let reply = ada.log.last().cloned();
        for (direction, frame) in joined.iter().take(2).chain(&pushed).chain(&reply) {
            fields(page, &site, *direction, frame);
        }
        page.reveal(&field, 1_u64);
        page.say(
            "`→` marks what the client has sent, `←` what it has received. The client numbers what it sends, and a reply repeats the number. `join_ref` is the number of the join: it says to which stay on the topic a frame belongs, and a client that has joined anew drops what is left from before.",
        );
        page.say(
            "One socket can carry many topics. The game is one, the list of open games another, and each has its channel on the server.",
        );
        Ok(())
    })
}

pub(crate) fn without_a_seat(page: &mut Page<'_>) -> walk::Result {
    page.say("Cleo has the link and no seat. She joins the same topic, with no parameters, and then she guesses.");
    let happens = page.choose(
        "What happens?",
        &[
            "The join is refused",
            "She may watch, and the guess is refused",
            "She may watch, and guess for the player whose turn it is",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut cleo = site.connect().await?;
        let (_, joined) = cleo.join(&json!({})).await?;
        cleo.until(|frame| frame.3 == "presence_state").await?;
        let mut log = cleo.log.clone();
        log.truncate(2);
        cleo.forget();
        let (status, _) = cleo.guess("B7").await?;
        log.extend(cleo.log.clone());
        frames(page, &site, &log);
        page.reveal(&happens, if status == "error" { 1_u64 } else { 2 });
        page.say("The view in her join reply is that of a spectator, so it has no board:");
        show!(page, joined["view"]["viewer"].is_null());
        show!(page, joined["view"].get("board"));
        page.say(
            "Who she is was decided once, at the join, and the channel keeps it for as long as she is there. No push says who sends it, so none can claim to be Ada's.",
        );
        Ok(())
    })
}

pub(crate) fn another_games_seat(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Mallory has a seat at another game, with a true signature. She joins Ada's game with it.",
    );
    block_on(async {
        let site = Site::start().await?;
        let seat = site.seat_elsewhere().await?;
        let mut mallory = site.connect().await?;
        mallory.join(&json!({ "seat": seat })).await?;
        let shown = page.figure("other_seat", ends(&seat));
        if let Some((_, frame)) = mallory.log.first_mut() {
            frame.4 = json!({ "seat": shown });
        }
        frames(page, &site, &mallory.log);
        page.say(
            "The topic is the client's wish. The seat is what it can prove. The channel compares the two before it does anything else, and the socket stays open: Mallory may join the game where she belongs.",
        );
        Ok(())
    })
}
