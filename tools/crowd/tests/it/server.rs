//! A server with rooms that echo and broadcast.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::thread;

use axum_channels::{
    Channel, Channels, Connect, ConnectError, Context, Endpoint, JoinError, Joined, Outcome,
    Settings,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Starts a server that runs as long as the tests do.
pub fn start() -> SocketAddr {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.expect("a port");
            sender
                .send(listener.local_addr().expect("an address"))
                .expect("the test waits");
            let app: axum::Router = Channels::on_connect(connect)
                .channel("room:*", Room)
                .settings(without_rate_limits())
                .mount("/socket", &Endpoint::new());
            axum::serve(listener, app).await.expect("it serves");
        });
    });
    receiver.recv().expect("a server")
}

/// Settings without rate limits.
fn without_rate_limits() -> Settings {
    Settings {
        frames_per_second: u32::MAX,
        bytes_per_second: u32::MAX,
        joins_per_second: u32::MAX,
        ..Settings::default()
    }
}

async fn connect(connect: Connect) -> Result<(), ConnectError> {
    match connect.param("reject") {
        Some(_) => Err(ConnectError::forbidden("not you")),
        None => Ok(()),
    }
}

struct Room;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum In {
    Echo(Value),
    Bcast(Value),
    /// Broadcasts its payload twice.
    Twice(Value),
    Fail,
}

impl Channel for Room {
    type Assigns = ();
    type Params = Value;
    type Event = In;
    type Info = ();
    type State = ();

    async fn join(&self, params: Value, ctx: &Context<()>) -> Result<Joined<Self>, JoinError> {
        match ctx.subtopic() {
            "locked" if params["key"] != "17" => {
                Err(JoinError::new(&json!({ "reason": "locked" })))
            }
            _ => Ok(Joined::new(())),
        }
    }

    async fn handle(&self, (): &(), event: In, ctx: &Context<()>) -> Outcome {
        match event {
            In::Echo(payload) => return Outcome::ok(&payload),
            In::Bcast(payload) => ctx.broadcast("bcast", &payload),
            In::Twice(payload) => {
                ctx.broadcast("bcast", &payload);
                ctx.broadcast("bcast", &payload);
            }
            In::Fail => return Outcome::error(&json!({ "reason": "no" })),
        }
        Outcome::ok(&())
    }
}
