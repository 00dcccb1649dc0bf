//! Measures the memory that finished games leave behind: 100,000 games are opened,
//! played to their end and forgotten, and then as many again. The second cycle may add
//! next to nothing.

mod play;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use islands_core::{Command, Coordinate, Event, GameId, Player};
use islands_engine::journal::{
    AppendError, Batch, BoxFuture, Forgotten, Journal, LoadError, Retention,
};
use islands_engine::{Games, Settings};
use parking_lot::{Mutex, MutexGuard};
use tokio::time::sleep;

use play::figures::{print_figure, resident_bytes};
use play::{BoxError, Outcome};

/// The callers, and the games that each plays one after the other: 100,000 in all.
const CALLERS: usize = 100;
const GAMES_EACH: usize = 1_000;
/// Time after which a finished game leaves memory.
const IDLE_AFTER: Duration = Duration::from_millis(200);
/// Maximum games in memory. The allocator keeps the memory of the peak, so both cycles
/// need the same peak.
const LIVE: usize = 2_000;
/// The deadline of a call, long because this bench does not measure time.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// Percent of the resident size that the second cycle may add.
const TARGET: f64 = 2.0;

fn main() -> Outcome {
    let count = CALLERS * GAMES_EACH;
    eprintln!("two times {count} games, {CALLERS} at a time");
    let moves: &'static [(Player, Command)] = shortest().leak();
    play::runtime()?.block_on(async {
        let settings = Settings {
            idle_after: IDLE_AFTER,
            call_timeout: CALL_TIMEOUT,
            ..Settings::default()
        };
        let games = Games::start(settings, Arc::new(ForgetfulJournal::default())).await?;
        let first = cycle(&games, moves).await?;
        let second = cycle(&games, moves).await?;
        eprintln!("{first} bytes resident after the first, {second} after the second");
        let added = (second as f64 / first as f64 - 1.0) * 100.0;
        let name = "memory growth from a second 100,000 games";
        print_figure(name, "percent", added, TARGET);
        games.shut_down().await;
        Ok(())
    })
}

/// Plays all games, and returns the resident bytes after the last one has left memory.
async fn cycle(games: &Games, moves: &'static [(Player, Command)]) -> Outcome<u64> {
    let caller = |_| {
        let games = games.clone();
        tokio::spawn(async move {
            for _ in 0..GAMES_EACH {
                while games.running() > LIVE {
                    sleep(IDLE_AFTER / 10).await;
                }
                let game = play::open_table(&games).await?;
                for (by, command) in moves.iter().cloned() {
                    games.command(game, by, command, None).await?;
                }
            }
            Ok::<(), BoxError>(())
        })
    };
    for caller in (0..CALLERS).map(caller).collect::<Vec<_>>() {
        caller.await??;
    }
    while games.running() > 0 {
        sleep(IDLE_AFTER / 10).await;
    }
    resident_bytes()
}

/// Returns the shortest game: player 1 knows where the islands are.
fn shortest() -> Vec<(Player, Command)> {
    let mut moves = play::arrangements(0);
    let land = play::board(0, Player::Two).land();
    let hits = Coordinate::all().filter(|cell| land.contains(*cell));
    for (hit, other) in hits.zip(Coordinate::all()) {
        moves.push((Player::One, play::guess(hit)));
        moves.push((Player::Two, play::guess(other)));
    }
    // Player 1 has won before the last guess.
    moves.pop();
    moves
}

/// A journal that forgets a game as soon as it is won.
#[derive(Default)]
struct ForgetfulJournal(Mutex<HashMap<GameId, Vec<Batch>>>);

impl ForgetfulJournal {
    fn games(&self) -> MutexGuard<'_, HashMap<GameId, Vec<Batch>>> {
        self.0.lock()
    }
}

impl Journal for ForgetfulJournal {
    fn append(&self, game: GameId, _: u64, batch: Batch) -> BoxFuture<'_, Result<(), AppendError>> {
        let mut games = self.games();
        if let Some(Event::GameWon { .. }) = batch.events.last() {
            games.remove(&game);
        } else {
            games.entry(game).or_default().push(batch);
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn load(&self, game: GameId, _: u64) -> BoxFuture<'_, Result<Vec<Batch>, LoadError>> {
        let log = self.games().get(&game).cloned().unwrap_or_default();
        Box::pin(std::future::ready(Ok(log)))
    }

    fn forget(&self, _: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>> {
        Box::pin(std::future::ready(Ok(Forgotten::default())))
    }

    fn is_writable(&self) -> bool {
        true
    }
}
