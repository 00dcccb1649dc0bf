//! The pages: functions from a view to HTML.
//!
//! `html!` escapes every text that it is given, so a player's name cannot become markup.

use axum::http::StatusCode;
use islands_core::{
    Coordinate, CoordinateSet, Move, Outcome, Player, PlayerView, PublicView, Reason, SIZE,
    StateName, View, random_board,
};
use maud::{DOCTYPE, Markup, html};

use crate::form::form;

/// The letters of the id of a form that takes a seat.
pub const JOIN_ID_LENGTH: usize = 32;

/// Returns the start page.
pub fn home() -> Markup {
    let fields = html! {
        label { "Your name " input name="name" required maxlength="32" autocomplete="nickname"; }
        label {
            "You play "
            select name="opponent" {
                option value="friend" { "a friend" }
                option value="random" { "the computer, at random" }
                option value="hunt" { "the computer, hunting" }
            }
        }
        button { "Open a game" }
    };
    page(
        "Islands",
        &html! {
            p { "Two players, ten by ten cells, five hidden islands each. Guess a cell in turn. Find all five first to win." }
            form method="post" action="/games" { (fields) }
        },
    )
}

/// Returns the page of a game. `random` is the id of a form that takes the free seat, and draws the
/// islands that the page suggests.
pub fn game(view: &View, random: u128) -> Markup {
    match view {
        View::Player(view) => player(view, random),
        View::Spectator(view) => visitor(&view.public, random),
    }
}

/// Returns the page of a refusal.
pub fn refusal(status: StatusCode, message: &str) -> Markup {
    page(
        "That was not possible",
        &html! {
            p role="alert" { (message) "." }
            p { a href="." { "Back" } " · " a href="/" { "Start page" } }
            p.small { "HTTP status " (status) }
        },
    )
}

fn player(view: &PlayerView, random: u128) -> Markup {
    let (me, public) = (view.viewer, &view.public);
    let opponent = me.opponent();
    let is_set = public.players[me].as_ref().is_some_and(|it| it.islands_set);
    match public.state {
        StateName::Initialized => page(
            "Waiting for a second player",
            &html! {
                p { "Send the address of this page to somebody. The first visitor who joins takes the second seat." }
                (look_again())
            },
        ),
        StateName::PlayersSet if is_set => {
            let title = format!("Waiting for {}", name(public, opponent));
            page(&title, &html! { (look_again()) (own_sea(view)) })
        }
        StateName::PlayersSet => page("Arrange your islands", &islands(view, random)),
        StateName::Player1Turn | StateName::Player2Turn => {
            let mine = public.state == turn_of(me);
            let title = match mine {
                true => "Your turn".to_owned(),
                false => format!("{} is guessing", name(public, opponent)),
            };
            let resign = html! { button { "Resign" } };
            page(
                &title,
                &html! {
                    (last_guess(public))
                    @if !mine { (look_again()) }
                    div.seas { (opponents_sea(view, mine)) (own_sea(view)) }
                    (form("resign", public.seq, &resign))
                },
            )
        }
        StateName::GameOver => page(&result(public, Some(me)), &over(public)),
    }
}

fn visitor(public: &PublicView, random: u128) -> Markup {
    let host = name(public, Player::One);
    match public.state {
        StateName::Initialized => page(
            &format!("{host} invites you"),
            &html! {
                form method="post" action="players" {
                    input type="hidden" name="id" value=(format!("{random:0JOIN_ID_LENGTH$x}"));
                    label { "Your name " input name="name" required maxlength="32" autocomplete="nickname"; }
                    button { "Join the game" }
                }
            },
        ),
        StateName::GameOver => page(&result(public, None), &over(public)),
        _ => page(
            &format!("{host} plays {}", name(public, Player::Two)),
            &html! {
                (last_guess(public))
                (look_again())
                div.seas {
                    @for owner in Player::BOTH { (sea_of(public, owner, CoordinateSet::default())) }
                }
            },
        ),
    }
}

/// The form in which a player arranges the islands, and one to set them.
fn islands(view: &PlayerView, random: u128) -> Markup {
    let PlayerView { public, board, .. } = view;
    let suggested = random_board(random as u64);
    let land = match board.is_empty() {
        true => suggested.land(),
        false => board.land(),
    };
    let fields = html! {
        @for island in suggested.islands() {
            @let kind = island.kind();
            @let corner = corner(board.cells(kind)).unwrap_or(island.corner());
            label { (kind.name().replace('_', " ")) " " input name=(kind) value=(corner) required size="3"; }
        }
        button { "Place them" }
    };
    html! {
        p { "For each island, write the cell of the upper left corner of the box around it: a row from A to J, and a column from 1 to 10." }
        div.fields { (form("islands", public.seq, &fields)) }
        (sea_of(public, view.viewer, land))
        @if !board.is_empty() {
            (form("ready", public.seq, &html! { button { "Play with these islands" } }))
        }
    }
}

/// Returns the upper left corner of the box around some cells.
fn corner(cells: CoordinateSet) -> Option<Coordinate> {
    let row = cells.iter().map(Coordinate::row).min()?;
    let col = cells.iter().map(Coordinate::col).min()?;
    Coordinate::new(row.into(), col.into()).ok()
}

/// A link to this page.
fn look_again() -> Markup {
    html! { p { a.button href="." { "Look again" } } }
}

fn over(public: &PublicView) -> Markup {
    let boards = public.boards.unwrap_or_default();
    html! {
        (last_guess(public))
        div.seas {
            @for owner in Player::BOTH { (sea_of(public, owner, boards[owner].land())) }
        }
        p { a.button href="/" { "Play again" } }
    }
}

fn result(public: &PublicView, me: Option<Player>) -> String {
    let Some(ending) = public.winner else {
        return "The game is over".into();
    };
    let winner = match me == Some(ending.winner) {
        true => "You".to_owned(),
        false => name(public, ending.winner),
    };
    let how = match ending.reason {
        Reason::Forested => "won: all five islands are found",
        Reason::Resigned => "won: the other player has resigned",
        Reason::Abandoned => "won: the other player has left",
    };
    format!("{winner} {how}")
}

fn own_sea(view: &PlayerView) -> Markup {
    sea_of(&view.public, view.viewer, view.board.land())
}

/// The opponent's sea, with a button on each cell that can be guessed.
fn opponents_sea(view: &PlayerView, mine: bool) -> Markup {
    let PlayerView { viewer, public, .. } = view;
    let owner = viewer.opponent();
    if !mine {
        return sea_of(public, owner, CoordinateSet::default());
    }
    let sea = sea(&name(public, owner), |at| match mark(public, owner, at) {
        Some(mark) => mark,
        None => html! { td { button name="at" value=(at) { (at) } } },
    });
    form("guesses", public.seq, &sea)
}

/// The sea of a player, with the land that the viewer may see.
fn sea_of(public: &PublicView, owner: Player, land: CoordinateSet) -> Markup {
    sea(&name(public, owner), |at| match mark(public, owner, at) {
        Some(mark) => mark,
        None if land.contains(at) => cell("land", "■", "island"),
        None => html! { td {} },
    })
}

/// A cell that was guessed.
fn mark(public: &PublicView, owner: Player, at: Coordinate) -> Option<Markup> {
    let guess = public
        .moves
        .iter()
        .find(|guess| guess.by == owner.opponent() && guess.at == at)?;
    let (class, sign, word) = met(public, guess);
    Some(cell(class, sign, word))
}

/// What a guess has met: a class, a sign, and a word.
fn met(public: &PublicView, guess: &Move) -> (&'static str, &'static str, &'static str) {
    let found = public.forested[guess.by.opponent()].land();
    match guess.outcome {
        Outcome::Miss => ("miss", "○", "water"),
        Outcome::Hit if found.contains(guess.at) => ("found", "♣", "island found"),
        Outcome::Hit => ("hit", "●", "hit"),
    }
}

/// What happened last: a page that is loaded anew does not show what is new on it.
fn last_guess(public: &PublicView) -> Markup {
    html! {
        @if let Some(guess) = public.moves.last() {
            @let (_, _, word) = met(public, guess);
            p { (name(public, guess.by)) " guessed " (guess.at) ": " (word) "." }
        }
    }
}

/// A cell with a sign for the eyes and a word for a screen reader.
fn cell(class: &str, sign: &str, word: &str) -> Markup {
    html! { td class=(class) { span aria-hidden="true" { (sign) } span.word { (word) } } }
}

fn sea(owner: &str, cell: impl Fn(Coordinate) -> Markup) -> Markup {
    let cells: Vec<Coordinate> = Coordinate::all().collect();
    html! {
        table {
            caption { "The sea of " (owner) }
            tr { td {} @for col in 1..=SIZE { th scope="col" { (col) } } }
            @for row in cells.chunks(SIZE.into()) {
                tr {
                    th scope="row" { (letter(row)) }
                    @for at in row { (cell(*at)) }
                }
            }
        }
    }
}

/// The letter of a row.
fn letter(row: &[Coordinate]) -> String {
    let first = row.first().map(Coordinate::to_string).unwrap_or_default();
    first.chars().take(1).collect()
}

fn name(public: &PublicView, player: Player) -> String {
    let player = public.players[player].as_ref();
    player.map_or_else(|| "nobody".into(), |it| it.name.to_string())
}

fn turn_of(player: Player) -> StateName {
    match player {
        Player::One => StateName::Player1Turn,
        Player::Two => StateName::Player2Turn,
    }
}

fn page(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) " · Islands" }
                link rel="stylesheet" href="/style.css";
            }
            body { main { h1 { (title) } (body) } }
        }
    }
}
