//! Steps 13 and 14: what a connection saves, in bytes and in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use islands_core::bot::{Strength, guess};
use islands_core::{Player, StateName, View, Viewer};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::sleep;
use walk::{Page, thousands};

use crate::block_on;
use crate::counted::Counted;
use crate::site::Site;

type Failure = Box<dyn std::error::Error>;

/// How long a player thinks, and how often the other one looks meanwhile.
const THINKS: u64 = 5;
/// The seconds between two heartbeats of a client.
const HEARTBEAT: u64 = 30;

pub(crate) fn bytes(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Chapter 6 counted what it costs to look: once a second, for a player who waits five. Here is the fairest look that one could have: no page, but `GET /games/ID/events?since=N` over a connection that is kept open, with the fewest headers that HTTP allows, and the missed events as JSON.",
    );
    let factor = page.choose(
        "A whole game over the channel, heartbeats included, takes",
        &[
            "about as many bytes as the looks",
            "half as many",
            "a tenth",
            "a hundredth",
        ],
    );
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.joined(Player::One).await?;
        let mut bob = site.joined(Player::Two).await?;
        let mut pollers = [Poller::connect(&site).await?, Poller::connect(&site).await?];
        let mut guesses = 0_u64;
        while let Some(by) = turn(&site).await? {
            // The player who waits looks.
            let [adas, bobs] = &mut pollers;
            let poller = if by == Player::One { bobs } else { adas };
            for _ in 0..THINKS {
                poller.look().await?;
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
        let polls = pollers.map(|poller| poller.bytes.load(Ordering::Relaxed));
        let polls: u64 = polls.iter().sum();
        let times = polls / channel;
        let choice = match times {
            0..=1 => 0_u64,
            2..=4 => 1,
            5..=30 => 2,
            _ => 3,
        };
        let kilobytes = |bytes: u64| format!("{:>5} kB", thousands(bytes / 1000));
        page.draw(&format!(
            "{:<38}{:>6}\n{:<38}{}\n{:<38}{}",
            "guesses",
            guesses,
            format!("looks, {} of them", thousands(guesses * THINKS)),
            kilobytes(polls),
            "the channels of both players",
            kilobytes(channel),
        ));
        page.reveal(&factor, choice);
        page.say(&format!(
            "{times} times as many, and the count favours the looks: they carry no guesses, and a browser sends several hundred bytes of headers with each. What the channels carry is the joins, the guesses, their replies, each event twice, and a heartbeat for each client every {HEARTBEAT} seconds, without which neither side would know that the other is gone.",
        ));
        Ok(())
    })
}

pub(crate) fn time(page: &mut Page<'_>) -> walk::Result {
    page.say("And how late is the news? Bob guesses 20 times, Ada in between. A client of hers has a channel; another one looks every 100 ms, ten times as often as before.");
    block_on(async {
        let site = Site::start().await?;
        let mut ada = site.joined(Player::One).await?;
        let mut poller = Poller::connect(&site).await?;
        let (mut pushed, mut polled) = (Vec::new(), Vec::new());
        for row in ["A", "B"] {
            for col in 1..=10 {
                let cell = format!("{row}{col}");
                ada.guess(&cell).await?;
                poller.look().await?;
                // A guess falls anywhere between two looks.
                let phase = Duration::from_millis(fastrand::u64(0..100));
                let began = Instant::now();
                let seq = site.guess(Player::Two, &cell).await?;
                ada.until_seq(seq).await?;
                pushed.push(began.elapsed());
                sleep(phase).await;
                poller.look().await?;
                polled.push(began.elapsed());
            }
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
            "From the guess to the news, in the median: {push} µs over the channel, {poll} ms by looking. (A {build} build, and a network of no length: between two cities add what the light needs, to both.) With a look every second the second figure would be ten times as large. No number of looks makes it as small as the first, since each look costs a request and an answer, whether or not there is news.",
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
    /// The number of the last event that it has.
    seen: u64,
    bytes: Arc<AtomicU64>,
}

impl Poller {
    async fn connect(site: &Site) -> Result<Poller, Failure> {
        let bytes = Arc::default();
        let stream = TcpStream::connect(site.address).await?;
        Ok(Poller {
            connection: BufReader::new(Counted::new(stream, &bytes)),
            path: format!("/games/{}/events", site.game),
            seen: 6,
            bytes,
        })
    }

    /// Asks for the events after the last one, and returns how many there are.
    async fn look(&mut self) -> Result<usize, Failure> {
        let Poller { path, seen, .. } = self;
        let request = format!("GET {path}?since={seen} HTTP/1.1\r\nhost: x\r\n\r\n");
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
