//! What an operator wants to know of the games, in numbers.

use std::sync::atomic::Ordering;
use std::time::Duration;

use islands_core::StateName;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::call_error::CallError;

/// The counts and distributions of all games together. Whoever has something to
/// count adds it here; reading them asks no process.
pub(crate) struct Metrics {
    games: Family<InState, Gauge>,
    /// The same by the number of the state: a move changes it every time.
    by_state: [Gauge; STATES.len()],
    commands: Family<Outcome, Counter>,
    /// The one of `commands` that a server is for: found without a look-up.
    accepted: Counter,
    append: Histogram,
    recovery: Histogram,
    restarts: Counter,
    busy: Counter,
    high_water: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: String,
}

/// All states, in the order of their numbers.
const STATES: [StateName; 5] = [
    StateName::Initialized,
    StateName::PlayersSet,
    StateName::Player1Turn,
    StateName::Player2Turn,
    StateName::GameOver,
];

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let games = Family::<InState, Gauge>::default();
        let by_state = STATES.map(|state| {
            let state = state.to_string();
            games.get_or_create_owned(&InState { state })
        });
        let commands = Family::<Outcome, Counter>::default();
        let accepted = commands.get_or_create_owned(&Outcome {
            outcome: "accepted",
        });
        // From a microsecond, in memory, to four seconds: nobody waits longer.
        let times = || Histogram::new(exponential_buckets(1e-6, 4.0, 12));
        Metrics {
            games,
            by_state,
            commands,
            accepted,
            append: times(),
            recovery: times(),
            restarts: Counter::default(),
            busy: Counter::default(),
            high_water: Gauge::default(),
        }
    }

    /// Names them in a registry, which reads them when it is asked.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "islands_games",
            "Games in memory, by the state that they are in",
            self.games.clone(),
        );
        registry.register(
            "islands_commands",
            "Commands of players, by what became of them: accepted, or why not",
            self.commands.clone(),
        );
        registry.register_with_unit(
            "islands_append",
            "How long the journal took to answer an append",
            Unit::Seconds,
            self.append.clone(),
        );
        registry.register_with_unit(
            "islands_recovery",
            "How long a game that started took to load its log and fold it",
            Unit::Seconds,
            self.recovery.clone(),
        );
        registry.register(
            "islands_restarts",
            "Games that were started again after a crash",
            self.restarts.clone(),
        );
        registry.register(
            "islands_busy",
            "Calls that were turned away since too many waited for the same game",
            self.busy.clone(),
        );
        registry.register(
            "islands_mailbox_high_water",
            "The most callers that have waited for one game at the same time",
            self.high_water.clone(),
        );
    }

    /// A command of a player was answered.
    pub(crate) fn answered<T>(&self, answer: &Result<T, CallError>) {
        match answer {
            Ok(_) => drop(self.accepted.inc()),
            Err(refusal) => {
                let outcome = refusal.reason();
                self.commands.get_or_create(&Outcome { outcome }).inc();
            }
        }
    }

    pub(crate) fn appended(&self, took: Duration) {
        self.append.observe(took.as_secs_f64());
    }

    pub(crate) fn recovered(&self, took: Duration) {
        self.recovery.observe(took.as_secs_f64());
    }

    pub(crate) fn restarted(&self) {
        self.restarts.inc();
    }

    pub(crate) fn busy(&self) {
        self.busy.inc();
    }

    /// So many callers wait for one game.
    pub(crate) fn waiting(&self, callers: usize) {
        let callers = i64::try_from(callers).unwrap_or(i64::MAX);
        if self.high_water.get() < callers {
            self.high_water
                .inner()
                .fetch_max(callers, Ordering::Relaxed);
        }
    }

    /// Counts a game that is in memory, in this state, as long as it is.
    pub(crate) fn present(&self, state: StateName) -> GaugeGuard {
        let gauge = &self.by_state[state as usize];
        gauge.inc();
        GaugeGuard(gauge.clone())
    }
}

/// A game in one of the states. It is no longer counted when this is dropped,
/// however its process ends.
pub(crate) struct GaugeGuard(Gauge);

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}
