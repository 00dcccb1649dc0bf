//! Commands that load pages and send the forms on them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use islands_core::{Command, GameId, IslandType, Player, StateName, View, Viewer, random_board};
use islands_engine::journal::MemoryJournal;
use islands_engine::{Games, Settings};
use islands_seats::SeatKey;
use tokio::runtime::{Builder, Runtime};

use crate::exchange::exchange;
use crate::forms::router;

const FORM: &str = "content-type: application/x-www-form-urlencoded";
const CORNERS: [(&str, &str); 5] = [
    ("atoll", "A1"),
    ("dot", "A5"),
    ("l_shape", "A7"),
    ("s_shape", "E1"),
    ("square", "E6"),
];

/// A game of Ada and Bob, and the pages that they have loaded last.
struct Site {
    router: Router,
    games: Games,
    game: GameId,
    cookies: BTreeMap<String, String>,
    pages: BTreeMap<String, String>,
}

/// Returns a function that answers commands. It keeps the game between them.
pub fn start() -> impl FnMut(&str) -> String {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    let mut site = runtime.block_on(Site::start());
    move |command| answer(command, &mut site, &runtime)
}

/// Answers `both are ready`, `PLAYER looks`, `PLAYER guesses CELL`, `PLAYER moves ISLAND to CELL`, `PLAYER is ready`,
/// `PLAYER resigns`, each of the forms also with `, twice` behind it.
fn answer(command: &str, site: &mut Site, runtime: &Runtime) -> String {
    let (command, times) = match command.strip_suffix(", twice") {
        Some(command) => (command, 2),
        None => (command, 1),
    };
    runtime.block_on(async {
        let (player, action, fields) = match command.split(' ').collect::<Vec<_>>()[..] {
            ["both", "are", "ready"] => return site.battle().await,
            [player, "looks"] => return site.look(player).await,
            [player, "guesses", at] => (player, "guesses", format!("at={at}")),
            [player, "moves", island, "to", at] => (player, "islands", corners(island, at)),
            [player, "is", "ready"] => (player, "ready", String::new()),
            [player, "resigns"] => (player, "resign", String::new()),
            _ => return "! unknown command".to_owned(),
        };
        let mut answers = Vec::new();
        for _ in 0..times {
            answers.push(site.send(player, action, &fields).await);
        }
        format!("{}; {}", answers.join(", then "), site.stored().await)
    })
}

fn corners(island: &str, at: &str) -> String {
    let corner = |(kind, corner)| format!("{kind}={}", if kind == island { at } else { corner });
    CORNERS.map(corner).join("&")
}

impl Site {
    async fn start() -> Site {
        let journal = Arc::new(MemoryJournal::new());
        let games = Games::start(Settings::default(), journal).await;
        let games = games.expect("a supervisor");
        let seat_key = SeatKey::new(&[6; 32]);
        let router = router(games.clone(), seat_key.clone());
        let open = format!("POST /games HTTP/1.1\n{FORM}\n\nname=Ada&opponent=friend");
        let opened = exchange(&router, &open).await.expect("a response");
        let game: GameId = opened
            .split("/games/")
            .nth(1)
            .and_then(|rest| rest.split('/').next()?.parse().ok())
            .expect("a game");
        let join = format!(
            "POST /games/{game}/players HTTP/1.1\n{FORM}\n\nname=Bob&id={:032x}",
            1
        );
        exchange(&router, &join).await.expect("a response");
        let cookies = [("ada", Player::One), ("bob", Player::Two)];
        let cookies = cookies.map(|(name, player)| {
            let token = seat_key.token(game, player);
            (name.to_owned(), format!("seat={token}"))
        });
        Site {
            router,
            games,
            game,
            cookies: cookies.into(),
            pages: BTreeMap::new(),
        }
    }

    /// Arranges and sets the islands, without a form.
    async fn battle(&self) -> String {
        for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
            let islands = random_board(seed).islands().map(Into::into).collect();
            for command in [Command::PositionAll { islands }, Command::SetIslands] {
                let done = self.games.command(self.game, by, command, None).await;
                done.expect("it is allowed");
            }
        }
        self.stored().await
    }

    /// Loads a player's page, and returns its heading and its hidden fields.
    async fn look(&mut self, player: &str) -> String {
        let request = format!("GET /games/{}/ HTTP/1.1{}", self.game, self.cookie(player));
        let page = exchange(&self.router, &request).await;
        let page = page.expect("a response");
        let heading = between(&page, "<h1>", "</h1>").unwrap_or("no heading");
        let answer = heading.to_owned();
        self.pages.insert(player.to_owned(), page);
        answer
    }

    /// Sends the form of this action from the page that the player has loaded last.
    async fn send(&self, player: &str, action: &str, fields: &str) -> String {
        let page = self.pages.get(player).map(String::as_str);
        let form = format!("action=\"{action}\"");
        let Some(form) = page.and_then(|page| between(page, &form, "</form>")) else {
            return "the page has no such form".to_owned();
        };
        let inputs = form.split("<input").skip(1);
        let inputs = inputs.filter_map(|input| input.split('>').next());
        let mut sent: Vec<String> = inputs
            .filter(|input| input.contains("type=\"hidden\""))
            .filter_map(|input| {
                let name = between(input, "name=\"", "\"")?;
                Some(format!("{name}={}", between(input, "value=\"", "\"")?))
            })
            .collect();
        sent.push(fields.to_owned());
        let request = format!(
            "POST /games/{}/{action} HTTP/1.1\n{FORM}{}\n\n{}",
            self.game,
            self.cookie(player),
            sent.join("&")
        );
        let response = exchange(&self.router, &request).await;
        let response = response.expect("a response");
        let status = between(&response, "HTTP/1.1 ", "\n").unwrap_or("no status");
        match between(&response, "role=\"alert\">", "</p>") {
            Some(message) => format!("{status} ({message})"),
            None => status.to_owned(),
        }
    }

    /// Says how many events are stored, and where Ada's dot and square are while she can move them.
    async fn stored(&self) -> String {
        let viewer = Viewer::Player(Player::One);
        let view = self.games.view(self.game, viewer).await.expect("a view");
        let places = match &view {
            View::Player(view) if view.public.state == StateName::PlayersSet => {
                let first = |kind| view.board.cells(kind).iter().next();
                let (dot, square) = (first(IslandType::Dot), first(IslandType::Square));
                let places = dot.zip(square);
                places.map(|(dot, square)| format!(", Ada's dot on {dot}, her square on {square}"))
            }
            _ => None,
        };
        format!("{} events{}", view.seq(), places.unwrap_or_default())
    }

    fn cookie(&self, player: &str) -> String {
        let cookie = self.cookies.get(player).map_or("", String::as_str);
        format!("\ncookie: {cookie}")
    }
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    Some(text.split_once(from)?.1.split_once(to)?.0)
}
