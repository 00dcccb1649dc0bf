//! A chat room: open the page in two windows, and talk.
//!
//! ```sh
//! cargo run -p axum-channels --example chat
//! ```

use axum::{Router, response::Html, routing::get};
use axum_channels::{
    Channel, Channels, Context, Endpoint, JoinError, Joined, Outcome, PresenceKey,
};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let endpoint = Endpoint::new();
    let app: Router = Channels::new()
        .channel("room:*", Room)
        .mount("/socket", &endpoint)
        .merge(Router::new().route("/", get(async || Html(PAGE))));
    let listener = TcpListener::bind("127.0.0.1:4001").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await
}

/// Serves every topic that begins with `room:`.
struct Room;

/// The parameters of a join.
#[derive(Deserialize)]
struct Guest {
    name: String,
}

/// The events that a client may send after its join.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum In {
    Say { text: String },
}

impl Channel for Room {
    type Assigns = ();
    type Params = Guest;
    type Event = In;
    type Info = ();
    type State = String;

    async fn join(
        &self,
        Guest { name }: Guest,
        ctx: &Context<()>,
    ) -> Result<Joined<Self>, JoinError> {
        let reason = |bad| JoinError::new(&json!({ "reason": format!("{bad}") }));
        let key = PresenceKey::new(&name).map_err(reason)?;
        ctx.track(&key, &json!({}));
        ctx.push_presence();
        Ok(Joined::new(name))
    }

    async fn handle(&self, name: &String, event: In, ctx: &Context<()>) -> Outcome {
        let In::Say { text } = event;
        ctx.broadcast("said", &json!({ "by": name, "text": text }));
        Outcome::ok(&())
    }
}

/// A client without a library. A frame of protocol version 2 is a JSON array:
/// `[join_ref, ref, topic, event, payload]`.
const PAGE: &str = r#"<!doctype html>
<meta charset="utf-8"><title>Chat</title>
<form><input name="text" autofocus autocomplete="off"> <button>Say</button></form>
<p>Here: <output></output></p><ul></ul>
<script type="module">
  const name = prompt("Your name") || "Nobody";
  const socket = new WebSocket(`ws://${location.host}/socket/websocket?vsn=2.0.0`);
  const send = (event, payload) => socket.send(JSON.stringify(["1", "1", "room:lobby", event, payload]));
  const here = new Map();
  const count = (presences, by) => {
    for (const [key, { metas }] of Object.entries(presences))
      here.set(key, (here.get(key) ?? 0) + by * metas.length);
    const names = [...here].filter(([, tabs]) => tabs > 0).map(([key]) => key);
    document.querySelector("output").value = names.join(", ");
  };
  socket.onopen = () => {
    send("phx_join", { name });
    setInterval(() => socket.send('[null,"0","phoenix","heartbeat",{}]'), 30_000);
  };
  socket.onmessage = ({ data }) => {
    const [, , , event, payload] = JSON.parse(data);
    if (event === "presence_state") (here.clear(), count(payload, 1));
    if (event === "presence_diff") (count(payload.joins, 1), count(payload.leaves, -1));
    if (event === "said") {
      const line = document.createElement("li");
      line.textContent = `${payload.by}: ${payload.text}`;
      document.querySelector("ul").append(line);
    }
  };
  document.forms[0].onsubmit = (submit) => {
    submit.preventDefault();
    send("say", { text: submit.target.text.value });
    submit.target.reset();
  };
</script>
"#;
