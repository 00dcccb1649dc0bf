//! What is left in memory of games that are over and gone: 100,000 are opened,
//! played to their end and forgotten, and then as many again. The second time may
//! add next to nothing.

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

use play::figures::{resident_bytes, tell};
use play::{BoxError, Outcome};

/// Who plays, and how many games one after the other: 100,000 in all.
const CALLERS: usize = 100;
const GAMES_EACH: usize = 1_000;
/// How soon a game that is over leaves memory.
const IDLE_AFTER: Duration = Duration::from_millis(200);
/// How many games may be in memory at once. The allocator keeps what the most
/// crowded moment has needed, so both times have to be equally crowded.
const LIVE: usize = 2_000;
/// How long a call may take: it is not time that is measured.
const PATIENCE: Duration = Duration::from_secs(60);
/// Percent of the resident size that the second cycle may add.
const AIM: f64 = 2.0;

fn main() -> Outcome {
    let count = CALLERS * GAMES_EACH;
    eprintln!("two times {count} games, {CALLERS} at a time");
    let moves: &'static [(Player, Command)] = shortest().leak();
    play::runtime()?.block_on(async {
        let settings = Settings {
            idle_after: IDLE_AFTER,
            deadline: PATIENCE,
            ..Settings::default()
        };
        let games = Games::start(settings, Arc::new(Forgetful::default())).await?;
        let first = cycle(&games, moves).await?;
        let second = cycle(&games, moves).await?;
        eprintln!("{first} bytes resident after the first, {second} after the second");
        let added = (second as f64 / first as f64 - 1.0) * 100.0;
        let name = "memory growth from a second 100,000 games";
        tell(name, "percent", added, AIM);
        games.shut_down().await;
        Ok(())
    })
}

/// The resident size when all games have come and gone.
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

/// The shortest game: player 1 knows where the islands are.
fn shortest() -> Vec<(Player, Command)> {
    let mut moves = play::arrangements(0);
    let land = play::board(0, Player::Two).land();
    let hits = Coordinate::all().filter(|cell| land.contains(*cell));
    for (hit, other) in hits.zip(Coordinate::all()) {
        moves.push((Player::One, play::guess(hit)));
        moves.push((Player::Two, play::guess(other)));
    }
    // It was won before the last one.
    moves.pop();
    moves
}

/// A journal that forgets a game as soon as it is won.
#[derive(Default)]
struct Forgetful(Mutex<HashMap<GameId, Vec<Batch>>>);

impl Forgetful {
    fn games(&self) -> MutexGuard<'_, HashMap<GameId, Vec<Batch>>> {
        self.0.lock()
    }
}

impl Journal for Forgetful {
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
