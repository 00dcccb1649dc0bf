//! The weather: a journal in memory that is slow, silent or gone, by a seed.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fastrand::Rng;
use islands_core::GameId;
use tokio::time::{Instant, sleep};

use crate::journal::{
    Answer, AppendError, Batch, Forgotten, Journal, LoadError, MemoryJournal, Retention,
};

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
pub(super) struct Sky(Arc<Inner>);

struct Inner {
    kept: MemoryJournal,
    state: Mutex<State>,
    is_fine: AtomicBool,
    /// Appends that are on their way.
    under_way: AtomicUsize,
}

struct State {
    rng: Rng,
    down_until: Instant,
    stalled_until: Instant,
    /// Games that are left in peace.
    sheltered: HashSet<GameId>,
    /// What befalls each load of these games.
    cursed: HashMap<GameId, Weather>,
    happened: HashMap<Weather, u64>,
}

impl Sky {
    pub(super) fn new(seed: u64) -> Sky {
        let now = Instant::now();
        Sky(Arc::new(Inner {
            kept: MemoryJournal::new(),
            state: Mutex::new(State {
                rng: Rng::with_seed(seed),
                down_until: now,
                stalled_until: now,
                sheltered: HashSet::new(),
                cursed: HashMap::new(),
                happened: HashMap::new(),
            }),
            is_fine: AtomicBool::new(false),
            under_way: AtomicUsize::new(0),
        }))
    }

    /// Leaves this game in peace from now on.
    pub(super) fn shelter(&self, game: GameId) {
        self.state().sheltered.insert(game);
    }

    /// Lets this befall each load of this game from now on.
    pub(super) fn curse(&self, game: GameId, weather: Weather) {
        self.state().cursed.insert(game, weather);
    }

    /// Leaves all games in peace, and waits until nothing is on its way.
    pub(super) async fn clear_up(&self) {
        self.0.is_fine.store(true, Ordering::SeqCst);
        while self.0.under_way.load(Ordering::SeqCst) > 0 {
            sleep(Duration::from_secs(1)).await;
        }
    }

    /// What has happened, and how often.
    pub(super) fn happened(&self) -> HashMap<Weather, u64> {
        self.state().happened.clone()
    }

    /// What is kept of a game.
    pub(super) async fn log(&self, game: GameId) -> Vec<Batch> {
        self.0.kept.load(game, 0).await.unwrap()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    fn is_fine(&self) -> bool {
        self.0.is_fine.load(Ordering::SeqCst)
    }

    /// What befalls an append or a load of this game, and how long it takes.
    fn draw(&self, game: GameId, of: &[(Weather, usize)]) -> Option<(Weather, Duration)> {
        let mut state = self.state();
        if self.is_fine() || state.sheltered.contains(&game) {
            return None;
        }
        let pause = Duration::from_millis(state.rng.u64(1..2_000));
        let mut drawn = state.rng.usize(..1_000);
        for (befalls, share) in of {
            if drawn < *share {
                *state.happened.entry(*befalls).or_default() += 1;
                return Some((*befalls, pause));
            }
            drawn -= share;
        }
        None
    }

    /// What befalls an append: by itself, or because of what has befallen another.
    fn draw_append(&self, game: GameId) -> Option<(Weather, Duration)> {
        let drawn = self.draw(game, &Weather::APPENDS);
        let mut state = self.state();
        let now = Instant::now();
        match drawn {
            Some((Weather::Down, pause)) => state.down_until = now + 2 * pause,
            Some((Weather::Stalled, pause)) => state.stalled_until = now + 5 * pause,
            _ => {}
        }
        if self.is_fine() || state.sheltered.contains(&game) {
            None
        } else if now < state.down_until {
            Some((Weather::Unavailable, Duration::ZERO))
        } else if now < state.stalled_until {
            Some((Weather::Slow, state.stalled_until - now))
        } else {
            drawn
        }
    }

    /// Adds a batch after a pause, whether or not anyone waits for it.
    async fn add_after(
        &self,
        pause: Duration,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> Result<(), AppendError> {
        let sky = self.clone();
        sky.0.under_way.fetch_add(1, Ordering::SeqCst);
        let adding = tokio::spawn(async move {
            sleep(pause).await;
            let added = sky.0.kept.append(game, expected, batch).await;
            sky.0.under_way.fetch_sub(1, Ordering::SeqCst);
            added
        });
        adding.await.unwrap()
    }
}

impl Journal for Sky {
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> Answer<'_, Result<(), AppendError>> {
        let befalls = self.draw_append(game);
        Box::pin(async move {
            match befalls {
                Some((Weather::Slow, pause)) => {
                    self.add_after(pause, game, expected, batch).await?;
                    sleep(pause / 2).await;
                    return Ok(());
                }
                Some((Weather::VerySlow, pause)) => {
                    return self.add_after(pause * 5, game, expected, batch).await;
                }
                Some((Weather::Unavailable, _)) => {
                    return Err(AppendError::Unavailable("injected".into()));
                }
                Some((Weather::UnknownLost, _)) => {
                    return Err(AppendError::Unknown("injected".into()));
                }
                _ => {}
            }
            self.0.kept.append(game, expected, batch).await?;
            match befalls {
                Some((Weather::UnknownStored, _)) => Err(AppendError::Unknown("injected".into())),
                _ => Ok(()),
            }
        })
    }

    fn load(&self, game: GameId, after: u64) -> Answer<'_, Result<Vec<Batch>, LoadError>> {
        let cursed = self.state().cursed.get(&game).copied();
        let cursed = cursed.map(|weather| (weather, Duration::from_secs(1)));
        let befalls = cursed.or_else(|| self.draw(game, &Weather::LOADS));
        Box::pin(async move {
            match befalls {
                Some((Weather::SlowLoad, pause)) => sleep(pause).await,
                Some((Weather::PanickingLoad, _)) => panic!("injected into a load"),
                Some((Weather::UnavailableLoad, _)) => {
                    return Err(LoadError::Unavailable("injected".into()));
                }
                Some((Weather::DamagedLoad, _)) => {
                    return Err(LoadError::Damaged("injected".into()));
                }
                _ => {}
            }
            self.0.kept.load(game, after).await
        })
    }

    fn forget(&self, retention: Retention) -> Answer<'_, Result<Forgotten, LoadError>> {
        self.0.kept.forget(retention)
    }

    fn is_writable(&self) -> bool {
        self.is_fine() || Instant::now() >= self.state().down_until
    }
}
