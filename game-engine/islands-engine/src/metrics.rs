//! The metrics of the games, for operators.

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

/// Counters, gauges and histograms of all games together. Each process updates them in
/// place, so reading them sends no message.
pub(crate) struct Metrics {
    games: Family<StateLabel, Gauge>,
    /// The gauges of `games` by state, cached: every turn changes the state.
    by_state: [Gauge; STATES.len()],
    commands: Family<OutcomeLabel, Counter>,
    /// The counter of `commands` for `outcome=accepted`, cached.
    accepted: Counter,
    append: Histogram,
    recovery: Histogram,
    restarts: Counter,
    busy: Counter,
    high_water: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabel {
    state: String,
}

/// All states, in the order of their discriminants.
const STATES: [StateName; 5] = [
    StateName::Initialized,
    StateName::PlayersSet,
    StateName::Player1Turn,
    StateName::Player2Turn,
    StateName::GameOver,
];

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let games = Family::<StateLabel, Gauge>::default();
        let by_state = STATES.map(|state| {
            let state = state.to_string();
            games.get_or_create_owned(&StateLabel { state })
        });
        let commands = Family::<OutcomeLabel, Counter>::default();
        let accepted = commands.get_or_create_owned(&OutcomeLabel {
            outcome: "accepted",
        });
        // Twelve buckets from 1 µs, for a journal in memory, to 4 s, near the deadline.
        let seconds_histogram = || Histogram::new(exponential_buckets(1e-6, 4.0, 12));
        Metrics {
            games,
            by_state,
            commands,
            accepted,
            append: seconds_histogram(),
            recovery: seconds_histogram(),
            restarts: Counter::default(),
            busy: Counter::default(),
            high_water: Gauge::default(),
        }
    }

    /// Registers the metrics under their names.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "islands_games",
            "Games in memory, by the state that they are in",
            self.games.clone(),
        );
        registry.register(
            "islands_commands",
            "Commands of players by outcome: accepted, or the reason of the refusal",
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

    /// Counts the answer to a player's command.
    pub(crate) fn count_command<T>(&self, answer: &Result<T, CallError>) {
        match answer {
            Ok(_) => drop(self.accepted.inc()),
            Err(error) => {
                let outcome = error.reason();
                self.commands.get_or_create(&OutcomeLabel { outcome }).inc();
            }
        }
    }

    pub(crate) fn record_append(&self, took: Duration) {
        self.append.observe(took.as_secs_f64());
    }

    pub(crate) fn record_recovery(&self, took: Duration) {
        self.recovery.observe(took.as_secs_f64());
    }

    pub(crate) fn count_restart(&self) {
        self.restarts.inc();
    }

    pub(crate) fn count_busy(&self) {
        self.busy.inc();
    }

    /// Raises the high-water mark to this number of callers waiting for one game.
    pub(crate) fn record_waiting(&self, callers: usize) {
        let callers = i64::try_from(callers).unwrap_or(i64::MAX);
        if self.high_water.get() < callers {
            self.high_water
                .inner()
                .fetch_max(callers, Ordering::Relaxed);
        }
    }

    /// Counts a game in this state until the guard is dropped.
    pub(crate) fn count_in_state(&self, state: StateName) -> GaugeGuard {
        let gauge = &self.by_state[state as usize];
        gauge.inc();
        GaugeGuard(gauge.clone())
    }
}

/// An RAII guard that counts one game in a gauge. Dropping it ends the count, however the process
/// ends.
pub(crate) struct GaugeGuard(Gauge);

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}
