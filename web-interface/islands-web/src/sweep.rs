//! Removes old games from the journal, unless the clock may be wrong.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use islands_engine::journal::{Forgotten, Journal, Retention};
use tokio::time::{Instant, sleep};

/// Time between sweeps. The first sweep comes one interval after the start: by then a clock that
/// was unset at boot is usually set.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How much the clock and a monotonic clock may differ after an interval. A clock that is adjusted
/// gradually differs by less.
const TOLERANCE: Duration = Duration::from_secs(60);

/// Forgets games without a move for longer than `period`, once in an interval. `clock` reads the
/// clock of the machine.
pub(crate) async fn sweep(
    journal: Arc<dyn Journal>,
    period: Duration,
    clock: impl Fn() -> SystemTime + Send,
) {
    let mut steady_since = Instant::now();
    loop {
        let (began, before) = (Instant::now(), clock());
        sleep(INTERVAL).await;
        let now = clock();
        if let Some(jump) = jump(before, now, began.elapsed()) {
            let jump = humantime::format_duration(jump);
            tracing::warn!("the clock has jumped by {jump}: no old game is forgotten this time");
            steady_since = Instant::now();
            continue;
        }
        let steady = steady_since.elapsed();
        let retention = Retention {
            period,
            now,
            steady,
        };
        match journal.forget(retention).await {
            Ok(forgotten) => log(forgotten, period),
            Err(error) => tracing::warn!(%error, "could not look for old games"),
        }
    }
}

/// Returns how far the clock's movement differs from the time that has passed; `None` if the
/// difference is tolerable.
fn jump(before: SystemTime, now: SystemTime, passed: Duration) -> Option<Duration> {
    let jump = match now.duration_since(before) {
        Ok(moved) => moved.abs_diff(passed),
        Err(back) => back.duration() + passed,
    };
    (jump > TOLERANCE).then(|| Duration::from_secs(jump.as_secs()))
}

fn log(forgotten: Forgotten, period: Duration) {
    let Some((earliest, latest)) = forgotten.last_batches else {
        return;
    };
    let [earliest, latest] = [earliest, latest].map(humantime::format_rfc3339_seconds);
    tracing::info!(
        games = forgotten.games,
        last_moves = %format_args!("{earliest} to {latest}"),
        "forgot old games: no move for {}, by the clock and by the other games (--keep)",
        humantime::format_duration(period),
    );
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use islands_core::{Event, GameCreated, GameId, Player, PlayerName};
    use islands_engine::journal::{Batch, MemoryJournal};
    use tokio::time::advance;

    use super::*;

    const HOUR: Duration = Duration::from_secs(60 * 60);
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

    /// A server whose clock the test sets.
    struct Machine {
        journal: Arc<MemoryJournal>,
        /// The clock's time at `started`; a jump moves it.
        zero: Arc<Mutex<SystemTime>>,
        started: Instant,
    }

    impl Machine {
        fn start() -> Machine {
            let at_first = SystemTime::UNIX_EPOCH + 20_000 * DAY;
            Machine {
                journal: Arc::default(),
                zero: Arc::new(Mutex::new(at_first)),
                started: Instant::now(),
            }
        }

        fn sweep(&self) -> tokio::task::JoinHandle<()> {
            let (zero, started) = (Arc::clone(&self.zero), self.started);
            let clock = move || *zero.lock().unwrap() + started.elapsed();
            tokio::spawn(sweep(self.journal.clone(), KEPT, clock))
        }

        fn now(&self) -> SystemTime {
            *self.zero.lock().unwrap() + self.started.elapsed()
        }

        fn jump(&self, time: Duration) {
            *self.zero.lock().unwrap() += time;
        }

        /// Opens a game at the clock's time.
        async fn open(&self, number: u8) {
            let name = PlayerName::new("Ada").unwrap();
            let batch = Batch {
                at: self.now(),
                by: Player::One,
                command_id: None,
                config: None,
                events: vec![Event::GameCreated(GameCreated { name })],
            };
            let id = GameId::from_bytes([number; 10]);
            self.journal.append(id, 0, batch).await.unwrap();
        }

        /// Returns the numbers of the games in the journal.
        async fn games(&self) -> Vec<u8> {
            let mut found = Vec::new();
            for number in 0..100 {
                let id = GameId::from_bytes([number; 10]);
                if !self.journal.load(id, 0).await.unwrap().is_empty() {
                    found.push(number);
                }
            }
            found
        }
    }

    /// Advances the time by the hour, so that each sweep runs.
    async fn pass(time: Duration) {
        for _ in 0..time.as_secs() / HOUR.as_secs() {
            advance(HOUR).await;
            // Let the sweeper run and go to sleep again.
            for _ in 0..5 {
                tokio::task::yield_now().await;
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_game_is_deleted_after_the_retention_time_without_a_move() {
        let machine = Machine::start();
        machine.sweep();
        machine.open(1).await;
        pass(20 * DAY).await;
        machine.open(2).await;
        pass(10 * DAY - 2 * HOUR).await;
        assert_eq!(machine.games().await, [1, 2]);
        pass(4 * HOUR).await;
        assert_eq!(machine.games().await, [2]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_ahead_at_a_start_forgets_nothing() {
        let machine = Machine::start();
        for day in 0..20 {
            machine.open(day).await;
            advance(DAY).await;
        }
        machine.jump(40 * DAY);
        let wrong = machine.sweep();
        pass(2 * DAY).await;
        machine.open(50).await;
        pass(DAY).await;
        assert_eq!(machine.games().await.len(), 21);
        wrong.abort();
        *machine.zero.lock().unwrap() -= 40 * DAY;
        machine.sweep();
        pass(DAY).await;
        assert_eq!(machine.games().await.len(), 21);
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_jumps_while_the_server_runs_forgets_nothing() {
        let machine = Machine::start();
        machine.sweep();
        for day in 0..25 {
            machine.open(day).await;
            pass(DAY).await;
        }
        machine.jump(40 * DAY);
        pass(2 * HOUR).await;
        assert_eq!(machine.games().await.len(), 25);
    }

    #[tokio::test(start_paused = true)]
    async fn a_game_that_was_opened_before_the_clock_was_set_stays() {
        let machine = Machine::start();
        *machine.zero.lock().unwrap() = SystemTime::UNIX_EPOCH;
        machine.sweep();
        machine.open(1).await;
        pass(2 * HOUR).await;
        machine.jump(20_000 * DAY);
        machine.open(2).await;
        pass(DAY).await;
        assert_eq!(machine.games().await, [1, 2]);
        pass(25 * DAY).await;
        assert_eq!(machine.games().await, [1, 2]);
        pass(6 * DAY).await;
        assert_eq!(machine.games().await, [0_u8; 0]);
    }

    #[test]
    fn a_jump_is_more_than_a_minute_in_either_direction() {
        let before = SystemTime::UNIX_EPOCH + DAY;
        for (now, jumped) in [
            (before + HOUR, None),
            (before + HOUR + TOLERANCE, None),
            (before + HOUR - TOLERANCE, None),
            (before + 2 * HOUR, Some(HOUR)),
            (before, Some(HOUR)),
            (before - HOUR, Some(2 * HOUR)),
            (before + 40 * DAY + HOUR, Some(40 * DAY)),
        ] {
            assert_eq!(jump(before, now, HOUR), jumped);
        }
    }
}
