//! The actor of one game: its mailbox, and its life from start to stop.

use std::sync::Arc;
use std::time::Duration;

use islands_core::{Command, GameId, Player, View, Viewer};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::oneshot;
use tokio::task::coop::consume_budget;
use tracing::{Instrument, Span, debug_span};

use crate::admission::{Admission, Permit};
use crate::bots::Bots;
use crate::call_error::CallError;
use crate::command_id::CommandId;
use crate::game_process::{Accepted, GameProcess, ProcessError};
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::published_event::PublishedEvent;
use crate::recovery;
use crate::settings::Settings;
use crate::subscribers::Subscription;
use crate::testing::Failpoint;

/// One game as an actor. Its state is a [`GameProcess`].
pub(crate) struct GameActor;

/// Data that all game processes share.
pub(crate) struct Shared {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) bots: Bots,
    pub(crate) metrics: Metrics,
    pub(crate) settings: Settings,
}

/// The messages of a game.
pub(crate) enum GameMessage {
    /// A command of a player.
    Command {
        by: Player,
        command: Command,
        id: CommandId,
        call: Call<Accepted>,
        /// The caller's tracing span.
        span: Span,
    },
    /// A command that the computer player chose when the game was at event `seq`.
    BotCommand { seq: u64, command: Command },
    /// A request for a subscription. The subscriber has seen every event up to `since`.
    Subscribe {
        viewer: Viewer,
        since: Option<u64>,
        call: Call<Subscription>,
    },
    /// The subscription with this id has ended.
    Unsubscribe(u64),
    /// A request for the present view.
    View { viewer: Viewer, call: Call<View> },
    /// A request for the events after `since` of a game that is over.
    Events {
        since: u64,
        call: Call<Vec<Arc<PublishedEvent>>>,
    },
    /// A request to leave memory (passivation), if the game has been idle for this long.
    StopIfIdle(Duration),
}

/// A caller that waits for an answer. A `Call` dropped unanswered, as by a crash, fails
/// the caller's receiver, and the outcome is unknown.
pub(crate) struct Call<T> {
    reply: oneshot::Sender<Result<T, CallError>>,
    /// The caller's permit, returned with the answer.
    _permit: Permit,
}

impl<T> Call<T> {
    pub(crate) fn new(permit: Permit) -> (Call<T>, oneshot::Receiver<Result<T, CallError>>) {
        let (reply, answer) = oneshot::channel();
        let call = Call {
            reply,
            _permit: permit,
        };
        (call, answer)
    }

    fn answer(self, answer: Result<T, CallError>) {
        // The caller may have hung up.
        let _ = self.reply.send(answer);
    }

    /// Answers, unless the outcome is unknown. Then the process stops without an answer,
    /// and the caller repeats the call, which starts a new process from the log.
    fn answer_or_reload(self, answer: Result<T, ProcessError>, game: &ActorRef<GameMessage>) {
        match answer {
            Ok(answer) => self.answer(Ok(answer)),
            Err(ProcessError::Refused(error)) => self.answer(Err(error)),
            Err(ProcessError::OutcomeUnknown) => game.stop(Some(RELOAD.into())),
        }
    }
}

/// Pause before a computer player thinks again after its command was refused.
const BOT_RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Stop reasons that are not crashes.
pub(crate) const PLANNED_STOPS: [&str; 3] = [IDLE, RELOAD, SHUTDOWN];
const IDLE: &str = "idle";
const RELOAD: &str = "reload";
pub(crate) const SHUTDOWN: &str = "shutdown";

impl Actor for GameActor {
    type Msg = GameMessage;
    type State = GameProcess;
    type Arguments = (GameId, Arc<Admission>, Arc<Shared>);

    /// Recovery: loads and folds the log before the first message. A game starts in the
    /// same way after a crash as after a week out of memory.
    async fn pre_start(
        &self,
        myself: ActorRef<GameMessage>,
        (id, admission, shared): Self::Arguments,
    ) -> Result<GameProcess, ActorProcessingErr> {
        let began = std::time::Instant::now();
        let recovered = recovery::recover(&*shared.journal, id)
            .instrument(debug_span!("recover", game = %id))
            .await?;
        shared.metrics.record_recovery(began.elapsed());
        let process = GameProcess::new(id, recovered, admission, shared, myself);
        process.let_bot_think(Duration::ZERO);
        Ok(process)
    }

    /// Boxes the future of each message, so that a game without a message, as nearly all
    /// games are at any time, keeps no memory for it.
    async fn handle(
        &self,
        myself: ActorRef<GameMessage>,
        message: GameMessage,
        process: &mut GameProcess,
    ) -> Result<(), ActorProcessingErr> {
        Box::pin(async {
            answer(&myself, message, process).await;
            yield_fairly().await;
        })
        .await;
        Ok(())
    }
}

/// Charges each message to tokio's coop budget, so that a busy game yields after about
/// four messages in a row: a task must yield after 128 units, and a message costs 32,
/// one of them for its receipt.
async fn yield_fairly() {
    const UNITS: usize = 31;
    for _ in 0..UNITS {
        consume_budget().await;
    }
}

async fn answer(myself: &ActorRef<GameMessage>, message: GameMessage, process: &mut GameProcess) {
    match message {
        GameMessage::Command {
            by,
            command,
            id,
            call,
            span,
        } => {
            process.failpoint(Failpoint::Received).await;
            let done = process.carry_out(by, command, id).instrument(span).await;
            call.answer_or_reload(done, myself);
            process.failpoint(Failpoint::Replied).await;
        }
        GameMessage::BotCommand { seq, command } => {
            match process.carry_out_bot(seq, command).await {
                Ok(()) => {}
                // A computer player has no client that would try again.
                Err(ProcessError::Refused(_)) => process.let_bot_think(BOT_RETRY_PAUSE),
                Err(ProcessError::OutcomeUnknown) => myself.stop(Some(RELOAD.into())),
            }
        }
        GameMessage::Subscribe {
            viewer,
            since,
            call,
        } => call.answer_or_reload(process.subscribe(viewer, since).await, myself),
        GameMessage::Unsubscribe(id) => process.unsubscribe(id),
        GameMessage::View { viewer, call } => call.answer(Ok(process.view(viewer))),
        GameMessage::Events { since, call } => {
            call.answer_or_reload(process.events(since).await, myself);
        }
        GameMessage::StopIfIdle(idle_after) if process.is_idle(idle_after) => {
            myself.stop(Some(IDLE.into()));
        }
        GameMessage::StopIfIdle(_) => {}
    }
}
