//! A journal in memory that fails as it is told to.

use std::future::ready;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use islands_core::GameId;
use islands_engine::journal::{
    Answer, AppendError, Batch, Forgotten, Journal, LoadError, MemoryJournal, Retention,
};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::client::soon;

/// What happens to one append.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The caller crashes, and nothing is kept.
    PanicBefore,
    /// The caller crashes, and the batch is kept.
    PanicAfter,
    /// Nobody knows; nothing is kept.
    UnknownBefore,
    /// Nobody knows; the batch is kept.
    UnknownAfter,
    /// It takes until [`Staged::go_on`].
    Wait,
    /// The journal takes nothing.
    Refuse,
}

/// Which fault the append to a game meets that expects this number.
type Script = dyn FnMut(GameId, u64) -> Option<Fault> + Send;

/// Past it an append that waits shows that nothing can be written.
const STALLED_AFTER: Duration = Duration::from_secs(2);

pub(crate) struct Staged {
    inner: MemoryJournal,
    script: Mutex<Box<Script>>,
    writable: AtomicBool,
    damage: Mutex<Option<String>>,
    /// Since when an append has waited.
    stalled: Mutex<Option<Instant>>,
    arrived: Semaphore,
    gate: Semaphore,
}

impl Staged {
    pub(crate) fn new() -> Arc<Staged> {
        Arc::new(Staged {
            inner: MemoryJournal::new(),
            script: Mutex::new(Box::new(|_, _| None)),
            writable: AtomicBool::new(true),
            damage: Mutex::default(),
            stalled: Mutex::default(),
            arrived: Semaphore::new(0),
            gate: Semaphore::new(0),
        })
    }

    /// From now on this happens.
    pub(crate) fn play(&self, script: impl FnMut(GameId, u64) -> Option<Fault> + Send + 'static) {
        *self.script.lock().unwrap() = Box::new(script);
    }

    pub(crate) fn set_writable(&self, writable: bool) {
        self.writable.store(writable, Ordering::Relaxed);
    }

    /// From now on no log can be read, for this reason.
    pub(crate) fn damage(&self, reason: &str) {
        *self.damage.lock().unwrap() = Some(reason.into());
    }

    /// An append has come to [`Fault::Wait`].
    pub(crate) async fn waits(&self) {
        soon(self.arrived.acquire()).await.unwrap().forget();
    }

    /// Lets one append go on that waits or will.
    pub(crate) fn go_on(&self) {
        self.gate.add_permits(1);
    }

    async fn add(&self, game: GameId, expected: u64, batch: Batch) -> Result<(), AppendError> {
        let fault = (self.script.lock().unwrap())(game, expected);
        let unknown = || Err(AppendError::Unknown("staged".into()));
        match fault {
            None => {}
            Some(Fault::PanicBefore) => panic(),
            Some(Fault::UnknownBefore) => return unknown(),
            Some(Fault::Refuse) => return Err(AppendError::Unavailable("staged".into())),
            Some(Fault::Wait) => {
                *self.stalled.lock().unwrap() = Some(Instant::now());
                self.arrived.add_permits(1);
                self.gate.acquire().await.unwrap().forget();
                *self.stalled.lock().unwrap() = None;
            }
            Some(Fault::PanicAfter) => {
                self.inner.append(game, expected, batch).await?;
                panic();
            }
            Some(Fault::UnknownAfter) => {
                self.inner.append(game, expected, batch).await?;
                return unknown();
            }
        }
        self.inner.append(game, expected, batch).await
    }
}

/// Panics without a report: a backtrace would take longer than all the rest.
fn panic() -> ! {
    std::panic::resume_unwind(Box::new("staged"))
}

impl Journal for Staged {
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> Answer<'_, Result<(), AppendError>> {
        Box::pin(self.add(game, expected, batch))
    }

    fn load(&self, game: GameId, after: u64) -> Answer<'_, Result<Vec<Batch>, LoadError>> {
        match &*self.damage.lock().unwrap() {
            None => self.inner.load(game, after),
            Some(reason) => Box::pin(ready(Err(LoadError::Damaged(reason.clone())))),
        }
    }

    fn forget(&self, retention: Retention) -> Answer<'_, Result<Forgotten, LoadError>> {
        self.inner.forget(retention)
    }

    fn is_writable(&self) -> bool {
        let since = *self.stalled.lock().unwrap();
        let stalled = since.is_some_and(|since| since.elapsed() >= STALLED_AFTER);
        self.writable.load(Ordering::Relaxed) && !stalled
    }
}
