//! Step 13: what it costs to ask whether there is news.

use islands_core::bot::{Strength, guess};
use islands_core::{Player, StateName, View, Viewer};
use walk::{Page, thousands};

use crate::block_on;
use crate::site::{Site, get, post};

/// How often the waiting player looks while the other one thinks.
const LOOKS: u64 = 5;

/// What a game has cost, in requests and bytes.
#[derive(Default)]
struct Costs {
    guesses: u64,
    looks: u64,
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
            bytes_of_looks,
        } = costs;
        page.reveal(&news, 100 * guesses / looks);
        let a_look = thousands(bytes_of_looks / looks);
        let kilobytes = thousands(bytes_of_looks / 1000);
        let times = thousands(bytes_of_looks / bytes_of_events);
        let (looks, events) = (thousands(looks), thousands(bytes_of_events));
        page.say(&format!(
            "Two bots have played such a game, with {guesses} guesses. The waiting players looked {looks} times, at {a_look} bytes a look, request and response: {kilobytes} kilobytes in all. The events that they were looking for are {events} bytes of JSON for both players, one part in {times}.",
        ));
        page.say(
            "Most of these bytes could be saved. With an `ETag`, a look without news gets a `304` and no page. The looks remain, and so does the delay: a player who looks once a second learns of a guess half a second after it, on average. Looking twice as often halves the delay, and doubles the requests. The server has the news at once, and no way to send it. Chapter 7 gives it one.",
        );
        Ok(())
    })
}

/// Plays a game by forms, and weighs what the waiting player asks for.
async fn play(site: &Site) -> Result<(Costs, u64), Box<dyn std::error::Error>> {
    let table = site.battle().await?;
    let mut costs = Costs::default();
    loop {
        let view = site.view(&table, Player::One).await?;
        let by = match view.public().state {
            StateName::Player1Turn => Player::One,
            StateName::Player2Turn => Player::Two,
            _ => break,
        };
        let (seat, waiting) = match by {
            Player::One => (&table.ada, &table.bob),
            Player::Two => (&table.bob, &table.ada),
        };
        let look = get(&table.path(""), waiting);
        for _ in 0..LOOKS {
            let seen = site.send(&look).await?;
            costs.looks += 1;
            costs.bytes_of_looks += (look.len() + seen.len()) as u64;
        }
        let View::Player(view) = site.view(&table, by).await? else {
            break;
        };
        let seed = if by == Player::One { 1 } else { 2 };
        let at = guess(&view, Strength::Hunt, seed).ok_or("a cell is left")?;
        let fields = format!("seen={}&at={at}", view.public.seq);
        site.send(&post(&table.path("guesses"), seat, &fields))
            .await?;
        costs.guesses += 1;
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
