//! Steps 5 to 7: what clients receive, and what they do not.

use islands_core::{Coordinate, Player};
use serde_json::{Value, json};
use walk::{Page, show};

use crate::block_on;
use crate::client::Direction;
use crate::draw::{frames, side_by_side};
use crate::site::Site;

pub(crate) fn one_guess(page: &mut Page<'_>) -> walk::Result {
    page.say("Ada and Bob have joined. Ada guesses B7. Her client gets two frames for it: the reply to her push, and the event that everybody gets.");
    let first = page.choose(
        "Which of the two comes first?",
        &["The reply", "The event", "Either, from time to time"],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.joined(Player::One).await?;
        let mut bob = site.joined(Player::Two).await?;
        ada.until(|frame| frame.3 == "presence_diff").await?;
        ada.forget();
        ada.guess("B7").await?;
        bob.until_seq(7).await?;
        side_by_side(page, &site, &ada.log, &bob.log);
        let event_first = ada
            .log
            .get(1)
            .is_some_and(|(_, frame)| frame.3 != "phx_reply");
        page.reveal(&first, u64::from(event_first));
        page.say(
            "The game publishes before it answers (chapter 4), and the channel holds the reply back until the event with its number is on the way. So when Ada's client reads that its guess was accepted, its board shows it already.",
        );
        page.say(
            "Bob has asked for nothing. His frame has no `ref`, because it answers no push; the `join_ref` says to which join it belongs. His screen changes a moment after hers.",
        );
        Ok(())
    })
}

pub(crate) fn what_a_client_may_know(page: &mut Page<'_>) -> walk::Result {
    page.say("Both have joined, and Bob places his islands. The game publishes one event for it, and each client gets it as its user may see it.");
    let differ = page.number("In another game everything is the same, but Bob's dot is on J10, and Ada does not guess it. They play 20 guesses each. How many of Ada's frames differ between the two games?");
    block_on(async {
        let site = Site::arranging().await?;
        let mut ada = site.joined(Player::One).await?;
        let mut bob = site.joined(Player::Two).await?;
        ada.until(|frame| frame.3 == "presence_diff").await?;
        ada.forget();
        site.arrange(Player::Two).await?;
        ada.until_seq(4).await?;
        bob.until_seq(4).await?;
        side_by_side(page, &site, &ada.log[..1], &bob.log[..1]);
        let one = received_by_ada("H3").await?;
        let other = received_by_ada("J10").await?;
        let count = show!(page, (one.len(), other.len()));
        let same = one.iter().zip(&other).filter(|(one, other)| one == other);
        let same = show!(page, same.count());
        page.reveal(&differ, (count.0.max(count.1) - same) as u64);
        page.say(
            "So Ada's client cannot know which of the two games it is in, and neither can a program that reads its frames. The channel has not left anything out, and the page has not hidden anything: the core makes a public event for each kind of viewer (chapter 3), and the channel sends the one for its client.",
        );
        Ok(())
    })
}

/// Plays 20 guesses each, and returns what Ada's client receives, from its join on. The game's id
/// is left out, and so is presence, which has random references.
async fn received_by_ada(bobs_dot: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let site = Site::arranging().await?;
    let mut ada = site.connect().await?;
    ada.join(&json!({ "seat": site.seat(Player::One) })).await?;
    site.arrange_with_dot(Player::Two, bobs_dot).await?;
    site.arrange(Player::One).await?;
    for cell in Coordinate::all().take(20) {
        let guess = cell.to_string();
        ada.guess(&guess).await?;
        let seq = site.guess(Player::Two, &guess).await?;
        ada.until_seq(seq).await?;
    }
    let game = site.game.to_string();
    let received = ada.log.iter().filter(|(direction, frame)| {
        *direction == Direction::Received && !frame.3.starts_with("presence")
    });
    Ok(received
        .map(|(_, frame)| frame.write().replace(&game, "game"))
        .collect())
}

pub(crate) fn a_second_tab(page: &mut Page<'_>) -> walk::Result {
    page.say("Ada's client knows who else is there: after its join it got `presence_state`. Bob opens the game in a second tab, and closes the first one.");
    let leaves = page.choose(
        "When the first tab closes, is Bob gone?",
        &[
            "Yes, until the second tab tells the server that it is there",
            "No: one of his two entries goes, and one stays",
            "No: the server waits a while before it believes that he has left",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.joined(Player::One).await?;
        let first = site.joined(Player::Two).await?;
        ada.until(|frame| frame.3 == "presence_diff").await?;
        ada.forget();
        let second = site.joined(Player::Two).await?;
        ada.until(|frame| frame.3 == "presence_diff").await?;
        drop(first);
        ada.until(|frame| !frame.4["leaves"]["player2"].is_null())
            .await?;
        frames(page, &site, &ada.log);
        page.say("The server's own list after that:");
        let present = site.endpoint.presence(&site.topic());
        let present: Value = serde_json::from_str(present.as_str())?;
        let tabs = show!(page, present["player2"]["metas"].as_array().map(Vec::len));
        page.reveal(&leaves, if tabs == Some(1) { 1_u64 } else { 0 });
        page.say(
            "Presence is a multiset: under the key `player2` there is an entry for each join, with a reference of its own. A client adds the joins and takes away the leaves, and Bob is there as long as one entry is.",
        );
        page.say(
            "The first tab did not say goodbye. Its connection ended, and with it the channel. Not every connection ends so visibly: when a laptop is closed, no packet is sent, and the server notices after a minute without a heartbeat.",
        );
        drop(second);
        Ok(())
    })
}
