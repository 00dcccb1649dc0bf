//! The weather: a journal in memory that is slow, silent or gone, by a seed.

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

/// What can befall an append or a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Weather {
    /// It takes its time, and is carried out even if nobody waits any more: so
    /// does a file that is written by a thread of its own.
    Slow,
    /// It takes longer than any caller waits.
    VerySlow,
    Unavailable,
    UnknownStored,
    UnknownLost,
    /// From now on nothing can be written for a while, and that is known.
    Down,
    /// From now on nothing is written for a while, and nobody knows.
    Stalled,
    SlowLoad,
    UnavailableLoad,
    PanickingLoad,
    DamagedLoad,
}

impl Weather {
    /// All of it, and how often: in so many of 1,000 appends or loads.
    const APPENDS: [(Weather, usize); 7] = [
        (Weather::Slow, 40),
        (Weather::VerySlow, 4),
        (Weather::Unavailable, 10),
        (Weather::UnknownStored, 10),
        (Weather::UnknownLost, 10),
        (Weather::Down, 2),
        (Weather::Stalled, 2),
    ];
    const LOADS: [(Weather, usize); 4] = [
        (Weather::SlowLoad, 60),
        (Weather::UnavailableLoad, 30),
        (Weather::PanickingLoad, 30),
        (Weather::DamagedLoad, 10),
    ];

    pub(super) fn all() -> impl Iterator<Item = Weather> {
        let all = Weather::APPENDS.into_iter().chain(Weather::LOADS);
        all.map(|(weather, _)| weather)
    }
}

/// The journal. Clones are the same one.
#[derive(Clone)]
pub(super) struct Sky {
    journal: FaultyJournal,
    state: Arc<Mutex<State>>,
}

struct State {
    rng: Rng,
    is_fine: bool,
    down_until: Instant,
    stalled_until: Instant,
    /// Games that are left in peace.
    sheltered: HashSet<GameId>,
    /// Games of which each load is damaged.
    cursed: HashSet<GameId>,
    happened: HashMap<Weather, u64>,
}

impl Sky {
    pub(super) fn new(seed: u64) -> Sky {
        let now = Instant::now();
        let state = Arc::new(Mutex::new(State {
            rng: Rng::with_seed(seed),
            is_fine: false,
            down_until: now,
            stalled_until: now,
            sheltered: HashSet::new(),
            cursed: HashSet::new(),
            happened: HashMap::new(),
        }));
        let journal = FaultyJournal::default();
        let appends = Arc::clone(&state);
        journal.on_append(move |append| appends.lock().unwrap().append_fault(append.game));
        let loads = Arc::clone(&state);
        journal.on_load(move |game| loads.lock().unwrap().load_fault(game));
        Sky { journal, state }
    }

    /// Leaves this game in peace from now on.
    pub(super) fn shelter(&self, game: GameId) {
        self.state().sheltered.insert(game);
    }

    /// Damages each load of this game from now on.
    pub(super) fn curse(&self, game: GameId) {
        self.state().cursed.insert(game);
    }

    /// Leaves all games in peace, and waits until nothing is on its way.
    pub(super) async fn clear_up(&self) {
        self.state().is_fine = true;
        self.journal.settled().await;
    }

    /// What has happened, and how often.
    pub(super) fn happened(&self) -> HashMap<Weather, u64> {
        self.state().happened.clone()
    }

    /// What is kept of a game.
    pub(super) async fn log(&self, game: GameId) -> Vec<Batch> {
        self.journal.kept().load(game, 0).await.unwrap()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    fn is_left_in_peace(&self, game: GameId) -> bool {
        self.is_fine || self.sheltered.contains(&game)
    }

    /// What befalls an append or a load of this game, and how long it takes.
    fn draw(&mut self, game: GameId, of: &[(Weather, usize)]) -> Option<(Weather, Duration)> {
        if self.is_left_in_peace(game) {
            return None;
        }
        let pause = Duration::from_millis(self.rng.u64(1..2_000));
        let mut drawn = self.rng.usize(..1_000);
        for (befalls, share) in of {
            if drawn < *share {
                *self.happened.entry(*befalls).or_default() += 1;
                return Some((*befalls, pause));
            }
            drawn -= share;
        }
        None
    }

    /// What befalls an append: by itself, or because of what has befallen another.
    fn append_fault(&mut self, game: GameId) -> Option<AppendFault> {
        let drawn = self.draw(game, &Weather::APPENDS);
        let now = Instant::now();
        match drawn {
            Some((Weather::Down, pause)) => self.down_until = now + 2 * pause,
            Some((Weather::Stalled, pause)) => self.stalled_until = now + 5 * pause,
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
            (Weather::Slow, pause) => Some(slow(pause)),
            (Weather::VerySlow, pause) => Some(AppendFault::Slow {
                stored_after: pause * 5,
                answered_after: Duration::ZERO,
            }),
            (Weather::Unavailable, _) => Some(AppendFault::Unavailable),
            (Weather::UnknownLost, _) => Some(AppendFault::UnknownLost),
            (Weather::UnknownStored, _) => Some(AppendFault::UnknownStored),
            _ => None,
        }
    }

    fn load_fault(&mut self, game: GameId) -> Option<LoadFault> {
        if self.cursed.contains(&game) {
            return Some(LoadFault::Damaged("injected".into()));
        }
        match self.draw(game, &Weather::LOADS)? {
            (Weather::SlowLoad, pause) => Some(LoadFault::Slow(pause)),
            (Weather::PanickingLoad, _) => Some(LoadFault::Panic),
            (Weather::UnavailableLoad, _) => Some(LoadFault::Unavailable),
            (Weather::DamagedLoad, _) => Some(LoadFault::Damaged("injected".into())),
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

/// As the journal of the faults, which says so when it is down.
impl Journal for Sky {
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
        state.is_fine || Instant::now() >= state.down_until
    }
}
