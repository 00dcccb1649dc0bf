//! An open loop: moves are due at a steady rate, whether or not earlier moves were
//! answered. A wait counts from the time at which the move was due.
//!
//! A thread of its own signals each due move over a socket, so that it reaches the
//! runtime as a player's click does.

use std::io::{self, Write};
use std::net::TcpStream as TimerSocket;
use std::num::NonZeroU64;
use std::thread;
use std::time::{Duration, Instant};

use islands_engine::Games;
use rustix::thread::set_current_timer_slack;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use super::{Outcome, Table};

/// The number of callers. Each has a share of the games, and plays in them in turn.
const CALLERS: usize = 100;

/// The rate of the moves, and for how long they are due.
#[derive(Clone, Copy)]
pub struct Load {
    pub games: usize,
    pub per_second: u32,
    pub time: Duration,
}

/// Opens games, and returns the seconds from each move's due time to its answer.
pub async fn answer_times(games: &Games, load: Load) -> Outcome<Vec<f64>> {
    let tables = super::open_tables(games, load.games).await?;
    let gap = Duration::from_secs(1) / load.per_second;
    let start = Instant::now() + Duration::from_millis(20);
    let (mut timers, mut callers) = (Vec::new(), Vec::new());
    for tables in tables.chunks(load.games.div_ceil(CALLERS)) {
        let (timer, ticks) = timer().await?;
        let caller = Caller {
            games: games.clone(),
            tables: tables.to_vec(),
            ticks,
            due: start + gap * u32::try_from(timers.len())?,
            every: gap * u32::try_from(CALLERS)?,
        };
        callers.push(tokio::spawn(caller.play()));
        timers.push(timer);
    }
    let moves = (load.time.as_secs_f64() * f64::from(load.per_second)) as u32;
    let timer_thread = thread::spawn(move || run_timers(&mut timers, start, gap, moves));
    let mut times = Vec::new();
    for caller in callers {
        times.extend(caller.await??);
    }
    timer_thread
        .join()
        .map_err(|_| "the timer thread panicked")??;
    Ok(times)
}

struct Caller {
    games: Games,
    tables: Vec<Table>,
    ticks: TcpStream,
    due: Instant,
    every: Duration,
}

impl Caller {
    /// Plays a move for each tick, until the timer socket is closed.
    async fn play(mut self) -> Outcome<Vec<f64>> {
        let mut times = Vec::new();
        while self.ticks.read(&mut [0]).await? > 0 {
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

/// Signals the callers in turn, then closes their sockets.
fn run_timers(
    timers: &mut Vec<TimerSocket>,
    start: Instant,
    gap: Duration,
    moves: u32,
) -> io::Result<()> {
    // Without this the kernel may wake the thread 50 µs late, to save power.
    set_current_timer_slack(NonZeroU64::new(1))?;
    let mut due = start;
    for number in 0..moves as usize {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let next = number % timers.len();
        timers[next].write_all(&[1])?;
        due += gap;
    }
    timers.clear();
    Ok(())
}

async fn timer() -> io::Result<(TimerSocket, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let timer = TimerSocket::connect(listener.local_addr()?)?;
    timer.set_nodelay(true)?;
    let (ticks, _) = listener.accept().await?;
    Ok((timer, ticks))
}
