//! The messages of a game's client, as they go over the wire.

use std::net::SocketAddr;
use std::time::Duration;

use harness::{Received, Socket};
use islands_core::Command;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

/// Time limit of each exchange: longer than the longest stop of the server and its
/// slowest answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// Connects; `None` if there is no server, or it refuses.
pub(crate) async fn connect(address: SocketAddr) -> Option<Socket> {
    let connected = timeout(PATIENCE, Socket::connect(address, &[])).await;
    connected.ok()?.ok()
}

/// Joins a game, with a seat or as a spectator, and returns the response; `None` if
/// the connection ends before the reply.
pub(crate) async fn join(
    socket: &mut Socket,
    topic: &str,
    seat: Option<&str>,
) -> Option<Result<Value, Value>> {
    let params = seat.map_or(json!({}), |seat| json!({ "seat": seat }));
    let join_ref = send(socket, topic, "phx_join", &params).await?;
    let reply = async {
        loop {
            match socket.receive().await {
                Received::Frame(frame) if frame.is_reply_to(&join_ref) => {
                    return Some(frame.into_response());
                }
                Received::Frame(_) => {}
                Received::End(_) => return None,
            }
        }
    };
    timeout(PATIENCE, reply).await.ok()?
}

/// Sends an event and returns its reference; `None` if the connection is gone.
pub(crate) async fn send(
    socket: &mut Socket,
    topic: &str,
    event: &str,
    payload: &Value,
) -> Option<String> {
    let sent = timeout(PATIENCE, socket.send(topic, event, payload)).await;
    sent.ok()?.ok()
}

/// Returns the event and payload of a command with this id.
pub(crate) fn event_and_payload(command: &Command, id: &str) -> (&'static str, Value) {
    let place = |row: i64, col: i64| json!({ "row": row, "col": col });
    let (event, mut payload) = match command {
        // Not used: a table takes its seats over HTTP.
        Command::AddPlayer { name } => ("add_player", json!({ "name": name })),
        Command::PositionIsland(at) => {
            let mut payload = place(at.row, at.col);
            payload["island"] = at.island.as_str().into();
            ("position_island", payload)
        }
        Command::PositionAll { islands } => {
            let places: Map<String, Value> = islands
                .iter()
                .map(|at| (at.island.clone(), place(at.row, at.col)))
                .collect();
            ("position_all", json!({ "islands": places }))
        }
        Command::SetIslands => ("set_islands", json!({})),
        Command::GuessCoordinate { row, col } => ("guess_coordinate", place(*row, *col)),
        Command::Resign => ("resign", json!({})),
        Command::ClaimWin => ("claim_win", json!({})),
        Command::RequestRematch => ("request_rematch", json!({})),
    };
    payload["id"] = id.into();
    (event, payload)
}

/// Splits a message into its sequence number, the content that the core would
/// produce, and the seat that the application adds to a rematch.
pub(crate) fn split_message(mut message: Value) -> (u64, Value, Option<String>) {
    let seq = message["seq"].as_u64().unwrap_or(0);
    let mut seat = None;
    if let Some(fields) = message.as_object_mut() {
        fields.remove("seq");
        seat = fields
            .remove("seat")
            .and_then(|seat| seat.as_str().map(str::to_owned));
    }
    (seq, message, seat)
}

/// Splits the reply to a join or a `view` into its sequence number, the view that
/// the core would produce, and the rematch that the application adds.
pub(crate) fn split_view(mut message: Value) -> (u64, Value, Value) {
    let mut view = message["view"].take();
    let mut next = Value::Null;
    if let Some(fields) = view.as_object_mut() {
        fields.remove("game");
        next = fields.remove("next").unwrap_or_default();
    }
    (message["seq"].as_u64().unwrap_or(0), view, next)
}
