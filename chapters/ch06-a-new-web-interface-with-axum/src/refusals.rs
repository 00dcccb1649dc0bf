//! Steps 7 to 9: what is refused, and whose fault it is.

use islands_engine::testing::AppendFault;
use walk::Page;

use crate::block_on;
use crate::site::{Site, get, post};

pub(crate) fn out_of_turn(page: &mut Page<'_>) -> walk::Result {
    page.say("Both have set their islands, and Ada begins. But Bob guesses. His page has no button for it, so he writes the request himself:");
    let status = page.choose(
        "Which status has the response?",
        &["403 Forbidden", "409 Conflict", "422 Unprocessable Entity"],
    );
    block_on(async {
        let site = Site::start().await?;
        let table = site.battle().await?;
        let request = post(&table.path("guesses"), &table.bob, "seen=6&at=B7");
        let response = site.send(&request).await?;
        table.draw(page, &request, &response);
        table.draw_part(page, &response, "<p role=\"alert\"", "</p>");
        page.reveal(&status, if response.contains(" 409 ") { 1_u64 } else { 0 });
        page.say(
            "403 would say that Bob may not do this. He may, in a minute. That the page shows no button is a courtesy to him; the rule is in the core, behind every page.",
        );
        Ok(())
    })
}

pub(crate) fn not_there(page: &mut Page<'_>) -> walk::Result {
    page.say("A game that does not exist, and an address that is only for forms:");
    block_on(async {
        let site = Site::start().await?;
        let table = site.battle().await?;
        let request = get("/games/aaaaaaaaaaaaaaaa/", "");
        let response = site.send(&request).await?;
        table.draw(page, &request, &response);
        table.draw_part(page, &response, "<p role=\"alert\"", "</p>");
        let request = get(&table.path("guesses"), &table.ada);
        let response = site.send(&request).await?;
        table.draw(page, &request, &response);
        table.draw_part(page, &response, "<p role=\"alert\"", "</p>");
        page.say(
            "The id has 80 random bits, so nobody finds a game by trying. And a GET changes nothing here, ever. Browsers, search engines and mail programs open links without being asked; if a link could take a seat, one of them would.",
        );
        Ok(())
    })
}

pub(crate) fn journal_fails(page: &mut Page<'_>) -> walk::Result {
    page.say("The disk is full. Ada guesses B7, and the journal cannot store the move. She reads the message, and sends the form again:");
    let happens = page.choose(
        "Which statuses has she seen?",
        &[
            "500, then 409: the guess was made the first time",
            "503, then 303",
            "303 both times",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let table = site.battle().await?;
        let request = post(&table.path("guesses"), &table.ada, "seen=6&at=B7");
        site.journal
            .next_append(table.game, AppendFault::Unavailable);
        let first = site.send(&request).await?;
        table.draw(page, &request, &first);
        table.draw_part(page, &first, "<p role=\"alert\"", "</p>");
        let second = site.send(&request).await?;
        table.draw(page, &request, &second);
        let foreseen = first.contains(" 503 ") && second.contains(" 303 ");
        page.reveal(&happens, if foreseen { 1_u64 } else { 0 });
        page.say(
            "A status that begins with 5 says that the fault is the server's, and 503 that it will pass. Nothing was applied, because nothing was stored (chapter 4), so the same form works a moment later.",
        );
        Ok(())
    })
}
