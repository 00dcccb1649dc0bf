//! Steps 10 and 11: a form that is sent twice, and a handler that decides.

use ch06::exchange::exchange;
use ch06::rules_in_handler;
use islands_core::Player;
use walk::{Page, run, show};

use crate::block_on;
use crate::site::{Site, get, part, post};

pub(crate) fn a_double_click(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Ada clicks B7 twice. If the first answer is not there before her second click, her browser sends the form twice, and shows the second response. The first is thrown away, although the server has carried it out.",
    );
    let events = page.number("Six events are stored before. How many are stored after both?");
    block_on(async {
        let site = Site::start().await?;
        let table = site.battle().await?;
        let before = site.send(&get(&table.path(""), &table.ada)).await?;
        let form = part(&before, "<input type=\"hidden\"", ">").ok_or("a hidden field")?;
        page.say("Each form has a hidden field, the number of the last event that the page shows:");
        page.draw(&form);
        let request = post(&table.path("guesses"), &table.ada, "seen=6&at=B7");
        for _ in 0..2 {
            let response = site.send(&request).await?;
            table.draw(page, &request, &response);
        }
        page.reveal(&events, site.events_stored(&table).await?);
        page.say(
            "`command_id(6, \"B7\")` is `6 B7`: what Ada saw, and what she asked for. The second request has the same id, so the game finds it among its receipts (chapter 4), changes nothing, and answers as it did before. The same two guesses, each under an id of its own, in another game:",
        );
        let other = site.battle().await?;
        let first = run!(page, site.guess(&other, Player::One, "B7").await);
        let _ = show!(page, first.map_err(|error| error.reason()));
        let second = run!(page, site.guess(&other, Player::One, "B7").await);
        let _ = show!(page, second.map_err(|error| error.reason()));
        page.say("Ada would read that it is not her turn, after a move that went well.");
        page.say("In the first game Bob guesses A1. Ada's next page shows the game after event 8, so the ids of its forms are new:");
        let bob = post(&table.path("guesses"), &table.bob, "seen=7&at=A1");
        site.send(&bob).await?;
        let page_now = site.send(&get(&table.path(""), &table.ada)).await?;
        let form = part(&page_now, "<input type=\"hidden\"", ">").ok_or("a hidden field")?;
        page.draw(&form);
        Ok(())
    })
}

pub(crate) fn rules_in_the_handler(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Now a handler that knows the rules. It holds the game in a mutex, and refuses what the game refuses. Player 1 guesses B7, player 2 guesses A1, and player 1 guesses B7 again, which is refused: it was guessed before, and the turn stays. Player 1 tries C7.",
    );
    let status = page.choose(
        "Which status has the last response?",
        &["303 See Other: a guess", "409 Conflict"],
    );
    block_on(async {
        let router = run!(page, rules_in_handler::router());
        let mut last = String::new();
        let mut lines = Vec::new();
        for fields in ["by=1&at=B7", "by=2&at=A1", "by=1&at=B7", "by=1&at=C7"] {
            last = exchange(&router, &post("/guesses", "", fields)).await?;
            let status = last.lines().next().unwrap_or_default();
            lines.push(format!("> {fields}   < {status}"));
        }
        page.draw(&lines.join("\n"));
        page.reveal(&status, u64::from(!last.contains(" 303 ")));
        page.say(
            "The handler had changed the turn before it found the repeat, and its refusal did not change it back. So a player who clicks on an old cell by mistake loses the turn. Where rules and changes are mixed, such bugs hide well: a test that looks only at responses finds no fault in the third one.",
        );
        page.say(
            "`decide` cannot have this bug. It gets `&Game`, so it changes nothing, and a refused command has no events. That is also why two interfaces, this chapter's and the product's, obey the same rules: neither decides anything.",
        );
        Ok(())
    })
}
