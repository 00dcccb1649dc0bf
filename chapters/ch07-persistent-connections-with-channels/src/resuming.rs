//! Steps 10 and 11: coming back without a hole.

use islands_core::Player;
use islands_engine::testing::kill_game;
use walk::{Page, run, show};

use crate::block_on;
use crate::draw::{frames, side_by_side};
use crate::site::{Site, since};

pub(crate) fn three_guesses_missed(page: &mut Page<'_>) -> walk::Result {
    page.say("Ada is on a train. She has guessed B7, event 7, when her connection breaks. Bob guesses, Ada guesses on another device that has her seat, and Bob guesses again. Then her client is back, and says which event it has: `since`.");
    let numbers = page.choose(
        "What does it get?",
        &[
            "The whole game once more",
            "The events 8, 9 and 10",
            "The events 7 to 10, so that none is missed",
            "The events from 11 on",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.joined(Player::One).await?;
        ada.guess("B7").await?;
        run!(page, drop(ada));
        site.guess(Player::Two, "A1").await?;
        site.guess(Player::One, "C4").await?;
        site.guess(Player::Two, "A2").await?;
        let mut ada = site.connect().await?;
        let seat = site.seat(Player::One);
        let (_, reply) = run!(page, ada.join(&since(&seat, 7)).await?);
        frames(page, &site, &ada.log[..2]);
        let events = reply["events"].as_array().into_iter().flatten();
        let missed: Vec<_> = events.filter_map(|event| event["seq"].as_u64()).collect();
        page.reveal(&numbers, if missed == [8, 9, 10] { 1_u64 } else { 0 });
        ada.until(|frame| frame.3 == "presence_state").await?;
        ada.forget();
        page.say("And the next one follows without a gap:");
        site.guess(Player::One, "C5").await?;
        let next = ada.until_seq(11).await?;
        show!(page, next.4["seq"].as_u64());
        page.say(
            "The missed events were not kept for Ada. They are in the log, which has all events of the game, in order and with numbers; the game reads it from 8 on, as it does when it starts again. In the same turn it takes up her new subscription, so event 11 cannot fall between the two.",
        );
        Ok(())
    })
}

pub(crate) fn a_crash_in_between(page: &mut Page<'_>) -> walk::Result {
    page.say("Both are joined, and the process of their game crashes. Its subscribers were in its memory.");
    let client = page.choose(
        "What do the clients have to do?",
        &[
            "Reconnect, and join with `since`",
            "Join again over the connection that they have",
            "Nothing",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.joined(Player::One).await?;
        let mut bob = site.joined(Player::Two).await?;
        ada.until(|frame| frame.3 == "presence_diff").await?;
        ada.forget();
        ada.guess("B7").await?;
        bob.until_seq(7).await?;
        run!(page, kill_game(&site.games, site.game));
        bob.guess("A1").await?;
        ada.until_seq(8).await?;
        side_by_side(page, &site, &ada.log, &bob.log);
        let sent = |log: &[(crate::client::Direction, ch07::frame::Frame)]| {
            let joins = log
                .iter()
                .filter(|(_, frame)| frame.3 == "phx_join" || frame.3 == "phx_error");
            joins.count()
        };
        page.reveal(
            &client,
            if sent(&ada.log) + sent(&bob.log) == 0 {
                2_u64
            } else {
                1
            },
        );
        page.say(
            "Their channels did it. A channel runs in the task of its socket, so the crash of the game did not reach it. It noticed the end of its subscription, subscribed again with the number of its last event, and got what came after it. Event 8 follows event 7, on connections that were open all the time.",
        );
        page.say(
            "`since` is the same question at both places, asked by a client over a new connection or by a channel inside the server. (A command that was under way at the crash is repeated under its id, as in chapter 5.)",
        );
        Ok(())
    })
}
