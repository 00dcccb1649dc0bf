//! A subscription that resubscribes by itself when the game's process has ended.

use std::sync::Arc;
use std::time::Duration;

use islands_core::{GameId, Viewer};

use crate::call_error::CallError;
use crate::games::Games;
use crate::published_event::PublishedEvent;
use crate::subscribers::{CatchUp, EventStream};

/// Pause before the first retry of a failed subscription; it doubles up to
/// [`LONGEST_PAUSE`] (exponential backoff).
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What a subscription reports of its game.
pub enum GameSubscriptionEvent {
    /// The game has published an event.
    Event(Arc<PublishedEvent>),
    /// The game is in quarantine until an operator ends it.
    Unavailable(CallError),
    /// The game is back from quarantine, no longer exists, or does not continue from the
    /// last event that this client has seen: the client has to join again.
    Rejoin,
}

/// Follows a game beyond the end of its process. When the events end, because the game
/// crashed or this subscriber was too slow, it subscribes again with the sequence number
/// of its last event, and so gets exactly the events that it missed. It retries a game
/// in quarantine until the game is back.
///
/// ```
/// # use std::sync::Arc;
/// # use islands_core::{Command, Player, Viewer};
/// # use islands_engine::{GameSubscription, GameSubscriptionEvent, Games, NewGame, Settings};
/// # use islands_engine::journal::MemoryJournal;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let games = Games::start(Settings::default(), Arc::new(MemoryJournal::new())).await?;
/// # let game = games.create("Ada", NewGame::default()).await?;
/// let viewer = Viewer::Spectator;
/// let start = games.subscribe(game, viewer, None).await?;
/// let mut subscription = GameSubscription::new(games.clone(), game, viewer, start.seq, start.events);
///
/// let join = Command::AddPlayer { name: "Bob".into() };
/// games.command(game, Player::Two, join, None).await?;
/// let Some(GameSubscriptionEvent::Event(event)) = subscription.next().await else {
///     panic!("the game has published an event");
/// };
/// assert_eq!(event.event(viewer).name(), "player_added");
/// # games.shut_down().await;
/// # Ok(())
/// # }
/// ```
pub struct GameSubscription {
    games: Games,
    game: GameId,
    viewer: Viewer,
    last_seq: u64,
    missed: std::vec::IntoIter<Arc<PublishedEvent>>,
    events: Option<EventStream>,
    pause: Duration,
    /// Whether the quarantine has been reported to the client.
    quarantine_reported: bool,
    ended: bool,
}

impl GameSubscription {
    /// Continues a subscription whose start covered everything up to `last_seq`.
    pub fn new(
        games: Games,
        game: GameId,
        viewer: Viewer,
        last_seq: u64,
        events: EventStream,
    ) -> GameSubscription {
        GameSubscription {
            games,
            game,
            viewer,
            last_seq,
            missed: Vec::new().into_iter(),
            events: Some(events),
            pause: FIRST_PAUSE,
            quarantine_reported: false,
            ended: false,
        }
    }

    /// Waits for the next report. Returns `None` after [`GameSubscriptionEvent::Rejoin`], which
    /// is the last. Dropping the future loses no event.
    pub async fn next(&mut self) -> Option<GameSubscriptionEvent> {
        while !self.ended {
            if let Some(published) = self.next_event().await {
                self.last_seq = published.seq();
                return Some(GameSubscriptionEvent::Event(published));
            }
            if let Err(event) = self.subscribe().await {
                self.ended = matches!(event, GameSubscriptionEvent::Rejoin);
                return Some(event);
            }
        }
        None
    }

    async fn next_event(&mut self) -> Option<Arc<PublishedEvent>> {
        your_code!(self)
    }

    /// Subscribes again, and retries without a limit: the game may be starting, the
    /// journal may be unavailable, or an operator may have to act. `Err` holds what to
    /// report to the client before going on.
    async fn subscribe(&mut self) -> Result<(), GameSubscriptionEvent> {
        your_code!(self)
    }
}
