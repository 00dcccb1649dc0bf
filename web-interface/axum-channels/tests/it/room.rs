//! The channel `room:*`, where most tests take place.

use std::sync::Arc;

use axum_channels::{
    Bytes, Channel, Context, EndReason, InfoOutcome, JoinError, Joined, Outcome, Payload,
    PresenceKey,
};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};

use crate::{client::in_time, server::User};

/// A channel with an event for each thing that a channel can do.
pub(crate) struct Room {
    pub(crate) gate: Arc<Semaphore>,
    pub(crate) ended: mpsc::UnboundedSender<EndReason>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum In {
    Echo(Value),
    Whoami,
    CustomStatus,
    Err,
    Noreply,
    Guess { row: i64, col: i64 },
    Push(Value),
    PushMany { count: usize },
    PushNothing,
    PushLater,
    Bcast(Value),
    BcastFrom(Value),
    Icept(Value),
    Binpush,
    Track { name: String, online_at: u8 },
    Untrack,
    PushPresence,
    Binreply,
    Wait,
    ReplyLater,
    StopNormal,
    StopShutdown,
    StopError,
    Fail,
    Raise,
}

impl Channel for Room {
    type Assigns = User;
    type Params = Value;
    type Event = In;
    type Info = &'static str;
    type State = ();

    const INTERCEPTS: &'static [&'static str] = &["icept", "icept_raise"];

    async fn join(&self, params: Value, ctx: &Context<User>) -> Result<Joined<Self>, JoinError> {
        match ctx.subtopic() {
            "deny" => Err(JoinError::new(&json!({ "reason": "unauthorized" }))),
            "crash" => panic!("crash"),
            "reply" => Ok(Joined::new(()).reply(&json!({ "echo": params }))),
            "after" => Ok(Joined::new(()).follow(stream::iter(["after"]))),
            "raise_after" => Ok(Joined::new(()).follow(stream::iter(["raise"]))),
            "stop_after" => Ok(Joined::new(()).follow(stream::iter(["stop"]))),
            "early" => {
                ctx.push("early", &json!({}));
                ctx.broadcast("early_bcast", &json!({}));
                Ok(Joined::new(()))
            }
            "pres" | "pres_refused" => {
                let name = params["name"].as_str().unwrap_or_default();
                let key = PresenceKey::new(name).map_err(|bad| JoinError::new(&bad.to_string()))?;
                ctx.track(&key, &json!({ "online_at": 1 }));
                ctx.push_presence();
                let refused = ctx.subtopic() == "pres_refused";
                let refusal = || JoinError::new(&json!({ "reason": "no" }));
                (!refused).then(|| Joined::new(())).ok_or_else(refusal)
            }
            "wait" => {
                in_time(self.gate.acquire()).await.unwrap().forget();
                let denied = params
                    .get("deny")
                    .map(|_| JoinError::new(&json!({ "reason": "late" })));
                denied.map_or_else(|| Ok(Joined::new(())), Err)
            }
            _ => Ok(Joined::new(())),
        }
    }

    async fn handle(&self, _: &(), event: In, ctx: &Context<User>) -> Outcome {
        match event {
            In::Echo(payload) => Outcome::ok(&json!({ "echo": payload })),
            In::Whoami => {
                let User { name, token, peer } = ctx.assigns();
                let peer = peer.map(|peer| peer.ip());
                Outcome::ok(&json!({ "name": name, "token": token, "peer": peer }))
            }
            In::CustomStatus => Outcome::status("weird", &json!({ "x": 1 })),
            In::Err => Outcome::error(&json!({ "reason": "no" })),
            In::Noreply => Outcome::none(),
            In::Guess { row, col } => Outcome::ok(&json!({ "sum": row + col })),
            In::Push(payload) => {
                ctx.push("pushed", &payload);
                Outcome::ok(&())
            }
            In::PushMany { count } => {
                (0..count).for_each(|n| ctx.push("n", &json!({ "n": n })));
                Outcome::ok(&())
            }
            In::PushNothing => {
                ctx.push("nothing", &7);
                Outcome::ok(&())
            }
            In::PushLater => {
                let (gate, ctx) = (Arc::clone(&self.gate), ctx.clone());
                tokio::spawn(async move {
                    in_time(gate.acquire()).await.unwrap().forget();
                    ctx.push("later", &json!({}));
                });
                Outcome::none()
            }
            In::Bcast(payload) => {
                ctx.broadcast("bcast", &payload);
                Outcome::ok(&())
            }
            In::BcastFrom(payload) => {
                ctx.broadcast_from("bcast", &payload);
                Outcome::ok(&())
            }
            In::Icept(payload) => {
                ctx.broadcast("icept", &payload);
                Outcome::none()
            }
            In::Binpush => {
                ctx.push_binary("bin", vec![9, 8]);
                ctx.broadcast_binary("bbin", vec![7]);
                Outcome::ok(&())
            }
            In::Track { name, online_at } => {
                let key = PresenceKey::new(&name).unwrap();
                ctx.track(&key, &json!({ "online_at": online_at }));
                Outcome::none()
            }
            In::Untrack => {
                ctx.untrack();
                Outcome::none()
            }
            In::PushPresence => {
                ctx.push_presence();
                Outcome::none()
            }
            In::Binreply => Outcome::binary("ok", vec![1]),
            In::Wait => {
                in_time(self.gate.acquire()).await.unwrap().forget();
                Outcome::ok(&json!({ "waited": true }))
            }
            In::ReplyLater => {
                let (gate, replier) = (Arc::clone(&self.gate), ctx.replier());
                tokio::spawn(async move {
                    in_time(gate.acquire()).await.unwrap().forget();
                    replier.ok(&json!({ "later": true }));
                });
                Outcome::none()
            }
            In::StopNormal => Outcome::stop(),
            In::StopShutdown => Outcome::ok(&json!({ "bye": 1 })).then_stop(),
            In::StopError => Outcome::error(&json!({ "bye": 1 })).then_fail(),
            In::Fail => Outcome::fail(),
            In::Raise => panic!("raise"),
        }
    }

    async fn join_binary(
        &self,
        params: Bytes,
        _: &Context<User>,
    ) -> Result<Joined<Self>, JoinError> {
        Ok(Joined::new(()).reply(&json!({ "echo": params.len() })))
    }

    async fn handle_binary(&self, _: &(), event: &str, data: Bytes, _: &Context<User>) -> Outcome {
        match event {
            "echo" => Outcome::binary("ok", data),
            "count" => Outcome::ok(&json!({ "bytes": data.len() })),
            _ => Outcome::fail(),
        }
    }

    fn info(&self, _: &(), item: Option<&'static str>, ctx: &Context<User>) -> InfoOutcome<Self> {
        match item {
            Some("after") => {
                ctx.push("pushed", &json!({ "a": 1 }));
                ctx.broadcast("bcast", &json!({ "b": 2 }));
                InfoOutcome::Continue
            }
            Some("stop") => InfoOutcome::Stop,
            Some(_) => panic!("raise"),
            None => InfoOutcome::Continue,
        }
    }

    fn intercept(
        &self,
        _: &(),
        event: &str,
        payload: &Payload,
        ctx: &Context<User>,
    ) -> Option<Payload> {
        assert!(event != "icept_raise", "raise");
        let shown = ctx.subtopic() != "blind";
        shown.then(|| Payload::object(&json!({ "seen": true, "it": payload })).unwrap())
    }

    fn terminate(&self, _: &(), reason: EndReason, ctx: &Context<User>) {
        if ctx.subtopic() == "term" {
            ctx.push("you_left", &json!({ "m": "bye" }));
        }
        let _ = self.ended.send(reason);
    }
}
