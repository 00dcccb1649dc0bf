//! A snapshot of the supervision tree, for operators.
//!
//! It is read from the registry, without a message to any process, so it works even
//! when a process hangs.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use islands_core::GameId;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use serde::Serialize;

use crate::child::{Child, Phase};
use crate::registry::{Registry, Shard};

/// Maximum games listed per supervisor. Games that are not running come first, then
/// the games with the most waiting callers.
const MAX_LISTED: usize = 100;

/// The supervision tree at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct System {
    /// Whether the journal can be written.
    pub journal_writable: bool,
    /// Games that the supervisors hold, in any phase.
    pub games: usize,
    /// The supervisors, one per shard.
    pub supervisors: Vec<SupervisorStatus>,
}

/// One supervisor and its games.
#[derive(Clone, Debug, Serialize)]
pub struct SupervisorStatus {
    /// How often the supervisor has been restarted.
    pub restarts: u64,
    /// The number of its games in each phase.
    pub phases: PhaseCounts,
    /// At most 100 of its games.
    pub games: Vec<GameStatus>,
    /// The number of its other games.
    pub not_listed: usize,
}

/// The number of games in each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PhaseCounts {
    /// The process is loading its log.
    pub starting: usize,
    /// The game can be played.
    pub running: usize,
    /// The process has crashed and waits for its restart.
    pub down: usize,
    /// The game does not restart until an operator ends the quarantine.
    pub quarantined: usize,
}

/// One game, as its supervisor sees it.
#[derive(Clone, Debug, Serialize)]
pub struct GameStatus {
    /// The game's id.
    pub game: GameId,
    /// `starting`, `running`, `down` or `quarantined`.
    pub phase: &'static str,
    /// Milliseconds since it entered this phase.
    pub for_ms: u64,
    /// Its last crash and the crashes before it within the window of the restart budget.
    pub crashes: usize,
    /// The number of callers waiting for it.
    pub waiting: usize,
    /// The cause of its quarantine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl System {
    pub(crate) fn of(registry: &Registry, journal_writable: bool) -> System {
        let seen = |shard: &Arc<Shard>| SupervisorStatus::of(shard);
        let supervisors: Vec<_> = registry.shards().iter().map(seen).collect();
        System {
            journal_writable,
            games: supervisors.iter().map(|it| it.phases.all()).sum(),
            supervisors,
        }
    }
}

impl SupervisorStatus {
    fn of(shard: &Shard) -> SupervisorStatus {
        let children = shard.children();
        let seen = |(id, child): (&GameId, &Child)| GameStatus::of(*id, child);
        let mut games: Vec<GameStatus> = children.iter().map(seen).collect();
        let phases = PhaseCounts::of(&children);
        drop(children);
        // Sorts only the first hundred.
        let urgency = |phase| match phase {
            "quarantined" => 0,
            "running" => 2,
            _ => 1,
        };
        let rank = |it: &GameStatus| (urgency(it.phase), usize::MAX - it.waiting);
        let not_listed = games.len().saturating_sub(MAX_LISTED);
        if not_listed > 0 {
            games.select_nth_unstable_by_key(MAX_LISTED, rank);
            games.truncate(MAX_LISTED);
        }
        games.sort_by_key(rank);
        SupervisorStatus {
            restarts: shard.restarts(),
            phases,
            games,
            not_listed,
        }
    }
}

impl GameStatus {
    pub(crate) fn of(game: GameId, child: &Child) -> GameStatus {
        let (phase, waiting, error) = match child.phase() {
            Phase::Down => ("down", 0, None),
            Phase::Starting(_) => ("starting", 0, None),
            Phase::Running(running) => ("running", running.admission.waiting(), None),
            Phase::Quarantined(error) => ("quarantined", 0, Some(error.clone())),
        };
        let for_ms = child.since().elapsed().as_millis();
        GameStatus {
            game,
            phase,
            for_ms: u64::try_from(for_ms).unwrap_or(u64::MAX),
            crashes: child.crashes.recent(),
            waiting: waiting + child.waiting(),
            error,
        }
    }
}

impl PhaseCounts {
    fn of(children: &HashMap<GameId, Child>) -> PhaseCounts {
        let mut phases = PhaseCounts::default();
        for child in children.values() {
            *match child.phase() {
                Phase::Down => &mut phases.down,
                Phase::Starting(_) => &mut phases.starting,
                Phase::Running(_) => &mut phases.running,
                Phase::Quarantined(_) => &mut phases.quarantined,
            } += 1;
        }
        phases
    }

    fn all(self) -> usize {
        self.starting + self.running + self.down + self.quarantined
    }
}

/// Reads the phases and the supervisors' restarts when the metrics are read.
pub(crate) struct PhaseCollector(pub(crate) Arc<Registry>);

impl Collector for PhaseCollector {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let mut all = PhaseCounts::default();
        let mut restarts = 0;
        for shard in self.0.shards() {
            let phases = PhaseCounts::of(&shard.children());
            all.starting += phases.starting;
            all.running += phases.running;
            all.down += phases.down;
            all.quarantined += phases.quarantined;
            restarts += shard.restarts();
        }
        let help = "Games that the supervisors have in hand, by the phase of their process";
        let mut metric =
            encoder.encode_descriptor("islands_processes", help, None, MetricType::Gauge)?;
        let counts = [
            ("starting", all.starting),
            ("running", all.running),
            ("down", all.down),
            ("quarantined", all.quarantined),
        ];
        for (phase, count) in counts {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            ConstGauge::new(count).encode(metric.encode_family(&[("phase", phase)])?)?;
        }
        let help = "Supervisors that were started again after a crash";
        let metric = encoder.encode_descriptor(
            "islands_supervisor_restarts",
            help,
            None,
            MetricType::Counter,
        )?;
        ConstCounter::new(restarts).encode(metric)
    }
}

impl fmt::Debug for PhaseCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhaseCollector").finish_non_exhaustive()
    }
}
