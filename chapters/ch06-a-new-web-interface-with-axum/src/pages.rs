//! Steps 1, 2 and 7 to 9: pages, and the forms on them.

use ch06::exchange::exchange;
use islands_core::Player;
use walk::{Page, run, show};

use crate::block_on;
use crate::site::{ISLANDS, OPEN, Site, draw_lines, forge, get, part, post, short};

pub(crate) fn a_page(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A web server reads a request and writes a response, and HTTP/1.1 writes both as text. In axum the routes of a site are a `Router`, which is a function from one to the other. So this walk needs no port and no browser: it calls the function. (`cargo run -p ch06 -- --serve` does open the same pages to a browser.)",
    );
    block_on(async {
        let site = Site::start().await?;
        let request = "GET / HTTP/1.1";
        let response = run!(page, exchange(&site.router, request).await?);
        let (head, _) = response.split_once("\n\n").ok_or("a response has a head")?;
        let form = part(&response, "<form", "</form>").ok_or("the page has a form")?;
        page.draw(&format!(
            "{}\n\n{}\n<\n< …\n{}",
            draw_lines(request, "> "),
            draw_lines(head, "< "),
            draw_lines(&form, "< ")
        ));
        page.say(
            "`>` marks the request, `<` the response: a status, headers, an empty line, and the page, of which you see the form. There is no script in it. A browser can do two things with such a page: open the address of a link, and send the fields of a form.",
        );
        Ok(())
    })
}

pub(crate) fn a_game(page: &mut Page<'_>) -> walk::Result {
    page.say("Ada fills in the form and sends it. The server opens a game, and its page is shown.");
    let sent = page.choose(
        "Then Ada presses Reload. What does her browser send?",
        &[
            "The form once more, and there are two games",
            "A request for the page of her game",
            "Nothing: the page is in its cache",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let response = site.send(OPEN).await?;
        let table = site.table(&response)?;
        table.draw(page, OPEN, &response);
        let request = get(&table.path(""), &table.ada);
        let response = site.send(&request).await?;
        table.draw(page, &request, &response);
        table.draw_part(page, &response, "<h1", "</h1>");
        // The response that the browser shows is the one to a GET, and a reload repeats its request.
        let shown = request.starts_with("GET ") && response.contains(" 200 ");
        page.reveal(&sent, u64::from(shown));
        page.say(
            "The answer to the form is no page. 303 says: it is done, now get that page. The browser does, and what it shows has the address of a page, which can be loaded again, sent to a friend, or kept as a bookmark. (Post, redirect, get.)",
        );
        page.say(
            "From here on, only the headers that matter are shown: here the address, and a cookie, which step 7 explains.",
        );
        Ok(())
    })
}

pub(crate) fn a_seat(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "HTTP does not know who sends a request. Bob opens the address that Ada has sent him, and gets the page of a visitor, with a form:",
    );
    block_on(async {
        let site = Site::start().await?;
        let table = site.open().await?;
        let request = get(&table.path(""), "");
        let response = site.send(&request).await?;
        table.draw(page, &request, &response);
        let form = part(&response, "<form", "</form>").ok_or("a form")?;
        let id = form
            .split("value=\"")
            .nth(1)
            .and_then(|it| it.split('"').next());
        let id = id.ok_or("the form has an id")?;
        let shown = page.figure("join_id", format!("{}…", &id[..8]));
        page.draw(&draw_lines(&form.replace(id, &shown), "< "));
        let request = post(&table.path("players"), "", &format!("name=Bob&id={id}"));
        let response = site.send(&request).await?;
        table.draw(page, &request.replace(id, &shown), &response);
        page.say(
            "The answer holds his seat: a token that the server has signed. His browser sends it along with each request below this path, and the server reads it:",
        );
        let (seat_key, token) = (&site.seat_key, table.bob.as_str());
        let read = seat_key.verify(token);
        run!(page, seat_key.verify(token));
        let game = page.figure("game", table.game);
        page.draw(&match read {
            Some((_, player)) => format!("→ Some(({game}, {player:?}))"),
            None => "→ None".into(),
        });
        page.say(
            "(`location: .` is the game's page, as seen from the address of the form.) The server stores nothing for this seat. The token says which game and which player, and its signature proves that this server wrote it. Ada takes her own token, writes player 2 into it, and keeps the signature:",
        );
        let forged = forge(&table.ada);
        show!(page, seat_key.verify(&forged));
        let elsewhere = site.open().await?;
        let request = post(&table.path("guesses"), &elsewhere.ada, "seen=2&at=B7");
        let response = site.send(&request).await?;
        page.say(
            "The seat of another game has a true signature, but it is not a seat of this game. Its bearer is a visitor here:",
        );
        let other = page.figure("other_seat", short(&elsewhere.ada));
        table.draw(page, &request.replace(&elsewhere.ada, &other), &response);
        table.draw_part(page, &response, "<p role=\"alert\"", "</p>");
        Ok(())
    })
}

pub(crate) fn markup(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A name may have angle brackets. Mallory joins Ada's game as `<script>alert(1)</script>`, and Ada looks at her page.",
    );
    let happens = page.choose(
        "What does Ada's browser do?",
        &[
            "It runs Mallory's script",
            "It shows the name, with its angle brackets",
            "Nothing: the server refuses such a name",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let table = site.open().await?;
        let name = "%3Cscript%3Ealert(1)%3C/script%3E";
        let join = format!("name={name}&id={:032x}", 3);
        site.send(&post(&table.path("players"), "", &join)).await?;
        for (action, fields) in [("islands", ISLANDS), ("ready", "seen=2")] {
            site.send(&post(&table.path(action), &table.ada, fields))
                .await?;
        }
        let response = site.send(&get(&table.path(""), &table.ada)).await?;
        table.draw_part(page, &response, "<h1", "</h1>");
        if response.contains("<script") {
            return Err("a name became markup".into());
        }
        page.reveal(
            &happens,
            if response.contains("&lt;script&gt;") {
                1_u64
            } else {
                2
            },
        );
        page.say(
            "The pages are made by `maud`: its `html!` is checked by the compiler, and escapes every text that it inserts. A page that is put together from strings runs Mallory's script as soon as one call to an escaping function is forgotten. (The header `content-security-policy` of step 1 is a second lock: it forbids scripts altogether.)",
        );
        Ok(())
    })
}

pub(crate) fn islands(page: &mut Page<'_>) -> walk::Result {
    page.say("Ada arranges her islands: a form again, with a field for each.");
    block_on(async {
        let site = Site::start().await?;
        let table = site.two().await?;
        let request = post(&table.path("islands"), &table.ada, ISLANDS);
        let response = site.send(&request).await?;
        table.draw(page, &request, &response);
        let view = site.view(&table, Player::One).await?;
        let (board, public) = match &view {
            islands_core::View::Player(view) => (view.board, &view.public),
            islands_core::View::Spectator(_) => return Err("Ada has a seat".into()),
        };
        page.draw(&walk::grid(|row, col| {
            let at = islands_core::Coordinate::new(row.into(), col.into());
            if at.is_ok_and(|at| board.land().contains(at)) {
                '■'
            } else {
                '·'
            }
        }));
        page.say(&format!("That was one command and one event, number {}. She sets the islands. Then she finds the page of before in another tab, and moves the dot there:", public.seq));
        let request = post(&table.path("ready"), &table.ada, "seen=3");
        site.send(&request).await?;
        let fields = ISLANDS
            .replace("seen=2", "seen=3")
            .replace("dot=A5", "dot=J10");
        let request = post(&table.path("islands"), &table.ada, &fields);
        let response = site.send(&request).await?;
        table.draw(page, &request, &response);
        table.draw_part(page, &response, "<p role=\"alert\"", "</p>");
        page.say(
            "The core has decided that the islands stay where they are, and the sentence is the core's as well. The handler made one command of five texts, and a page of a view.",
        );
        Ok(())
    })
}
