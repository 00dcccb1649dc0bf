//! The process that is one game: its mailbox, and its life from start to stop.

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
use crate::published::Published;
use crate::recovery;
use crate::settings::Settings;
use crate::subscribers::Subscription;
use crate::testing::Step;

/// One game as an actor. It holds nothing: all state is a [`GameProcess`].
pub(crate) struct GameActor;

/// What every game process shares with the others.
pub(crate) struct Shared {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) bots: Bots,
    pub(crate) metrics: Metrics,
    pub(crate) settings: Settings,
}

/// What can be sent to a game.
pub(crate) enum GameMessage {
    /// Someone asks for something.
    Command {
        by: Player,
        command: Command,
        id: CommandId,
        call: Call<Accepted>,
        /// Where it comes from, for those who trace.
        span: Span,
    },
    /// A computer player has thought about the game as it was at this number.
    BotCommand { seq: u64, command: Command },
    /// Someone wants to listen, and has seen everything up to `since`.
    Subscribe {
        viewer: Viewer,
        since: Option<u64>,
        call: Call<Subscription>,
    },
    /// The subscription of this number has ended.
    Unsubscribe(u64),
    /// Someone wants to look once.
    View { viewer: Viewer, call: Call<View> },
    /// Someone wants to read what happened after `since`, now that it is over.
    Events {
        since: u64,
        call: Call<Vec<Arc<Published>>>,
    },
    /// It may be time to leave memory, for one that has been idle for so long.
    LeaveIfIdle(Duration),
}

/// A caller who waits for an answer. Dropped without one, it tells the caller
/// that nothing is known.
pub(crate) struct Call<T> {
    reply: oneshot::Sender<Result<T, CallError>>,
    /// One of the game's places for waiting callers, given back with the answer.
    _permit: Permit,
}

impl<T> Call<T> {
    pub(crate) fn new(try_acquire: Permit) -> (Call<T>, oneshot::Receiver<Result<T, CallError>>) {
        let (reply, answer) = oneshot::channel();
        let call = Call {
            reply,
            _permit: try_acquire,
        };
        (call, answer)
    }

    fn answer(self, answer: Result<T, CallError>) {
        // Whoever has hung up has no use for an answer.
        let _ = self.reply.send(answer);
    }

    /// Answers, unless only the journal knows what is true: then the game has to
    /// start again from there, and the caller finds the next process.
    fn answer_or_reload(self, answer: Result<T, ProcessError>, game: &ActorRef<GameMessage>) {
        match answer {
            Ok(answer) => self.answer(Ok(answer)),
            Err(ProcessError::Refused(refusal)) => self.answer(Err(refusal)),
            Err(ProcessError::Unknown) => game.stop(Some(RELOAD.into())),
        }
    }
}

/// How long a computer player waits when its command was not stored.
const BOT_TRIES_AGAIN: Duration = Duration::from_secs(1);

/// Why a game stops without having failed.
pub(crate) const LEAVES: [&str; 3] = [IDLE, RELOAD, SHUTDOWN];
const IDLE: &str = "idle";
const RELOAD: &str = "reload";
pub(crate) const SHUTDOWN: &str = "shutdown";

impl Actor for GameActor {
    type Msg = GameMessage;
    type State = GameProcess;
    type Arguments = (GameId, Arc<Admission>, Arc<Shared>);

    /// Recovery: the log is loaded and folded before the first message, so that
    /// a game that has just crashed and one that nobody has looked at for a week
    /// start in the same way.
    async fn pre_start(
        &self,
        myself: ActorRef<GameMessage>,
        (id, admission, shared): Self::Arguments,
    ) -> Result<GameProcess, ActorProcessingErr> {
        let began = std::time::Instant::now();
        let recovered = recovery::recover(&*shared.journal, id)
            .instrument(debug_span!("recover", game = %id))
            .await?;
        shared.metrics.recovered(began.elapsed());
        let process = GameProcess::new(id, recovered, admission, shared, myself);
        process.let_bot_think(Duration::ZERO);
        Ok(process)
    }

    /// Each message is handled in a box of its own: a game that waits for one, as
    /// nearly all games do at any time, then keeps no room for the work.
    async fn handle(
        &self,
        myself: ActorRef<GameMessage>,
        message: GameMessage,
        process: &mut GameProcess,
    ) -> Result<(), ActorProcessingErr> {
        Box::pin(async {
            answer(&myself, message, process).await;
            give_way().await;
        })
        .await;
        Ok(())
    }
}

/// Lets other tasks run after some four messages in a row, so that a crowd at one game
/// holds up no other: of the 128 units that tokio grants a task before it must yield,
/// a message costs these.
async fn give_way() {
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
            process.failpoint(Step::Received).await;
            let done = process.carry_out(by, command, id).instrument(span).await;
            call.answer_or_reload(done, myself);
            process.failpoint(Step::Replied).await;
        }
        GameMessage::BotCommand { seq, command } => {
            match process.carry_out_bot(seq, command).await {
                Ok(()) => {}
                // Nobody else would ask again in its place.
                Err(ProcessError::Refused(_)) => process.let_bot_think(BOT_TRIES_AGAIN),
                Err(ProcessError::Unknown) => myself.stop(Some(RELOAD.into())),
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
        GameMessage::LeaveIfIdle(idle_after) if process.is_idle(idle_after) => {
            myself.stop(Some(IDLE.into()));
        }
        GameMessage::LeaveIfIdle(_) => {}
    }
}
