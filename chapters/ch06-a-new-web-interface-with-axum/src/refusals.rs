//! Steps 3 to 6: what is refused, and who can do something about it.

use islands_engine::testing::AppendFault;
use walk::Page;

use crate::block_on;
use crate::site::{Site, get, post};

pub(crate) fn an_empty_name(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "`required` in the form keeps a browser from sending an empty name. A program can send what it likes.",
    );
    let status = page.choose(
        "Which status has the response?",
        &[
            "200 OK, with the form and a message",
            "400 Bad Request",
            "409 Conflict",
            "422 Unprocessable Entity",
            "500 Internal Server Error",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let table = site.open().await?;
        let request = post("/games", "", "name=&opponent=friend");
        let response = site.send(&request).await?;
        table.draw(page, &request, &response);
        table.draw_part(page, &response, "<p role=\"alert\"", "</p>");
        page.reveal(
            &status,
            place(&response, &["200", "400", "409", "422", "500"])?,
        );
        page.say(
            "The handler has no opinion about names. It passed the name to the engine, whose core refused it: `Rejected(InvalidName)`. One function gives each refusal a status, and its message comes from the core as well. 422 says: the request is well formed, and it will never succeed as it is.",
        );
        Ok(())
    })
}

/// Returns the place of a response's status among these.
fn place(response: &str, statuses: &[&str]) -> Result<usize, Box<dyn std::error::Error>> {
    let status = response.split(' ').nth(1).unwrap_or_default();
    let place = statuses.iter().position(|it| *it == status);
    place.ok_or_else(|| format!("the status is {status}").into())
}

pub(crate) fn out_of_turn(page: &mut Page<'_>) -> walk::Result {
    page.say("Both have set their islands, and Ada begins. But Bob guesses. His page has no button for it, so he writes the request himself.");
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
        page.reveal(&status, place(&response, &["403", "409", "422"])?);
        page.say(
            "409 says: the request is sound, and the present state of the game forbids it. 403 would say that Bob may not do this; he may, in a minute. That his page shows no button is a courtesy to him. The rule is in the core, behind every page.",
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
            "The id has 80 random bits, so nobody finds a game by trying. And a GET changes nothing here, ever: browsers, search engines and mail programs open links without being asked.",
        );
        Ok(())
    })
}

pub(crate) fn journal_fails(page: &mut Page<'_>) -> walk::Result {
    page.say("The disk is full. Ada guesses B7, and the journal cannot store the move. She reads the message, and sends the form again.");
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
            "A status that begins with 5 says that the client has done nothing wrong, and 503 that it may try again. Nothing was applied, because nothing was stored (chapter 4), so the same form works a moment later.",
        );
        Ok(())
    })
}
