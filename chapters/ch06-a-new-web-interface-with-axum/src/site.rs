//! The lesson's site for the walk, and how its requests and responses are drawn.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use ch06::exchange::exchange;
use ch06::forms;
use islands_core::{Command, Coordinate, GameId, Player, View, Viewer};
use islands_engine::testing::FaultyJournal;
use islands_engine::{CallError, Games, PublishedEvent, Settings};
use islands_seats::SeatKey;
use walk::Page;

/// The columns that a drawn line may have.
const COLUMNS: usize = 72;

type Failure = Box<dyn Error>;

/// A running site, with at most one game that the walk names.
pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) seat_key: SeatKey,
    pub(crate) journal: FaultyJournal,
    games: Games,
}

/// A game of a site, and the paths and cookies of its players.
pub(crate) struct Table {
    pub(crate) game: GameId,
    pub(crate) ada: String,
    pub(crate) bob: String,
}

impl Site {
    pub(crate) async fn start() -> Result<Site, Failure> {
        let journal = FaultyJournal::default();
        let games = Games::start(Settings::default(), Arc::new(journal.clone())).await?;
        let seat_key = SeatKey::new(&[6; 32]);
        Ok(Site {
            router: forms::router(games.clone(), seat_key.clone()),
            seat_key,
            journal,
            games,
        })
    }

    /// Sends a request and returns the response.
    pub(crate) async fn send(&self, request: &str) -> Result<String, Failure> {
        exchange(&self.router, request).await
    }

    /// Opens a game for Ada.
    pub(crate) async fn open(&self) -> Result<Table, Failure> {
        self.table(&self.send(OPEN).await?)
    }

    /// Returns the game that a response has opened.
    pub(crate) fn table(&self, response: &str) -> Result<Table, Failure> {
        let path = header(response, "location").ok_or("a game has an address")?;
        let game = path.trim_start_matches("/games/").trim_end_matches('/');
        let game: GameId = game.parse()?;
        Ok(Table {
            game,
            ada: self.seat_key.token(game, Player::One),
            bob: self.seat_key.token(game, Player::Two),
        })
    }

    /// Opens a game for Ada and Bob.
    pub(crate) async fn two(&self) -> Result<Table, Failure> {
        let table = self.open().await?;
        let join = format!("name=Bob&id={:032x}", 2);
        self.send(&post(&table.path("players"), "", &join)).await?;
        Ok(table)
    }

    /// Opens a game in which it is Ada's turn.
    pub(crate) async fn battle(&self) -> Result<Table, Failure> {
        let table = self.two().await?;
        for seat in [&table.ada, &table.bob] {
            for (action, fields) in [("islands", ISLANDS), ("ready", "seen=2")] {
                self.send(&post(&table.path(action), seat, fields)).await?;
            }
        }
        Ok(table)
    }

    /// Guesses a cell without a form, under an id that nobody else has. Returns the number of the
    /// event.
    pub(crate) async fn guess(
        &self,
        table: &Table,
        by: Player,
        cell: &str,
    ) -> Result<u64, CallError> {
        let at: Coordinate = cell.parse().map_err(|_| CallError::NoSuchGame)?;
        let (row, col) = (at.row().into(), at.col().into());
        let command = Command::GuessCoordinate { row, col };
        let accepted = self.games.command(table.game, by, command, None).await?;
        Ok(accepted.seq)
    }

    /// Returns what a player sees.
    pub(crate) async fn view(&self, table: &Table, player: Player) -> Result<View, Failure> {
        let viewer = Viewer::Player(player);
        Ok(self.games.view(table.game, viewer).await?)
    }

    /// Returns the events of a game that is over, without those that opened it.
    pub(crate) async fn events(&self, table: &Table) -> Result<Vec<Arc<PublishedEvent>>, Failure> {
        Ok(self.games.events(table.game, 6).await?)
    }

    /// Returns how many events of a game are stored.
    pub(crate) async fn events_stored(&self, table: &Table) -> Result<u64, Failure> {
        Ok(self.games.view(table.game, Viewer::Spectator).await?.seq())
    }
}

/// The request that opens a game for Ada.
pub(crate) const OPEN: &str = "POST /games HTTP/1.1
content-type: application/x-www-form-urlencoded

name=Ada&opponent=friend";

/// Five islands, each in a place of its own.
pub(crate) const ISLANDS: &str = "seen=2&atoll=A1&dot=A5&l_shape=A7&s_shape=E1&square=E6";

impl Table {
    /// Returns the path of something in the game.
    pub(crate) fn path(&self, action: &str) -> String {
        format!("/games/{}/{action}", self.game)
    }

    /// Draws a request and the response to it. Only the headers that matter are drawn, and the
    /// game's id and the seats are measured figures, since they differ from run to run.
    pub(crate) fn draw(&self, page: &mut Page<'_>, request: &str, response: &str) {
        let (head, _) = response.split_once("\n\n").unwrap_or((response, ""));
        let matters = |line: &&str| {
            line.starts_with("HTTP")
                || line.starts_with("location")
                || line.starts_with("set-cookie")
        };
        let head: Vec<&str> = head.lines().filter(matters).collect();
        let request = draw_lines(&self.named(page, request), "> ");
        let response = draw_lines(&self.named(page, &head.join("\n")), "< ");
        page.draw(&format!("{request}\n\n{response}"));
    }

    /// Draws the part of a response from one tag to another.
    pub(crate) fn draw_part(&self, page: &mut Page<'_>, response: &str, from: &str, to: &str) {
        let part = part(response, from, to).unwrap_or_default();
        let part = self.named(page, &part);
        page.draw(&draw_lines(&part, "< "));
    }

    fn named(&self, page: &mut Page<'_>, text: &str) -> String {
        let mut text = text.to_owned();
        let game = self.game.to_string();
        if text.contains(&game) {
            text = text.replace(&game, &page.figure("game", &game));
        }
        for (name, seat) in [("ada_seat", &self.ada), ("bob_seat", &self.bob)] {
            if text.contains(seat.as_str()) {
                let shown = page.figure(name, short(seat));
                text = text.replace(seat.as_str(), &shown);
            }
        }
        text
    }
}

/// Returns a token of player 1, altered to name player 2, with the signature as it was.
pub(crate) fn forge(seat: &str) -> String {
    let letter = |(place, letter): (usize, char)| match (place, letter) {
        // The 15th letter of base64url holds the number: E to H for 1, and I to L for 2. Two of
        // its bits belong to the signature.
        (14, 'E'..='H') => char::from(letter as u8 + 4),
        _ => letter,
    };
    seat.chars().enumerate().map(letter).collect()
}

/// Returns the ends of a token.
pub(crate) fn short(seat: &str) -> String {
    let end = seat.len().saturating_sub(4);
    format!("{}…{}", &seat[..4], &seat[end..])
}

/// Returns a request for a page.
pub(crate) fn get(path: &str, seat: &str) -> String {
    format!("GET {path} HTTP/1.1{}", cookie(seat))
}

/// Returns the request that sends a form.
pub(crate) fn post(path: &str, seat: &str, fields: &str) -> String {
    let kind = "content-type: application/x-www-form-urlencoded";
    format!("POST {path} HTTP/1.1\n{kind}{}\n\n{fields}", cookie(seat))
}

fn cookie(seat: &str) -> String {
    match seat {
        "" => String::new(),
        seat => format!("\ncookie: seat={seat}"),
    }
}

/// Returns the value of a header.
pub(crate) fn header<'r>(response: &'r str, name: &str) -> Option<&'r str> {
    let mut lines = response.lines().take_while(|line| !line.is_empty());
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// Returns the part of a response from one tag to another, a tag a line.
pub(crate) fn part(response: &str, from: &str, to: &str) -> Option<String> {
    let (_, rest) = response.split_once(from)?;
    let (inside, _) = rest.split_once(to)?;
    Some(format!("{from}{inside}{to}").replace("><", ">\n<"))
}

/// Begins each line with a mark, and breaks lines that are too long at a space.
pub(crate) fn draw_lines(text: &str, mark: &str) -> String {
    let mut drawn = Vec::new();
    for line in text.lines() {
        let mut row = String::new();
        for word in line.split(' ') {
            if !row.is_empty() && row.chars().count() + word.chars().count() >= COLUMNS {
                drawn.push(std::mem::replace(&mut row, "   ".into()));
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row += word;
        }
        drawn.push(row);
    }
    let drawn = drawn
        .iter()
        .map(|line| format!("{mark}{line}").trim_end().to_owned());
    drawn.collect::<Vec<_>>().join("\n")
}
