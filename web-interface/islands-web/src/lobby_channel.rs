//! The channel of the lobby: which games wait for an opponent, how many people are
//! here, and a game of one's own.

use axum_channels::{Channel, Context, Joined, Outcome, Resumed};
use serde::{Deserialize, Serialize};

use crate::api::{self, Open};
use crate::app::App;
use crate::lobby::{Online, OpenedPayload};
use crate::visitor::Visitor;

/// Tells what the lobby knows. It decides nothing.
pub(crate) struct LobbyChannel {
    app: App,
}

/// What a client joins with.
#[derive(Deserialize)]
pub(crate) struct Join {
    /// The number of the last event it has seen, if it comes back.
    since: Option<u64>,
}

/// What a client can send.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum In {
    /// The same as `POST /api/games`.
    NewGame(Open),
}

/// What a join brings: everything, or that it will get what it has missed.
#[derive(Serialize)]
struct LobbyPayload<'l> {
    #[serde(flatten)]
    resumed: Resumed,
    #[serde(skip_serializing_if = "Option::is_none")]
    games: Option<Vec<OpenedPayload<'l>>>,
    online: Online,
}

impl LobbyChannel {
    /// A channel to the application's lobby.
    pub(crate) fn new(app: App) -> LobbyChannel {
        LobbyChannel { app }
    }
}

impl Channel for LobbyChannel {
    type Assigns = Visitor;
    type Params = Join;
    type Event = In;
    type Info = ();
    type State = ();

    const REPLAY: usize = 100;

    async fn join(
        &self,
        join: Join,
        ctx: &Context<Visitor>,
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

    async fn handle(&self, _: &(), In::NewGame(open): In, ctx: &Context<Visitor>) -> Outcome {
        match api::open(&self.app, ctx.assigns().address, open).await {
            Ok(seat) => Outcome::ok(&seat),
            Err(api_error) => Outcome::error(&api_error),
        }
    }
}
