//! A look at the supervision tree, for those who run it.
//!
//! It is taken from the registry, which anyone may read: no process is asked, so
//! it works, and disturbs nobody, when something hangs.

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

/// How many games of a supervisor are told of one by one: first those that
/// something is wrong with, then those that most callers wait for.
const LISTED: usize = 100;

/// The supervision tree at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct System {
    /// Whether the journal can be written.
    pub journal_writable: bool,
    /// How many games the supervisors have in hand.
    pub games: usize,
    /// The supervisors, each with its share of the games.
    pub supervisors: Vec<SupervisorSeen>,
}

/// A supervisor.
#[derive(Clone, Debug, Serialize)]
pub struct SupervisorSeen {
    /// How often it was started again.
    pub restarts: u64,
    /// How many of its games are in which phase.
    pub phases: Phases,
    /// At most a hundred of its games.
    pub games: Vec<GameSeen>,
    /// How many more there are.
    pub not_listed: usize,
}

/// How many games are in which phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Phases {
    /// Those whose process is loading its log.
    pub starting: usize,
    /// Those that can be played.
    pub running: usize,
    /// Those that wait to be started again after a crash.
    pub down: usize,
    /// Those that are left alone until a person has looked at them.
    pub quarantined: usize,
}

/// A game, as its supervisor sees it.
#[derive(Clone, Debug, Serialize)]
pub struct GameSeen {
    /// Its id.
    pub game: GameId,
    /// `starting`, `running`, `down` or `quarantined`.
    pub phase: &'static str,
    /// For how many milliseconds it has been in this phase.
    pub for_ms: u64,
    /// How often it has crashed lately: within the time of its budget before its
    /// last crash.
    pub crashes: usize,
    /// How many callers wait for it.
    pub waiting: usize,
    /// What is wrong with it, when it is quarantined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl System {
    pub(crate) fn of(registry: &Registry, journal_writable: bool) -> System {
        let seen = |shard: &Arc<Shard>| SupervisorSeen::of(shard);
        let supervisors: Vec<_> = registry.shards().iter().map(seen).collect();
        System {
            journal_writable,
            games: supervisors.iter().map(|it| it.phases.all()).sum(),
            supervisors,
        }
    }
}

impl SupervisorSeen {
    fn of(shard: &Shard) -> SupervisorSeen {
        let children = shard.children();
        let seen = |(id, child): (&GameId, &Child)| GameSeen::of(*id, child);
        let mut games: Vec<GameSeen> = children.iter().map(seen).collect();
        let phases = Phases::of(&children);
        drop(children);
        // Only the first hundred are put in order.
        let rank = |it: &GameSeen| (it.phase == "running", usize::MAX - it.waiting);
        let not_listed = games.len().saturating_sub(LISTED);
        if not_listed > 0 {
            games.select_nth_unstable_by_key(LISTED, rank);
            games.truncate(LISTED);
        }
        games.sort_by_key(rank);
        SupervisorSeen {
            restarts: shard.restarts(),
            phases,
            games,
            not_listed,
        }
    }
}

impl GameSeen {
    pub(crate) fn of(game: GameId, child: &Child) -> GameSeen {
        let (phase, waiting, error) = match child.phase() {
            Phase::Down => ("down", 0, None),
            Phase::Starting(_) => ("starting", 0, None),
            Phase::Running(running) => ("running", running.admission.waiting(), None),
            Phase::Quarantined(error) => ("quarantined", 0, Some(error.clone())),
        };
        let for_ms = child.since().elapsed().as_millis();
        GameSeen {
            game,
            phase,
            for_ms: u64::try_from(for_ms).unwrap_or(u64::MAX),
            crashes: child.crashes.recent(),
            waiting: waiting + child.waiting(),
            error,
        }
    }
}

impl Phases {
    fn of(children: &HashMap<GameId, Child>) -> Phases {
        let mut phases = Phases::default();
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

/// Counts the phases when the metrics are read.
pub(crate) struct PhaseCollector(pub(crate) Arc<Registry>);

impl Collector for PhaseCollector {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let mut all = Phases::default();
        let mut restarts = 0;
        for shard in self.0.shards() {
            let phases = Phases::of(&shard.children());
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
