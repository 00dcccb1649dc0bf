//! The channel of the lobby: the games that wait for an opponent, the number of people
//! online, and opening a game.

use axum_channels::{Channel, Context, Joined, Outcome, Resumed};
use serde::{Deserialize, Serialize};

use crate::api::{self, Open};
use crate::app::App;
use crate::lobby::{Online, OpenedPayload};
use crate::socket_client::SocketClient;

/// Sends the lobby's state to clients. It decides nothing.
pub(crate) struct LobbyChannel {
    app: App,
}

/// The parameters of a join.
#[derive(Deserialize)]
pub(crate) struct Join {
    /// The number of the last event that a returning client has seen.
    since: Option<u64>,
}

/// The events that a client can send.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientEvent {
    /// Opens a game, as `POST /api/games` does.
    NewGame(Open),
}

/// The reply to a join: a snapshot, or notice that the missed events follow.
#[derive(Serialize)]
struct LobbyPayload<'l> {
    #[serde(flatten)]
    resumed: Resumed,
    #[serde(skip_serializing_if = "Option::is_none")]
    games: Option<Vec<OpenedPayload<'l>>>,
    online: Online,
}

impl LobbyChannel {
    /// A channel for the application's lobby.
    pub(crate) fn new(app: App) -> LobbyChannel {
        LobbyChannel { app }
    }
}

impl Channel for LobbyChannel {
    type Assigns = SocketClient;
    type Params = Join;
    type Event = ClientEvent;
    type Info = ();
    type State = ();

    const REPLAY: usize = 100;

    async fn join(
        &self,
        join: Join,
        ctx: &Context<SocketClient>,
    ) -> Result<Joined<LobbyChannel>, axum_channels::JoinError> {
        Ok(self.app.lobby.read(|games, online| {
            let resumed = ctx.resume(join.since);
            let games = (!resumed.resumed).then_some(games);
            Joined::new(()).reply(&LobbyPayload {
                resumed,
                games,
                online,
            })
        }))
    }

    async fn handle(
        &self,
        _: &(),
        ClientEvent::NewGame(open): ClientEvent,
        ctx: &Context<SocketClient>,
    ) -> Outcome {
        match api::open(&self.app, ctx.assigns().address, open).await {
            Ok(seat) => Outcome::ok(&seat),
            Err(api_error) => Outcome::error(&api_error),
        }
    }
}
