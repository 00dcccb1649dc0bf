//! Random faults, drawn from a seed: a memory journal that is slow, unavailable or
//! damaged.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fastrand::Rng;
use islands_core::GameId;
use islands_engine::journal::{
    AppendError, Batch, BoxFuture, Forgotten, Journal, LoadError, Retention,
};
use islands_engine::testing::{AppendFault, FaultyJournal, LoadFault};
use tokio::time::Instant;

/// The kinds of faults of an append or a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum FaultKind {
    /// The append is slow, and is stored even if its caller is gone, as by a thread
    /// that writes a file.
    Slow,
    /// The append is slow, and may take longer than any caller waits.
    VerySlow,
    Unavailable,
    UnknownStored,
    UnknownLost,
    /// For a while all appends fail, and the journal says that it is unavailable.
    Down,
    /// For a while all appends wait, and the journal does not say so.
    Stalled,
    SlowLoad,
    UnavailableLoad,
    PanickingLoad,
    DamagedLoad,
}

impl FaultKind {
    /// The faults of appends, each with its frequency in 1,000 appends.
    const APPENDS: [(FaultKind, usize); 7] = [
        (FaultKind::Slow, 40),
        (FaultKind::VerySlow, 4),
        (FaultKind::Unavailable, 10),
        (FaultKind::UnknownStored, 10),
        (FaultKind::UnknownLost, 10),
        (FaultKind::Down, 2),
        (FaultKind::Stalled, 2),
    ];
    /// The faults of loads, each with its frequency in 1,000 loads.
    const LOADS: [(FaultKind, usize); 4] = [
        (FaultKind::SlowLoad, 60),
        (FaultKind::UnavailableLoad, 30),
        (FaultKind::PanickingLoad, 30),
        (FaultKind::DamagedLoad, 10),
    ];

    pub(super) fn all() -> impl Iterator<Item = FaultKind> {
        let all = FaultKind::APPENDS.into_iter().chain(FaultKind::LOADS);
        all.map(|(kind, _)| kind)
    }
}

/// A journal with random faults; clones share it.
#[derive(Clone)]
pub(super) struct RandomFaults {
    journal: FaultyJournal,
    state: Arc<Mutex<State>>,
}

struct State {
    rng: Rng,
    stopped: bool,
    down_until: Instant,
    stalled_until: Instant,
    /// Games without faults.
    without_faults: HashSet<GameId>,
    /// Games whose every load is damaged.
    damaged: HashSet<GameId>,
    injected_counts: HashMap<FaultKind, u64>,
}

impl RandomFaults {
    pub(super) fn new(seed: u64) -> RandomFaults {
        let now = Instant::now();
        let state = Arc::new(Mutex::new(State {
            rng: Rng::with_seed(seed),
            stopped: false,
            down_until: now,
            stalled_until: now,
            without_faults: HashSet::new(),
            damaged: HashSet::new(),
            injected_counts: HashMap::new(),
        }));
        let journal = FaultyJournal::default();
        let appends = Arc::clone(&state);
        journal.on_append(move |append| appends.lock().unwrap().append_fault(append.game));
        let loads = Arc::clone(&state);
        journal.on_load(move |game| loads.lock().unwrap().load_fault(game));
        RandomFaults { journal, state }
    }

    /// Injects no more faults into this game.
    pub(super) fn stop_faults_in(&self, game: GameId) {
        self.state().without_faults.insert(game);
    }

    /// Damages every load of this game from now on.
    pub(super) fn damage(&self, game: GameId) {
        self.state().damaged.insert(game);
    }

    /// Injects no more faults, and waits until every slow append is stored.
    pub(super) async fn stop(&self) {
        self.state().stopped = true;
        self.journal.wait_for_slow_appends().await;
    }

    /// Returns how often each kind of fault was injected.
    pub(super) fn injected_counts(&self) -> HashMap<FaultKind, u64> {
        self.state().injected_counts.clone()
    }

    /// Returns the stored log of a game.
    pub(super) async fn log(&self, game: GameId) -> Vec<Batch> {
        self.journal.wrapped().load(game, 0).await.unwrap()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    fn is_left_in_peace(&self, game: GameId) -> bool {
        self.stopped || self.without_faults.contains(&game)
    }

    /// Draws a fault for this game from `of`, with its duration.
    fn draw(&mut self, game: GameId, of: &[(FaultKind, usize)]) -> Option<(FaultKind, Duration)> {
        if self.is_left_in_peace(game) {
            return None;
        }
        let pause = Duration::from_millis(self.rng.u64(1..2_000));
        let mut drawn = self.rng.usize(..1_000);
        for (kind, share) in of {
            if drawn < *share {
                *self.injected_counts.entry(*kind).or_default() += 1;
                return Some((*kind, pause));
            }
            drawn -= share;
        }
        None
    }

    /// Returns the fault of an append: its own, or that of a journal that an earlier
    /// append has made unavailable or stalled.
    fn append_fault(&mut self, game: GameId) -> Option<AppendFault> {
        let drawn = self.draw(game, &FaultKind::APPENDS);
        let now = Instant::now();
        match drawn {
            Some((FaultKind::Down, pause)) => self.down_until = now + 2 * pause,
            Some((FaultKind::Stalled, pause)) => self.stalled_until = now + 5 * pause,
            _ => {}
        }
        if self.is_left_in_peace(game) {
            return None;
        } else if now < self.down_until {
            return Some(AppendFault::Unavailable);
        } else if now < self.stalled_until {
            return Some(slow(self.stalled_until - now));
        }
        match drawn? {
            (FaultKind::Slow, pause) => Some(slow(pause)),
            (FaultKind::VerySlow, pause) => Some(AppendFault::Slow {
                stored_after: pause * 5,
                answered_after: Duration::ZERO,
            }),
            (FaultKind::Unavailable, _) => Some(AppendFault::Unavailable),
            (FaultKind::UnknownLost, _) => Some(AppendFault::UnknownLost),
            (FaultKind::UnknownStored, _) => Some(AppendFault::UnknownStored),
            _ => None,
        }
    }

    fn load_fault(&mut self, game: GameId) -> Option<LoadFault> {
        if self.damaged.contains(&game) {
            return Some(LoadFault::Damaged("injected".into()));
        }
        match self.draw(game, &FaultKind::LOADS)? {
            (FaultKind::SlowLoad, pause) => Some(LoadFault::Slow(pause)),
            (FaultKind::PanickingLoad, _) => Some(LoadFault::Panic),
            (FaultKind::UnavailableLoad, _) => Some(LoadFault::Unavailable),
            (FaultKind::DamagedLoad, _) => Some(LoadFault::Damaged("injected".into())),
            _ => None,
        }
    }
}

fn slow(stored_after: Duration) -> AppendFault {
    AppendFault::Slow {
        stored_after,
        answered_after: stored_after / 2,
    }
}

/// Reports that it is not writable while it is [`Down`](FaultKind::Down).
impl Journal for RandomFaults {
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        self.journal.append(game, expected, batch)
    }

    fn load(&self, game: GameId, after: u64) -> BoxFuture<'_, Result<Vec<Batch>, LoadError>> {
        self.journal.load(game, after)
    }

    fn forget(&self, retention: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>> {
        self.journal.forget(retention)
    }

    fn is_writable(&self) -> bool {
        let state = self.state();
        state.stopped || Instant::now() >= state.down_until
    }
}
