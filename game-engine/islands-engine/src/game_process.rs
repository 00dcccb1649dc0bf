//! What a game does: decide, append, apply, publish, and only then reply.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use islands_core::{
    Command, Event, Game, GameId, Player, PlayerView, Rejection, Reply, StateName, View, Viewer,
    apply, decide,
};
use ractor::ActorRef;
use tokio::time::Instant;

use crate::command_id::CommandId;
use crate::game_actor::{GameMessage, Surroundings};
use crate::game_id::draw_game_id;
use crate::journal::{AppendError, Batch};
use crate::opening::{Bot, Opening};
use crate::published::Published;
use crate::receipts::Receipts;
use crate::recovery::{self, Recovered, StartError};
use crate::refusal::Refusal;
use crate::subscribers::{Events, Start, Subscribers, Subscription};

/// The state of a game process: the game, which is a cache of its log, and what
/// is true only while the process lives.
pub(crate) struct GameProcess {
    id: GameId,
    game: Game,
    opening: Opening,
    receipts: Receipts,
    subscribers: Subscribers,
    /// When the last command was accepted or the last subscriber left.
    quiet_since: Instant,
    surroundings: Arc<Surroundings>,
    myself: ActorRef<GameMessage>,
}

/// A command that was carried out and is in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The number of the last event that it made happen.
    pub seq: u64,
    /// What its sender is told.
    pub reply: Reply,
}

/// A command that was not carried out, as far as is known.
pub(crate) enum Failure {
    /// Nothing has changed.
    Refused(Refusal),
    /// Only the journal knows whether something has.
    Unknown,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refused(refusal)
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Failure {
        Failure::Refused(rejection.into())
    }
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Failure {
        tracing::warn!(%error, "a command was not stored");
        match error {
            AppendError::Unavailable(_) => Failure::Refused(Refusal::JournalUnavailable),
            AppendError::Conflict { .. } | AppendError::Unknown(_) => Failure::Unknown,
        }
    }
}

impl GameProcess {
    pub(crate) fn new(
        id: GameId,
        recovered: Recovered,
        surroundings: Arc<Surroundings>,
        myself: ActorRef<GameMessage>,
    ) -> GameProcess {
        let now = Instant::now();
        GameProcess {
            id,
            game: recovered.game,
            opening: recovered.opening,
            receipts: recovered.receipts,
            subscribers: Subscribers::new(now),
            quiet_since: now,
            surroundings,
            myself,
        }
    }

    /// Carries out a command, or tells again what it brought when it comes for
    /// the second time.
    pub(crate) async fn carry_out(
        &mut self,
        by: Player,
        command: Command,
        id: CommandId,
    ) -> Result<Accepted, Failure> {
        if let Some(seq) = self.receipts.find(by, &id) {
            return Ok(self.repeat(by, seq).await?);
        }
        let events = decide(&self.game, by, self.complete(by, command))?;
        self.open_rematch(&events).await?;
        let batch = Batch {
            at: SystemTime::now(),
            by,
            command_id: Some(id.clone()),
            opening: None,
            events: events.clone(),
        };
        let journal = &self.surroundings.journal;
        journal.append(self.id, self.game.seq(), batch).await?;
        self.apply_and_publish(&events);
        self.receipts.add(by, id, self.game.seq());
        self.quiet_since = Instant::now();
        self.let_bot_think(Duration::ZERO);
        Ok(Accepted {
            seq: self.game.seq(),
            reply: Reply::of(&self.game, by, &events),
        })
    }

    /// Carries out what a computer player thought of, if the game is still where
    /// it was when the computer looked.
    pub(crate) async fn carry_out_bot(
        &mut self,
        seq: u64,
        command: Command,
    ) -> Result<(), Failure> {
        if let Some(bot) = self.opening.bot
            && seq == self.game.seq()
        {
            let id = CommandId::draw();
            self.carry_out(bot.seat, command, id).await?;
        }
        Ok(())
    }

    /// Lets the computer player look at the game after a pause, if there is one.
    pub(crate) fn let_bot_think(&self, pause: Duration) {
        let Some(bot) = self.opening.bot else { return };
        let view = PlayerView::of(&self.game, bot.seat);
        let (seq, myself) = (self.game.seq(), self.myself.clone());
        self.surroundings
            .bots
            .think(bot, view, pause, move |command| {
                // A game that has stopped lets its bot think again when it starts.
                let _ = myself.cast(GameMessage::BotCommand { seq, command });
            });
    }

    /// Begins a subscription: where the game stands and what comes after it are
    /// taken in one turn, so nothing can fall between them.
    pub(crate) async fn subscribe(
        &mut self,
        viewer: Viewer,
        since: Option<u64>,
    ) -> Result<Subscription, Refusal> {
        if self.subscribers.len() >= self.surroundings.settings.max_subscribers {
            return Err(Refusal::Busy);
        }
        let seq = self.game.seq();
        let start = match since {
            Some(since) if since == seq => Start::Missed(Vec::new()),
            Some(since) if since < seq => Start::Missed(self.load_since(since).await?),
            _ => Start::View(Box::new(self.view(viewer))),
        };
        let (id, receiver) = self.subscribers.add(viewer);
        let events = Events::new(id, receiver, self.myself.clone());
        Ok(Subscription { seq, start, events })
    }

    pub(crate) fn unsubscribe(&mut self, id: u64) {
        let now = Instant::now();
        self.subscribers.remove(id, now);
        self.quiet_since = now;
    }

    pub(crate) fn view(&self, viewer: Viewer) -> View {
        View::of(&self.game, viewer)
    }

    /// All events after `since` of a game that is over.
    pub(crate) async fn events(&self, since: u64) -> Result<Vec<Arc<Published>>, Refusal> {
        if !self.game.is_over() {
            let actual = self.game.state_name();
            let expected = &[StateName::GameOver];
            return Err(Rejection::WrongState { expected, actual }.into());
        }
        self.load_since(since).await
    }

    /// Whether nobody has listened or done anything for as long as makes a game
    /// idle. A refused command is nothing.
    pub(crate) fn is_idle(&self) -> bool {
        let idle_after = self.surroundings.settings.idle_after;
        self.subscribers.is_empty() && self.quiet_since.elapsed() >= idle_after
    }

    /// Adds what the process knows and no sender can: how long the opponent has
    /// been away, and which game a rematch would be.
    fn complete(&self, by: Player, command: Command) -> Command {
        match command {
            Command::ClaimWin { .. } => {
                let opponent = by.opponent();
                let away = match self.opening.bot {
                    Some(bot) if bot.seat == opponent => Duration::ZERO,
                    _ => self.subscribers.away(opponent, Instant::now()),
                };
                let away_ms = u64::try_from(away.as_millis()).unwrap_or(u64::MAX);
                Command::ClaimWin { away_ms }
            }
            Command::RequestRematch { .. } => Command::RequestRematch {
                next: self.opening.rematch,
            },
            command => command,
        }
    }

    /// Opens the game that both have asked for, before the event that tells them
    /// of it. After a crash between the two it is there already, and that is as
    /// good.
    async fn open_rematch(&self, events: &[Event]) -> Result<(), Failure> {
        let started = events.iter().find_map(|event| match event {
            Event::RematchStarted { game } => Some(*game),
            _ => None,
        });
        let (Some(next), Some(events)) = (started, self.game.rematch()) else {
            return Ok(());
        };
        let bot = self.opening.bot.map(|bot| Bot {
            seat: bot.seat.opponent(),
            seed: fastrand::u64(..),
            ..bot
        });
        let batch = Batch {
            at: SystemTime::now(),
            by: Player::One,
            command_id: None,
            opening: Some(Opening {
                bot,
                listed: false,
                rematch: draw_game_id()?,
            }),
            events: events.into(),
        };
        match self.surroundings.journal.append(next, 0, batch).await {
            Ok(()) | Err(AppendError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn apply_and_publish(&mut self, events: &[Event]) {
        let now = Instant::now();
        for event in events {
            // `apply` takes a game and gives one: a copy of some hundred bytes.
            self.game = apply(self.game.clone(), event);
            if !self.subscribers.is_empty() {
                let published = Arc::new(Published::new(&self.game, event));
                self.subscribers.publish(&published, now);
            }
        }
    }

    /// What a command brought that was accepted some time ago.
    async fn repeat(&self, by: Player, seq: u64) -> Result<Accepted, Refusal> {
        let journal = &self.surroundings.journal;
        let log = journal.load(self.id, seq.saturating_sub(1)).await;
        let batch = log.ok().and_then(|log| log.into_iter().next());
        // It was carried out, and what it brought cannot be said at the moment.
        let events = batch.ok_or(Refusal::Timeout)?.events;
        let reply = Reply::of(&self.game, by, &events);
        Ok(Accepted { seq, reply })
    }

    async fn load_since(&self, since: u64) -> Result<Vec<Arc<Published>>, Refusal> {
        let missed = recovery::missed(&*self.surroundings.journal, self.id, since).await;
        missed.map_err(|error| match error {
            StartError::NoSuchGame => Refusal::NoSuchGame,
            StartError::Unavailable => Refusal::JournalUnavailable,
            StartError::Damaged(error) => Refusal::Quarantined { error },
        })
    }
}
