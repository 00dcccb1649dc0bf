//! What a check has found.

use std::fmt;

use islands_core::GameId;

/// What the record of some games comes to, held against their logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many games.
    pub games: u64,
    /// Commands that were acknowledged at least once, opened games among them.
    pub acknowledged: u64,
    /// Commands that were refused each time they were sent.
    pub refused: u64,
    /// Commands that were neither: nobody knows but the log.
    pub unanswered: u64,
    /// Of those, the ones that were carried out.
    pub carried_out: u64,
    /// Acknowledged commands that are not in the log.
    pub lost: u64,
    /// Batches in the log that nobody sent.
    pub invented: u64,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

impl Report {
    /// This report and one of other games.
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
    /// In which game.
    pub game: GameId,
    /// At which event, if at one.
    pub seq: Option<u64>,
    /// With which command, if it had an id.
    pub command: Option<Box<str>>,
    /// What it is.
    pub kind: Kind,
    /// What was expected and what is there, for a person.
    pub what: String,
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
        write!(f, ": {}: {}", self.kind, self.what)
    }
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It was acknowledged and is not in the log.
    Lost,
    /// It was acknowledged with another number than it has.
    Renumbered,
    /// The reply says something else than the log.
    RepliedOtherwise,
    /// It is in the log more than once.
    Twice,
    /// It was refused, and carried out.
    RefusedButDone,
    /// It was known to be carried out, sent again, and refused.
    Forgotten,
    /// It is in the log, and nobody sent it.
    Invented,
    /// It is not what its command asks for.
    OtherThanAsked,
    /// It comes before something that was known before it was sent.
    OutOfOrder,
    /// The rules do not let it happen.
    Impossible,
    /// The numbers of the events that a client saw do not follow one another.
    Hole,
    /// A client saw an event otherwise than it may be seen.
    SeenOtherwise,
    /// A client saw what is not in the log.
    Unstored,
    /// A view is not the fold of the log.
    ViewedOtherwise,
    /// The last view is not of the last event.
    Stale,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Lost => "lost",
            Kind::Renumbered => "renumbered",
            Kind::RepliedOtherwise => "replied otherwise",
            Kind::Twice => "twice",
            Kind::RefusedButDone => "refused but done",
            Kind::Forgotten => "forgotten",
            Kind::Invented => "invented",
            Kind::OtherThanAsked => "other than operation",
            Kind::OutOfOrder => "out of order",
            Kind::Impossible => "impossible",
            Kind::Hole => "hole",
            Kind::SeenOtherwise => "seen otherwise",
            Kind::Unstored => "unstored",
            Kind::ViewedOtherwise => "viewed otherwise",
            Kind::Stale => "stale",
        })
    }
}
