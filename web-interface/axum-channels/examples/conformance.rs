//! A server for conformance tests of clients: each rule of the protocol can be observed here.
//!
//! ```sh
//! cargo run -p axum-channels --example conformance -- --port 4777
//! ```
//!
//! - `/socket` closes sockets that are silent for 2 seconds, holds a poll for half a second, reads
//!   auth tokens, and admits pages of `https://example.com`; `/small` takes frames of at most 200
//!   bytes. `?reject=1` is refused with 403 and `?rl=1` with 429; `?uid=X` makes `users:X` the
//!   socket's id.
//! - Topics are `room:*` and `exact`. The part after `room:` selects what the join does: see
//!   `join`. The events are those of [`In`] and, with bytes as their payload, `echo`.

use std::{error::Error, net::Ipv4Addr, time::Duration};

use axum::serve::ListenerExt;
use axum_channels::{
    Bytes, Channel, Channels, Connect, ConnectError, Context, EndReason, Endpoint, InfoOutcome,
    JoinError, Joined, Origins, Outcome, Payload, PresenceKey, Settings,
};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let port = match &arguments[..] {
        [] => 4777,
        [flag, port] if flag == "--port" => port.parse()?,
        _ => return Err("usage: conformance [--port NUMBER]".into()),
    };
    let endpoint = Endpoint::new();
    let settings = Settings {
        idle_timeout: Duration::from_secs(2),
        long_poll_window: Duration::from_millis(500),
        origins: Origins::list(["https://example.com"])?,
        ..unhurried()
    };
    let small = Settings {
        max_frame_bytes: 200,
        ..unhurried()
    };
    let app: axum::Router = channels(settings)
        .mount("/socket", &endpoint)
        .merge(channels(small).mount("/small", &endpoint));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    // Nagle's algorithm would delay small frames.
    let listener = listener.tap_io(|stream| _ = stream.set_nodelay(true));
    Ok(axum::serve(listener, app).await?)
}

/// Settings without rate limits: tests may send as fast as they can.
fn unhurried() -> Settings {
    Settings {
        frames_per_second: u32::MAX,
        bytes_per_second: u32::MAX,
        joins_per_second: u32::MAX,
        ..Settings::default()
    }
}

/// The parameter `uid` of a socket.
struct User(Option<String>);

fn channels(settings: Settings) -> Channels<User> {
    Channels::on_connect(connect)
        .socket_id(|User(uid)| uid.as_ref().map(|uid| format!("users:{uid}")))
        .channel("room:*", Room)
        .channel("exact", Room)
        .settings(settings)
}

async fn connect(connect: Connect) -> Result<User, ConnectError> {
    if connect.param("reject").is_some() {
        return Err(ConnectError::forbidden("rejected"));
    }
    if connect.param("rl").is_some() {
        let status = axum::http::StatusCode::TOO_MANY_REQUESTS;
        return Err(ConnectError::new(status, "slow down"));
    }
    Ok(User(connect.param("uid").map(str::to_owned)))
}

struct Room;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum In {
    Echo(Value),
    Status,
    CustomStatus,
    Err,
    Noreply,
    Bcast(Value),
    BcastFrom(Value),
    Binpush,
    Icept(Value),
    StopNormal,
    StopShutdown,
    StopError,
    Raise,
    Kill,
    Update,
    DisconnectMe,
    Drain,
}

impl Channel for Room {
    type Assigns = User;
    type Params = Value;
    type Event = In;
    type Info = ();
    /// The key under which the client is present.
    type State = Option<PresenceKey>;

    const INTERCEPTS: &'static [&'static str] = &["icept"];

    async fn join(&self, params: Value, ctx: &Context<User>) -> Result<Joined<Self>, JoinError> {
        match ctx.subtopic() {
            "deny" => Err(JoinError::new(&json!({ "reason": "unauthorized" }))),
            "crash" => panic!("a join that crashes"),
            "slow" => {
                tokio::time::sleep(Duration::from_millis(400)).await;
                Ok(Joined::new(None))
            }
            "reply" => Ok(Joined::new(None).reply(&json!({ "echo": params }))),
            "after" => Ok(Joined::new(None).follow(stream::iter([()]))),
            "pres" => {
                let name = params["name"].as_str().unwrap_or_default();
                let reason = |bad| JoinError::new(&json!({ "reason": format!("{bad}") }));
                let key = PresenceKey::new(name).map_err(reason)?;
                ctx.track(&key, &json!({ "online_at": 1 }));
                ctx.push_presence();
                Ok(Joined::new(Some(key)))
            }
            _ => Ok(Joined::new(None)),
        }
    }

    async fn join_binary(
        &self,
        params: Bytes,
        _: &Context<User>,
    ) -> Result<Joined<Self>, JoinError> {
        Ok(Joined::new(None).reply(&json!({ "echo": params.len() })))
    }

    async fn handle(
        &self,
        present: &Option<PresenceKey>,
        event: In,
        ctx: &Context<User>,
    ) -> Outcome {
        match event {
            In::Echo(payload) => return Outcome::ok(&json!({ "echo": payload })),
            In::Status => {}
            In::CustomStatus => return Outcome::status("weird", &json!({ "x": 1 })),
            In::Err => return Outcome::error(&json!({ "reason": "no" })),
            In::Noreply => return Outcome::none(),
            In::Bcast(payload) => ctx.broadcast("bcast", &payload),
            In::BcastFrom(payload) => ctx.broadcast_from("bcast", &payload),
            In::Binpush => {
                ctx.push_binary("bin", vec![9, 8]);
                ctx.broadcast_binary("bbin", vec![7]);
            }
            In::Icept(payload) => ctx.broadcast("icept", &payload),
            In::StopNormal => return Outcome::stop(),
            In::StopShutdown => return Outcome::ok(&json!({ "bye": 1 })).then_stop(),
            In::StopError => return Outcome::error(&json!({ "bye": 1 })).then_fail(),
            In::Raise => panic!("an event that crashes"),
            In::Kill => return Outcome::fail(),
            In::Update => {
                if let Some(key) = present {
                    ctx.track(key, &json!({ "online_at": 2 }));
                }
            }
            In::DisconnectMe => {
                let User(uid) = ctx.assigns();
                let id = format!("users:{}", uid.as_deref().unwrap_or_default());
                ctx.endpoint().disconnect(&id);
            }
            In::Drain => {
                let endpoint = ctx.endpoint().clone();
                tokio::spawn(async move { endpoint.drain(Duration::from_secs(10)).await });
            }
        }
        Outcome::ok(&())
    }

    async fn handle_binary(
        &self,
        _: &Option<PresenceKey>,
        event: &str,
        data: Bytes,
        _: &Context<User>,
    ) -> Outcome {
        match event {
            "echo" => Outcome::binary("ok", data),
            _ => Outcome::error(&json!({ "reason": "unknown event" })),
        }
    }

    fn info(
        &self,
        _: &Option<PresenceKey>,
        item: Option<()>,
        ctx: &Context<User>,
    ) -> InfoOutcome<Self> {
        if item.is_some() {
            ctx.push("pushed", &json!({ "a": 1 }));
            ctx.broadcast("bcast", &json!({ "b": 2 }));
        }
        InfoOutcome::Continue
    }

    fn intercept(
        &self,
        _: &Option<PresenceKey>,
        _: &str,
        payload: &Payload,
        _: &Context<User>,
    ) -> Option<Payload> {
        let mut seen: Value = serde_json::from_str(payload.as_str()).ok()?;
        seen["seen"] = true.into();
        Payload::object(&seen).ok()
    }

    fn terminate(&self, _: &Option<PresenceKey>, _: EndReason, ctx: &Context<User>) {
        if ctx.subtopic() == "term" {
            ctx.push("you_left", &json!({ "m": "bye" }));
        }
    }
}
