//! Steps 13 and 14: what a connection saves, in bytes and in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use islands_core::bot::{Strength, guess};
use islands_core::{Coordinate, Player, StateName, View, Viewer};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::sleep;
use walk::{Page, thousands};

use crate::block_on;
use crate::counted::Counted;
use crate::site::Site;

/// The headers that Chromium 148 sends with a `fetch`.
const BROWSER: &str = "Host: 127.0.0.1:4000\r
Connection: keep-alive\r
sec-ch-ua-platform: \"Linux\"\r
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36\r
sec-ch-ua: \"Not/A)Brand\";v=\"99\", \"Chromium\";v=\"148\"\r
sec-ch-ua-mobile: ?0\r
Accept: */*\r
Sec-Fetch-Site: same-origin\r
Sec-Fetch-Mode: cors\r
Sec-Fetch-Dest: empty\r
Referer: http://127.0.0.1:4000/\r
Accept-Encoding: gzip, deflate, br, zstd\r
Accept-Language: en-US,en;q=0.9\r
";

type Failure = Box<dyn std::error::Error>;

/// How long a player thinks, and how often the other one looks meanwhile.
const THINKS: u64 = 5;
/// The seconds between two heartbeats of a client.
const HEARTBEAT: u64 = 30;

pub(crate) fn bytes(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Chapter 6 counted what it costs to look once a second. Those looks loaded pages. The fairest look that one could have loads no page: `GET /games/ID/events?since=N` over a connection that stays open, with the fewest headers that HTTP allows, and the missed events as JSON. One game is played, and counted in three ways.",
    );
    let ratio = page.choose(
        "For each 100 bytes that go over the sockets of both players, heartbeats included, how many bytes do these looks take?",
        &["about 100", "about 200", "about 1,000", "about 10,000"],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.joined(Player::One).await?;
        let mut bob = site.joined(Player::Two).await?;
        let mut lean = Poller::for_both(&site, "host: x\r\n").await?;
        let mut browsers = Poller::for_both(&site, BROWSER).await?;
        let mut guesses = 0_u64;
        while let Some(by) = turn(&site).await? {
            // The player who waits looks.
            let waits = if by == Player::One { 1 } else { 0 };
            for _ in 0..THINKS {
                lean[waits].look().await?;
                browsers[waits].look().await?;
            }
            let client = if by == Player::One {
                &mut ada
            } else {
                &mut bob
            };
            client.guess(&cell(&site, by).await?).await?;
            guesses += 1;
            if guesses * THINKS % HEARTBEAT < THINKS {
                for client in [&mut ada, &mut bob] {
                    client.heartbeat().await?;
                }
            }
        }
        for client in [&mut ada, &mut bob] {
            if client.log.iter().all(|(_, frame)| frame.3 != "game_over") {
                client.until(|frame| frame.3 == "game_over").await?;
            }
        }
        let channel = [&ada, &bob].map(|client| client.bytes.load(Ordering::Relaxed));
        let channel: u64 = channel.iter().sum();
        let bytes = |pollers: &[Poller; 2]| -> u64 {
            let bytes = pollers.iter().map(|it| it.bytes.load(Ordering::Relaxed));
            bytes.sum()
        };
        let (lean, browsers) = (bytes(&lean), bytes(&browsers));
        let choice = match lean * 10 / channel {
            0..=14 => 0_u64,
            15..=49 => 1,
            50..=499 => 2,
            _ => 3,
        };
        let looks = thousands(guesses * THINKS);
        let row = |what: String, bytes| format!("{what:<42}{:>5} kB", thousands(bytes / 1000));
        page.draw(&format!(
            "{}\n{}\n{}",
            row(format!("{looks} looks, with the fewest headers"), lean),
            row(format!("{looks} looks, with those of Chromium"), browsers),
            row(format!("the sockets, for {guesses} guesses"), channel),
        ));
        page.reveal(&ratio, choice);
        page.say(&format!(
            "Bytes are not what a connection is for. The looks carry no guesses, and the sockets carry all of it: two joins, the guesses, a reply to each, each event twice, and a heartbeat of each client every {HEARTBEAT} seconds, without which neither side would learn that the other is gone. What a browser adds to each look, HTTP/2 would mostly compress away. A game in which nothing happens costs the looks as much as before, and the sockets their heartbeats.",
        ));
        Ok(())
    })
}

pub(crate) fn time(page: &mut Page<'_>) -> walk::Result {
    page.say("And how late is the news? Bob guesses ten times, Ada in between. A client of hers has a channel; another one looks every 100 ms, ten times as often as before. The guesses are spread evenly between two looks.");
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.joined(Player::One).await?;
        let mut poller = Poller::connect(&site, "host: x\r\n").await?;
        let (mut pushed, mut polled) = (Vec::new(), Vec::new());
        for (number, cell) in (0..10).zip(Coordinate::all()) {
            let cell = cell.to_string();
            ada.guess(&cell).await?;
            poller.look().await?;
            // The guesses are spread evenly between two looks.
            let phase = Duration::from_millis(10 * number);
            let began = Instant::now();
            let seq = site.guess(Player::Two, &cell).await?;
            ada.until_seq(seq).await?;
            pushed.push(began.elapsed());
            sleep(phase).await;
            poller.look().await?;
            polled.push(began.elapsed());
        }
        let median = |times: &mut Vec<Duration>| {
            times.sort_unstable();
            times[times.len() / 2]
        };
        let push = page.figure("push_us", median(&mut pushed).as_micros());
        let poll = page.figure("poll_ms", median(&mut polled).as_millis());
        let build = if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        };
        let build = page.figure("build", build);
        page.say(&format!(
            "From the guess to the news, in the median: {push} µs over the channel, {poll} ms by looking. (A {build} build, with both ends on one machine: a network adds its delay to both.) With a look every second the second figure would be ten times as large. No rate of looking reaches the first: each look costs a request and an answer, whether or not there is news.",
        ));
        page.say(
            "That is what a connection buys: the server speaks when it has something to say. It costs memory for each connection, an end for clients that do not read, and a way back for those that were gone. This chapter had one step for each.",
        );
        Ok(())
    })
}

/// Returns whose turn it is, if the game is not over.
async fn turn(site: &Site) -> Result<Option<Player>, Failure> {
    let view = site.games.view(site.game, Viewer::Spectator).await?;
    Ok(match view.public().state {
        StateName::Player1Turn => Some(Player::One),
        StateName::Player2Turn => Some(Player::Two),
        _ => None,
    })
}

/// Returns the cell that a bot guesses for this player.
async fn cell(site: &Site, by: Player) -> Result<String, Failure> {
    let View::Player(view) = site.games.view(site.game, Viewer::Player(by)).await? else {
        return Err("a player has a player's view".into());
    };
    let seed = if by == Player::One { 1 } else { 2 };
    let at = guess(&view, Strength::Hunt, seed).ok_or("a cell is left")?;
    Ok(at.to_string())
}

/// A client that asks for news over HTTP, on one connection.
struct Poller {
    connection: BufReader<Counted>,
    path: String,
    headers: &'static str,
    /// The number of the last event that it has.
    seen: u64,
    bytes: Arc<AtomicU64>,
}

impl Poller {
    /// Connects a client for each player.
    async fn for_both(site: &Site, headers: &'static str) -> Result<[Poller; 2], Failure> {
        let (ada, bob) = (
            Poller::connect(site, headers),
            Poller::connect(site, headers),
        );
        Ok([ada.await?, bob.await?])
    }

    /// Connects a client that sends these headers.
    async fn connect(site: &Site, headers: &'static str) -> Result<Poller, Failure> {
        let bytes = Arc::default();
        let stream = TcpStream::connect(site.address).await?;
        stream.set_nodelay(true)?;
        Ok(Poller {
            connection: BufReader::new(Counted::new(stream, &bytes)),
            path: format!("/games/{}/events", site.game),
            headers,
            seen: 6,
            bytes,
        })
    }

    /// Asks for the events after the last one, and returns how many there are.
    async fn look(&mut self) -> Result<usize, Failure> {
        let Poller {
            path,
            headers,
            seen,
            ..
        } = self;
        let request = format!("GET {path}?since={seen} HTTP/1.1\r\n{headers}\r\n");
        self.connection.write_all(request.as_bytes()).await?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.connection.read_line(&mut line).await?;
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body).await?;
        let events: Vec<serde_json::Value> = serde_json::from_slice(&body)?;
        self.seen += events.len() as u64;
        Ok(events.len())
    }
}
