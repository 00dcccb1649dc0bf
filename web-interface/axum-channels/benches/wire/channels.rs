//! The channel layer, with one channel that echoes and broadcasts payloads.

use axum::serve::ListenerExt;
use axum_channels::{Channel, Channels, Context, Endpoint, JoinError, Joined, Outcome, Settings};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use tokio::net::TcpListener;

use crate::BenchResult;

pub(crate) async fn serve(routes: Channels) -> BenchResult<()> {
    let app: axum::Router = routes.mount("/socket", &Endpoint::new());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    // Frames are not to wait for one another in the kernel.
    let listener = listener.tap_io(|stream| _ = stream.set_nodelay(true));
    Ok(axum::serve(listener, app).await?)
}

/// The default settings, but without a limit on clients or on their rates.
pub(crate) fn routes() -> Channels {
    rooms().settings(Settings {
        frames_per_second: u32::MAX,
        bytes_per_second: u32::MAX,
        joins_per_second: u32::MAX,
        max_sockets: usize::MAX,
        ..Settings::default()
    })
}

/// The default settings.
pub(crate) fn rooms() -> Channels {
    Channels::new().channel("room:*", Room)
}

struct Room;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum In {
    Echo(Box<RawValue>),
    Bcast(Box<RawValue>),
}

impl Channel for Room {
    type Assigns = ();
    type Params = Value;
    type Event = In;
    type Info = ();
    type State = ();

    async fn join(&self, _: Value, _: &Context<()>) -> Result<Joined<Self>, JoinError> {
        Ok(Joined::new(()))
    }

    async fn handle(&self, _: &(), event: In, ctx: &Context<()>) -> Outcome {
        match event {
            In::Echo(payload) => Outcome::ok(&payload),
            In::Bcast(payload) => {
                ctx.broadcast("bcast", &payload);
                Outcome::none()
            }
        }
    }
}
