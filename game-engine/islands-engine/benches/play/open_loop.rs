//! Moves that come at a steady rate, whether or not those before were answered:
//! who has to wait is counted as waiting from when the move was due.
//!
//! A thread of its own rings at the time of each move, and over a socket, so that
//! the runtime hears of it as it hears of a player's click.

use std::io::{self, Write};
use std::net::TcpStream as Bell;
use std::num::NonZeroU64;
use std::thread;
use std::time::{Duration, Instant};

use islands_engine::Games;
use rustix::thread::set_current_timer_slack;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use super::{Outcome, Table};

/// Who sends the moves; each has a share of the games, and plays in turn in them.
const CALLERS: usize = 100;

/// How fast moves come, and for how long.
#[derive(Clone, Copy)]
pub struct Load {
    pub games: usize,
    pub per_second: u32,
    pub time: Duration,
}

/// The seconds from when each move was due until its answer. The games are
/// opened first.
pub async fn answer_times(games: &Games, load: Load) -> Outcome<Vec<f64>> {
    let tables = super::open_tables(games, load.games).await?;
    let gap = Duration::from_secs(1) / load.per_second;
    let start = Instant::now() + Duration::from_millis(20);
    let (mut bells, mut callers) = (Vec::new(), Vec::new());
    for tables in tables.chunks(load.games.div_ceil(CALLERS)) {
        let (bell, heard) = bell().await?;
        let caller = Caller {
            games: games.clone(),
            tables: tables.to_vec(),
            heard,
            due: start + gap * u32::try_from(bells.len())?,
            every: gap * u32::try_from(CALLERS)?,
        };
        callers.push(tokio::spawn(caller.play()));
        bells.push(bell);
    }
    let moves = (load.time.as_secs_f64() * f64::from(load.per_second)) as u32;
    let ringing = thread::spawn(move || ring(&mut bells, start, gap, moves));
    let mut times = Vec::new();
    for caller in callers {
        times.extend(caller.await??);
    }
    ringing.join().map_err(|_| "nobody rings")??;
    Ok(times)
}

struct Caller {
    games: Games,
    tables: Vec<Table>,
    heard: TcpStream,
    due: Instant,
    every: Duration,
}

impl Caller {
    /// Plays until nobody rings any more.
    async fn play(mut self) -> Outcome<Vec<f64>> {
        let mut times = Vec::new();
        while self.heard.read(&mut [0]).await? > 0 {
            let round = times.len() / self.tables.len();
            let (game, script) = self.tables[times.len() % self.tables.len()];
            let (by, command) = script.moves[round].clone();
            self.games.command(game, by, command, None).await?;
            times.push(self.due.elapsed().as_secs_f64());
            self.due += self.every;
        }
        Ok(times)
    }
}

/// Rings for one caller after the other, and then hangs up.
fn ring(bells: &mut Vec<Bell>, start: Instant, gap: Duration, moves: u32) -> io::Result<()> {
    // Or the kernel wakes it up to 50 µs late, to save power.
    set_current_timer_slack(NonZeroU64::new(1))?;
    let mut due = start;
    for number in 0..moves as usize {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let next = number % bells.len();
        bells[next].write_all(&[1])?;
        due += gap;
    }
    bells.clear();
    Ok(())
}

async fn bell() -> io::Result<(Bell, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let bell = Bell::connect(listener.local_addr()?)?;
    bell.set_nodelay(true)?;
    let (heard, _) = listener.accept().await?;
    Ok((bell, heard))
}
