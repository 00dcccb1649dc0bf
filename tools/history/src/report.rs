//! The result of a check.

use std::fmt;

use islands_core::GameId;

/// Counts and findings of games, checked against their logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The number of games.
    pub games: u64,
    /// Commands acknowledged at least once, including the opening of each game.
    pub acknowledged: u64,
    /// Commands refused at every attempt.
    pub refused: u64,
    /// Commands that were neither, so that only the log knows their outcome.
    pub unanswered: u64,
    /// Unanswered commands that were carried out.
    pub carried_out: u64,
    /// Acknowledged commands that are not in the log.
    pub lost: u64,
    /// Batches in the log that no client sent.
    pub invented: u64,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Adds the report of other games to this one.
    pub fn add(&mut self, other: Report) {
        self.games += other.games;
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.unanswered += other.unanswered;
        self.carried_out += other.carried_out;
        self.lost += other.lost;
        self.invented += other.invented;
        self.findings.extend(other.findings);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report {
            games,
            acknowledged,
            refused,
            unanswered,
            carried_out,
            lost,
            invented,
            findings,
        } = self;
        write!(
            f,
            "{games} games: {acknowledged} commands acknowledged, {refused} refused, "
        )?;
        write!(
            f,
            "{unanswered} unanswered ({carried_out} of them carried out); "
        )?;
        write!(
            f,
            "{lost} lost, {invented} invented, {} findings",
            findings.len()
        )
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The game.
    pub game: GameId,
    /// The number of the event, if the finding is about one.
    pub seq: Option<u64>,
    /// The command's id, if it has one.
    pub command: Option<Box<str>>,
    /// The kind of finding.
    pub kind: FindingKind,
    /// The expected and the actual value, for a person.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "game {}", self.game)?;
        if let Some(seq) = self.seq {
            write!(f, ", event {seq}")?;
        }
        if let Some(command) = &self.command {
            write!(f, ", command {command}")?;
        }
        write!(f, ": {}: {}", self.kind, self.detail)
    }
}

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// A command was acknowledged and is not in the log.
    Lost,
    /// A command was acknowledged with a number other than the log's.
    Renumbered,
    /// A reply differs from what the log leads to.
    RepliedOtherwise,
    /// A command is in the log more than once.
    Twice,
    /// A command was refused, and carried out.
    RefusedButDone,
    /// A command was known to be carried out, and its repeat was refused.
    Forgotten,
    /// A batch is in the log, and no client sent it.
    Invented,
    /// A batch is not what its command leads to.
    OtherThanAsked,
    /// A batch precedes an event that was known before the batch's command was sent.
    OutOfOrder,
    /// The rules do not allow an event.
    Impossible,
    /// The numbers of the events that a client saw do not follow one another.
    Hole,
    /// A client saw an event that differs from what its viewer may see.
    SeenOtherwise,
    /// A client saw an event, or a view with one, that is not in the log.
    Unstored,
    /// A view is not the fold of the log.
    ViewedOtherwise,
    /// The last view does not include the last event.
    Stale,
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FindingKind::Lost => "lost",
            FindingKind::Renumbered => "renumbered",
            FindingKind::RepliedOtherwise => "replied otherwise",
            FindingKind::Twice => "twice",
            FindingKind::RefusedButDone => "refused but done",
            FindingKind::Forgotten => "forgotten",
            FindingKind::Invented => "invented",
            FindingKind::OtherThanAsked => "other than asked",
            FindingKind::OutOfOrder => "out of order",
            FindingKind::Impossible => "impossible",
            FindingKind::Hole => "hole",
            FindingKind::SeenOtherwise => "seen otherwise",
            FindingKind::Unstored => "unstored",
            FindingKind::ViewedOtherwise => "viewed otherwise",
            FindingKind::Stale => "stale",
        })
    }
}
