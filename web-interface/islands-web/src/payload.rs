//! What clients are told of a game, as JSON: the core's views and events with
//! what only the application can add, the game's id and the seats.

use std::sync::Arc;

use islands_core::{GameId, Player, PublicEvent, Reply, View, Viewer};
use islands_engine::{Accepted, Published};
use serde::Serialize;

use crate::seat::Seats;

/// A view of a game.
#[derive(Serialize)]
pub(crate) struct ViewPayload<'v> {
    game: GameId,
    #[serde(flatten)]
    view: &'v View,
    /// The rematch, for those who were not there when the news of it was pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<RematchPayload>,
}

impl<'v> ViewPayload<'v> {
    /// What this view of this game shows.
    pub(crate) fn new(game: GameId, view: &'v View, seats: &Seats) -> ViewPayload<'v> {
        let next = view.public().next.map(|next| RematchPayload {
            game: next,
            seat: seat_in(next, view.viewer(), seats),
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

/// The token for a player's seat in a rematch, where seats are swapped.
fn seat_in(rematch: GameId, viewer: Viewer, seats: &Seats) -> Option<String> {
    match viewer {
        Viewer::Player(player) => Some(seats.token(rematch, player.opponent())),
        Viewer::Spectator => None,
    }
}

/// A view, and the number of the last event in it.
#[derive(Serialize)]
pub(crate) struct JoinPayload<'v> {
    seq: u64,
    /// For someone who has asked for what was missed: that this is everything instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed: Option<bool>,
    view: ViewPayload<'v>,
}

impl<'v> JoinPayload<'v> {
    /// What a join brings.
    pub(crate) fn new(game: GameId, view: &'v View, seats: &Seats) -> JoinPayload<'v> {
        JoinPayload {
            seq: view.seq(),
            resumed: None,
            view: ViewPayload::new(game, view, seats),
        }
    }

    /// What it brings someone who had asked for less.
    pub(crate) fn instead(self) -> JoinPayload<'v> {
        let resumed = Some(false);
        JoinPayload { resumed, ..self }
    }
}

/// What someone has missed, and the number of the last of it.
#[derive(Serialize)]
pub(crate) struct MissedEventPayload<'e> {
    seq: u64,
    resumed: bool,
    events: Vec<ListedEventPayload<'e>>,
}

impl<'e> MissedEventPayload<'e> {
    /// These events, of which the last one has this number.
    pub(crate) fn new(
        seq: u64,
        missed: &'e [Arc<Published>],
        viewer: Viewer,
        seats: &Seats,
    ) -> MissedEventPayload<'e> {
        let events = missed.iter();
        let events = events.map(|published| ListedEventPayload::new(published, viewer, seats));
        MissedEventPayload {
            seq,
            resumed: true,
            events: events.collect(),
        }
    }
}

/// What a command brought.
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

/// An event.
#[derive(Serialize)]
pub(crate) struct EventPayload<'e> {
    seq: u64,
    #[serde(flatten)]
    event: &'e PublicEvent,
    /// In the news of a rematch, for a player: the token for the new seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<String>,
}

impl<'e> EventPayload<'e> {
    /// The event as this viewer may see it.
    pub(crate) fn new(published: &'e Published, viewer: Viewer, seats: &Seats) -> EventPayload<'e> {
        let event = published.event(viewer);
        let seat = match event {
            PublicEvent::RematchStarted { game } => seat_in(*game, viewer, seats),
            _ => None,
        };
        let seq = published.seq();
        EventPayload { seq, event, seat }
    }
}

/// An event in a list of them, where its name has to be said too.
#[derive(Serialize)]
pub(crate) struct ListedEventPayload<'e> {
    event: &'static str,
    #[serde(flatten)]
    told: EventPayload<'e>,
}

impl<'e> ListedEventPayload<'e> {
    /// The event as this viewer may see it.
    pub(crate) fn new(
        published: &'e Published,
        viewer: Viewer,
        seats: &Seats,
    ) -> ListedEventPayload<'e> {
        ListedEventPayload {
            event: published.event(viewer).name(),
            told: EventPayload::new(published, viewer, seats),
        }
    }
}

/// A seat that someone has taken.
#[derive(Serialize)]
pub(crate) struct SeatPayload {
    game: GameId,
    player: Player,
    seat: String,
    url: String,
}

impl SeatPayload {
    /// This player's seat at this game.
    pub(crate) fn new(game: GameId, player: Player, seats: &Seats) -> SeatPayload {
        SeatPayload {
            game,
            player,
            seat: seats.token(game, player),
            url: format!("/g/{game}"),
        }
    }
}
