//! The game as a channel: a seat to join with, one event to send, and every event of the game to
//! receive.

use axum::Router;
use axum_channels::{
    Channel, Channels, Context, Endpoint, InfoOutcome, JoinError, Joined, Outcome, PresenceKey,
};
use futures_util::stream;
use islands_core::{Command, GameId, Player, PublicEvent, Reply, Viewer};
use islands_engine::{
    Accepted, CallError, CatchUp, CommandId, GameSubscription, GameSubscriptionEvent, Games,
    PublishedEvent,
};
use islands_seats::SeatKey;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Serves the topics `game:ID`.
pub struct Room {
    games: Games,
    seat_key: SeatKey,
}

/// The parameters of a join.
#[derive(Deserialize)]
pub struct Join {
    /// The token of a seat. A client without one watches.
    seat: Option<String>,
    /// The number of the last event that the client has, if it was here before.
    since: Option<u64>,
}

/// The events that a client may send.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum In {
    /// A guess. A client that sends it again gives it the same id.
    GuessCoordinate {
        /// Row, from 1.
        row: i64,
        /// Column, from 1.
        col: i64,
        /// The idempotency key.
        id: Option<String>,
    },
}

/// A client that has joined.
pub struct Member {
    game: GameId,
    viewer: Viewer,
}

/// An event with its number.
#[derive(Serialize)]
struct Numbered<'e> {
    seq: u64,
    #[serde(flatten)]
    event: &'e PublicEvent,
}

/// The reply to a command, with the number of its event.
#[derive(Serialize)]
struct NumberedReply {
    seq: u64,
    #[serde(flatten)]
    reply: Reply,
}

/// Returns the route `/socket`, with a room for each game.
pub fn router(games: Games, seat_key: SeatKey, endpoint: &Endpoint) -> Router {
    channels(games, seat_key).mount("/socket", endpoint)
}

/// Returns the routes from topics to rooms.
pub fn channels(games: Games, seat_key: SeatKey) -> Channels {
    Channels::new().channel("game:*", Room { games, seat_key })
}

impl Channel for Room {
    type Assigns = ();
    type Params = Join;
    type Event = In;
    type Info = GameSubscriptionEvent;
    type State = Member;

    async fn join(&self, join: Join, ctx: &Context<()>) -> Result<Joined<Room>, JoinError> {
        let member = self.member(ctx.subtopic(), join.seat.as_deref())?;
        let Member { game, viewer } = member;
        let start = self.games.subscribe(game, viewer, join.since).await;
        let start = start.map_err(|error| JoinError::new(&refusal(&error)))?;
        if let Ok(key) = PresenceKey::new(presence_key(viewer)) {
            ctx.track(&key, &json!({}));
            ctx.push_presence();
        }
        let seq = start.seq;
        let reply = match start.catch_up {
            CatchUp::View(view) => json!({ "seq": seq, "view": *view }),
            CatchUp::Missed(events) => {
                let events = events.iter().map(|event| missed(event, viewer));
                json!({ "seq": seq, "resumed": true, "events": Vec::from_iter(events) })
            }
        };
        let events = GameSubscription::new(self.games.clone(), game, viewer, seq, start.events);
        let events = stream::unfold(events, |mut events| async move {
            let event = events.next().await?;
            Some((event, events))
        });
        Ok(Joined::new(member).seq(seq).reply(&reply).follow(events))
    }

    async fn handle(&self, member: &Member, event: In, _: &Context<()>) -> Outcome {
        let In::GuessCoordinate { row, col, id } = event;
        let Viewer::Player(player) = member.viewer else {
            return Outcome::error(&json!({ "reason": "not_a_player" }));
        };
        let Ok(id) = id.as_deref().map(CommandId::new).transpose() else {
            return Outcome::error(&json!({ "reason": "bad_payload", "field": "id" }));
        };
        let command = Command::GuessCoordinate { row, col };
        match self.games.command(member.game, player, command, id).await {
            // The client sees the event before the reply that refers to it.
            Ok(Accepted { seq, reply }) => {
                Outcome::ok(&NumberedReply { seq, reply }).reply_after(seq)
            }
            Err(error) => Outcome::error(&refusal(&error)),
        }
    }

    fn info(
        &self,
        member: &Member,
        event: Option<GameSubscriptionEvent>,
        ctx: &Context<()>,
    ) -> InfoOutcome<Room> {
        match event {
            Some(GameSubscriptionEvent::Event(published)) => {
                let (seq, event) = (published.seq(), published.event(member.viewer));
                ctx.push_numbered(seq, event.name(), &Numbered { seq, event });
                InfoOutcome::Continue
            }
            // The client joins again, and gets what it missed or the reason.
            _ => InfoOutcome::Fail,
        }
    }
}

impl Room {
    /// Returns who a client is. Only its seat token decides.
    fn member(&self, game: &str, seat: Option<&str>) -> Result<Member, JoinError> {
        let refused = |reason| JoinError::new(&json!({ "reason": reason }));
        let game = game.parse().map_err(|_| refused("no_such_game"))?;
        let viewer = match seat.map(|token| self.seat_key.verify(token)) {
            None => Viewer::Spectator,
            Some(Some((of_game, player))) if of_game == game => Viewer::Player(player),
            Some(_) => return Err(refused("unauthorized")),
        };
        Ok(Member { game, viewer })
    }
}

/// Returns an event of the past, with its name.
pub(crate) fn missed(published: &PublishedEvent, viewer: Viewer) -> Value {
    let (seq, event) = (published.seq(), published.event(viewer));
    let mut missed = json!(Numbered { seq, event });
    missed["event"] = event.name().into();
    missed
}

fn refusal(error: &CallError) -> Value {
    json!({ "reason": error.reason(), "message": error.to_string() })
}

fn presence_key(viewer: Viewer) -> &'static str {
    match viewer {
        Viewer::Player(Player::One) => "player1",
        Viewer::Player(Player::Two) => "player2",
        Viewer::Spectator => "spectators",
    }
}
