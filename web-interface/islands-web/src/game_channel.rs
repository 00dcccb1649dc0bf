//! The channel of a game, `game:<id>`, where people play and watch.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum_channels::{BadPayload, Channel, Context, InfoOutcome, Joined, Outcome, PresenceKey};
use futures_util::stream;
use islands_core::{Command, GameId, Placement, Player, PublicEvent, Viewer};
use islands_engine::{
    CallError, CatchUp, CommandId, GameSubscription, GameSubscriptionEvent, Subscription,
};
use serde::{Deserialize, Serialize};

use crate::address_limit::JoinedGame;
use crate::api_error::{AddressResource, ApiError};
use crate::app::App;
use crate::lobby::{HostGuard, OnlineGuard};
use crate::payload::{EventPayload, JoinPayload, MissedEventsPayload, ReplyPayload};
use crate::socket_client::SocketClient;

/// Carries commands to a game and its events to clients. It decides nothing.
pub(crate) struct GameChannel {
    app: App,
}

/// The parameters of a join.
#[derive(Deserialize)]
pub(crate) struct Join {
    /// The token of a seat; a client without one watches.
    seat: Option<String>,
    /// The number of the last event that a returning client has seen.
    since: Option<u64>,
}

/// The events that a client can send. All but `view` may carry an id, which makes them
/// idempotent.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientEvent {
    PositionIsland {
        island: String,
        row: i64,
        col: i64,
        id: Option<String>,
    },
    PositionAll {
        islands: BTreeMap<String, Corner>,
        id: Option<String>,
    },
    SetIslands {
        id: Option<String>,
    },
    GuessCoordinate {
        row: i64,
        col: i64,
        id: Option<String>,
    },
    Resign {
        id: Option<String>,
    },
    ClaimWin {
        id: Option<String>,
    },
    RequestRematch {
        id: Option<String>,
    },
    View,
}

/// The upper-left corner of an island.
#[derive(Deserialize)]
pub(crate) struct Corner {
    row: i64,
    col: i64,
}

/// A client that has joined a game. Only the seat token decides which player it is.
pub(crate) struct JoinedClient {
    game: GameId,
    viewer: Viewer,
    /// Guard: the game counts towards the limit of the client's address.
    _joined: JoinedGame,
    /// Guard: the client counts as online.
    _online: OnlineGuard,
    /// Guard: the game stays listed in the lobby while its host is joined.
    host: Option<HostGuard>,
}

impl GameChannel {
    /// A channel for the application's games.
    pub(crate) fn new(app: App) -> GameChannel {
        GameChannel { app }
    }

    fn admit(
        &self,
        game: &str,
        seat: Option<&str>,
        from: IpAddr,
    ) -> Result<JoinedClient, ApiError> {
        let game = game.parse().map_err(|_| CallError::NoSuchGame)?;
        let viewer = match seat {
            None => Viewer::Spectator,
            Some(token) => match self.app.seat_key.verify(token) {
                Some((of_game, player)) if of_game == game => Viewer::Player(player),
                _ => return Err(ApiError::Unauthorized),
            },
        };
        let games = &self.app.games_per_address;
        let joined = games.join(from, game).ok_or_else(|| {
            let (resource, limit) = (AddressResource::Games, games.limit());
            ApiError::AddressLimitReached { resource, limit }
        })?;
        Ok(JoinedClient {
            game,
            viewer,
            _joined: joined,
            _online: self.app.lobby.count_online(viewer),
            host: None,
        })
    }

    async fn enter(
        &self,
        join: Join,
        ctx: &Context<SocketClient>,
    ) -> Result<(Viewer, Joined<GameChannel>), ApiError> {
        let mut client = self.admit(ctx.subtopic(), join.seat.as_deref(), ctx.assigns().address)?;
        let JoinedClient { game, viewer, .. } = client;
        let subscription = self.app.games.subscribe(game, viewer, join.since).await?;
        let Subscription {
            seq,
            listed,
            catch_up,
            events,
        } = subscription;
        if listed && viewer == Viewer::Player(Player::One) {
            client.host = self.host(game).await;
        }
        if let Ok(key) = PresenceKey::new(presence_key(viewer)) {
            ctx.track(&key, &());
            ctx.push_presence();
        }
        let seat_key = &self.app.seat_key;
        let joined = Joined::new(client).seq(seq);
        let joined = match catch_up {
            CatchUp::Missed(missed) => {
                joined.reply(&MissedEventsPayload::new(seq, &missed, viewer, seat_key))
            }
            CatchUp::View(view) => {
                let payload = JoinPayload::new(game, &view, seat_key);
                match join.since {
                    Some(_) => joined.reply(&payload.not_resumed()),
                    None => joined.reply(&payload),
                }
            }
        };
        let subscription = GameSubscription::new(self.app.games.clone(), game, viewer, seq, events);
        let events = stream::unfold(subscription, |mut subscription| async move {
            let event = subscription.next().await?;
            Some((event, subscription))
        });
        Ok((viewer, joined.follow(events)))
    }

    /// Lists the game in the lobby if its host waits for a guest.
    async fn host(&self, game: GameId) -> Option<HostGuard> {
        let view = self.app.games.view(game, Viewer::Spectator).await.ok()?;
        let players = &view.public().players;
        let host = players[Player::One].as_ref()?;
        let waits = players[Player::Two].is_none();
        waits.then(|| self.app.lobby.host(game, host.name.as_str()))
    }

    async fn command(
        &self,
        client: &JoinedClient,
        command: Command,
        id: Option<CommandId>,
    ) -> Result<Outcome, ApiError> {
        let Viewer::Player(player) = client.viewer else {
            return Err(ApiError::NotAPlayer);
        };
        let accepted = self
            .app
            .games
            .command(client.game, player, command, id)
            .await?;
        Ok(Outcome::ok(&ReplyPayload::from(accepted)).reply_after(accepted.seq))
    }

    async fn view(&self, client: &JoinedClient) -> Result<Outcome, ApiError> {
        let game = client.game;
        let view = self.app.games.view(game, client.viewer).await?;
        let payload = JoinPayload::new(game, &view, &self.app.seat_key);
        Ok(Outcome::ok(&payload).reply_after(view.seq()))
    }
}

impl Channel for GameChannel {
    type Assigns = SocketClient;
    type Params = Join;
    type Event = ClientEvent;
    type Info = GameSubscriptionEvent;
    type State = JoinedClient;

    async fn join(
        &self,
        join: Join,
        ctx: &Context<SocketClient>,
    ) -> Result<Joined<GameChannel>, axum_channels::JoinError> {
        let entered = self.enter(join, ctx).await;
        let metrics = &self.app.metrics;
        metrics.count_join(entered.as_ref().map(|(viewer, _)| *viewer));
        let entered = entered.map(|(_, joined)| joined);
        entered.map_err(|api_error| axum_channels::JoinError::new(&api_error))
    }

    async fn handle(
        &self,
        client: &JoinedClient,
        event: ClientEvent,
        _: &Context<SocketClient>,
    ) -> Outcome {
        let done = match event.into_command() {
            Ok(None) => self.view(client).await,
            Ok(Some((command, id))) => self.command(client, command, id).await,
            Err(bad) => Err(bad.into()),
        };
        done.unwrap_or_else(|api_error| Outcome::error(&api_error))
    }

    fn info(
        &self,
        client: &JoinedClient,
        event: Option<GameSubscriptionEvent>,
        ctx: &Context<SocketClient>,
    ) -> InfoOutcome<GameChannel> {
        match event {
            Some(GameSubscriptionEvent::Event(published)) => {
                let viewer = client.viewer;
                if let PublicEvent::PlayerAdded { .. } = published.event(viewer) {
                    // The guest may have joined while `host` was listing the game.
                    self.app.lobby.close(client.game);
                }
                let to_payload = |_: &_| EventPayload::new(&published, viewer, &self.app.seat_key);
                let Ok(payload) = published.encoded(viewer, to_payload) else {
                    return InfoOutcome::Fail;
                };
                let name = published.event(viewer).name();
                ctx.push_numbered(published.seq(), name, &*payload);
                InfoOutcome::Continue
            }
            Some(GameSubscriptionEvent::Unavailable(error)) => {
                #[derive(Serialize)]
                struct Unavailable {
                    reason: &'static str,
                }
                let reason = error.reason();
                ctx.push("game_unavailable", &Unavailable { reason });
                InfoOutcome::Continue
            }
            // A client joins again by itself only after `phx_error`.
            Some(GameSubscriptionEvent::Rejoin) => InfoOutcome::Fail,
            None => InfoOutcome::Continue,
        }
    }
}

/// Returns the viewer's presence key. All spectators share one.
fn presence_key(viewer: Viewer) -> &'static str {
    match viewer {
        Viewer::Player(Player::One) => "player1",
        Viewer::Player(Player::Two) => "player2",
        Viewer::Spectator => "spectators",
    }
}

impl ClientEvent {
    /// Returns the command, with its id; `None` for `view`.
    fn into_command(self) -> Result<Option<(Command, Option<CommandId>)>, BadPayload> {
        let (command, id) = match self {
            ClientEvent::PositionIsland {
                island,
                row,
                col,
                id,
            } => (Command::PositionIsland(Placement { island, row, col }), id),
            ClientEvent::PositionAll { islands, id } => {
                let place = |(island, Corner { row, col })| Placement { island, row, col };
                let islands = islands.into_iter().map(place).collect();
                (Command::PositionAll { islands }, id)
            }
            ClientEvent::SetIslands { id } => (Command::SetIslands, id),
            ClientEvent::GuessCoordinate { row, col, id } => {
                (Command::GuessCoordinate { row, col }, id)
            }
            ClientEvent::Resign { id } => (Command::Resign, id),
            // The game's process adds the facts that these two need.
            ClientEvent::ClaimWin { id } => (Command::ClaimWin, id),
            ClientEvent::RequestRematch { id } => (Command::RequestRematch, id),
            ClientEvent::View => return Ok(None),
        };
        let id = id.as_deref().map(CommandId::new).transpose();
        let bad = |error: islands_engine::InvalidCommandId| {
            BadPayload::new("id".into(), error.to_string())
        };
        Ok(Some((command, id.map_err(bad)?)))
    }
}
