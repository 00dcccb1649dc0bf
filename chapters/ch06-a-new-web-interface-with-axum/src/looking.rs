//! Step 13: what it costs to ask whether there is news.

use islands_core::bot::{Strength, guess};
use islands_core::{Player, StateName, View, Viewer};
use walk::{Page, thousands};

use crate::block_on;
use crate::site::{Site, get, post};

/// How often the waiting player looks before the other one has guessed. One look comes after it.
const LOOKS_BEFORE: usize = 4;

/// What a game has cost, in requests and bytes.
#[derive(Default)]
struct Costs {
    guesses: u64,
    looks: u64,
    /// The looks whose page was not the one that the player had.
    with_news: u64,
    bytes_of_looks: u64,
}

pub(crate) fn what_looking_costs(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A page does not change by itself. While Ada thinks, Bob has a link, \"Look again\", and no other way to learn that she has guessed. Say each of them thinks for five seconds, and the other one looks once a second.",
    );
    let news = page.number("Of 100 looks, how many show something new?");
    block_on(async {
        let site = Site::start().await?;
        let (costs, bytes_of_events) = play(&site).await?;
        let Costs {
            guesses,
            looks,
            with_news,
            bytes_of_looks,
        } = costs;
        page.reveal(&news, 100 * with_news / looks);
        let a_look = thousands(bytes_of_looks / looks);
        let kilobytes = thousands(bytes_of_looks / 1000);
        let (looks, events) = (thousands(looks), thousands(bytes_of_events));
        page.say(&format!(
            "Two bots have played such a game, with {guesses} guesses. The waiting players looked {looks} times, at {a_look} bytes a look, request and response: {kilobytes} kilobytes in all. The events that they were looking for have {events} bytes as JSON, for both players together.",
        ));
        page.say(
            "Most of these bytes can be saved: pages compress well, and with an `ETag` a look without news gets a `304` and no page. The looks remain, and so does the delay, half a second on average if looks and guesses are not in step. Looking twice as often halves the delay, and doubles the requests. The server has the news at once, and no way to send it. Chapter 7 gives it one.",
        );
        Ok(())
    })
}

/// Plays a game by forms, and weighs what the waiting player asks for.
async fn play(site: &Site) -> Result<(Costs, u64), Box<dyn std::error::Error>> {
    let table = site.battle().await?;
    let mut costs = Costs::default();
    let looks = [&table.ada, &table.bob].map(|seat| get(&table.path(""), seat));
    let mut pages = [site.send(&looks[0]).await?, site.send(&looks[1]).await?];
    loop {
        let view = site.view(&table, Player::One).await?;
        let by = match view.public().state {
            StateName::Player1Turn => Player::One,
            StateName::Player2Turn => Player::Two,
            _ => break,
        };
        let (mine, other) = if by == Player::One { (0, 1) } else { (1, 0) };
        let seat = [&table.ada, &table.bob][mine];
        for look in 0..=LOOKS_BEFORE {
            if look == LOOKS_BEFORE {
                let View::Player(view) = site.view(&table, by).await? else {
                    return Err("a player has a player's view".into());
                };
                let seed = if by == Player::One { 1 } else { 2 };
                let at = guess(&view, Strength::Hunt, seed).ok_or("a cell is left")?;
                let fields = format!("seen={}&at={at}", view.public.seq);
                site.send(&post(&table.path("guesses"), seat, &fields))
                    .await?;
                // The browser follows the redirect.
                pages[mine] = site.send(&looks[mine]).await?;
                costs.guesses += 1;
            }
            let seen = site.send(&looks[other]).await?;
            costs.looks += 1;
            costs.bytes_of_looks += (looks[other].len() + seen.len()) as u64;
            costs.with_news += u64::from(seen != pages[other]);
            pages[other] = seen;
        }
    }
    let mut bytes_of_events = 0;
    for event in site.events(&table).await? {
        for player in Player::BOTH {
            let event = event.event(Viewer::Player(player));
            bytes_of_events += serde_json::to_string(event)?.len() as u64;
        }
    }
    Ok((costs, bytes_of_events))
}
