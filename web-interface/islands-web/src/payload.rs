//! The JSON that clients receive of a game: the core's views and events, with the
//! game's id and the seats, which only the application can add.

use std::sync::Arc;

use islands_core::{GameId, Player, PublicEvent, Reply, View, Viewer};
use islands_engine::{Accepted, PublishedEvent};
use serde::Serialize;

use islands_seats::SeatKey;

/// A view of a game.
#[derive(Serialize)]
pub(crate) struct ViewPayload<'v> {
    game: GameId,
    #[serde(flatten)]
    view: &'v View,
    /// The rematch, for a client that was not connected when it was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<RematchPayload>,
}

impl<'v> ViewPayload<'v> {
    /// The payload of a view of `game`.
    pub(crate) fn new(game: GameId, view: &'v View, seat_key: &SeatKey) -> ViewPayload<'v> {
        let next = view.public().next.map(|next| RematchPayload {
            game: next,
            seat: seat_in(next, view.viewer(), seat_key),
        });
        ViewPayload { game, view, next }
    }
}

/// A rematch, and the viewer's seat there.
#[derive(Serialize)]
struct RematchPayload {
    game: GameId,
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<String>,
}

/// Returns the token of a player's seat in a rematch, where seats are swapped.
fn seat_in(rematch: GameId, viewer: Viewer, seat_key: &SeatKey) -> Option<String> {
    match viewer {
        Viewer::Player(player) => Some(seat_key.token(rematch, player.opponent())),
        Viewer::Spectator => None,
    }
}

/// The reply to a join or to `view`: a view, and the number of its last event.
#[derive(Serialize)]
pub(crate) struct JoinPayload<'v> {
    seq: u64,
    /// `false` if the client asked for missed events and gets this view instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed: Option<bool>,
    view: ViewPayload<'v>,
}

impl<'v> JoinPayload<'v> {
    /// The reply that carries `view`.
    pub(crate) fn new(game: GameId, view: &'v View, seat_key: &SeatKey) -> JoinPayload<'v> {
        JoinPayload {
            seq: view.seq(),
            resumed: None,
            view: ViewPayload::new(game, view, seat_key),
        }
    }

    /// Marks the reply as a substitute for the missed events.
    pub(crate) fn not_resumed(self) -> JoinPayload<'v> {
        let resumed = Some(false);
        JoinPayload { resumed, ..self }
    }
}

/// The reply to a join with `since`: the missed events, and the number of the last.
#[derive(Serialize)]
pub(crate) struct MissedEventsPayload<'e> {
    seq: u64,
    resumed: bool,
    events: Vec<ListedEventPayload<'e>>,
}

impl<'e> MissedEventsPayload<'e> {
    /// The payload of `missed`, whose last event has the number `seq`.
    pub(crate) fn new(
        seq: u64,
        missed: &'e [Arc<PublishedEvent>],
        viewer: Viewer,
        seat_key: &SeatKey,
    ) -> MissedEventsPayload<'e> {
        let events = missed.iter();
        let events = events.map(|published| ListedEventPayload::new(published, viewer, seat_key));
        MissedEventsPayload {
            seq,
            resumed: true,
            events: events.collect(),
        }
    }
}

/// The reply to a command.
#[derive(Serialize)]
pub(crate) struct ReplyPayload {
    seq: u64,
    #[serde(flatten)]
    reply: Reply,
}

impl From<Accepted> for ReplyPayload {
    fn from(Accepted { seq, reply }: Accepted) -> ReplyPayload {
        ReplyPayload { seq, reply }
    }
}

/// The payload of an event.
#[derive(Serialize)]
pub(crate) struct EventPayload<'e> {
    seq: u64,
    #[serde(flatten)]
    event: &'e PublicEvent,
    /// In `rematch_started`, for a player: the token of the new seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<String>,
}

impl<'e> EventPayload<'e> {
    /// The event as this viewer may see it.
    pub(crate) fn new(
        published: &'e PublishedEvent,
        viewer: Viewer,
        seat_key: &SeatKey,
    ) -> EventPayload<'e> {
        let event = published.event(viewer);
        let seat = match event {
            PublicEvent::RematchStarted { game } => seat_in(*game, viewer, seat_key),
            _ => None,
        };
        let seq = published.seq();
        EventPayload { seq, event, seat }
    }
}

/// An event in a list, with its name.
#[derive(Serialize)]
pub(crate) struct ListedEventPayload<'e> {
    event: &'static str,
    #[serde(flatten)]
    payload: EventPayload<'e>,
}

impl<'e> ListedEventPayload<'e> {
    /// The event as this viewer may see it.
    pub(crate) fn new(
        published: &'e PublishedEvent,
        viewer: Viewer,
        seat_key: &SeatKey,
    ) -> ListedEventPayload<'e> {
        ListedEventPayload {
            event: published.event(viewer).name(),
            payload: EventPayload::new(published, viewer, seat_key),
        }
    }
}

/// The reply to opening a game or taking a seat.
#[derive(Serialize)]
pub(crate) struct SeatPayload {
    game: GameId,
    player: Player,
    seat: String,
    url: String,
}

impl SeatPayload {
    /// The seat of `player` at `game`.
    pub(crate) fn new(game: GameId, player: Player, seat_key: &SeatKey) -> SeatPayload {
        SeatPayload {
            game,
            player,
            seat: seat_key.token(game, player),
            url: format!("/g/{game}"),
        }
    }
}
