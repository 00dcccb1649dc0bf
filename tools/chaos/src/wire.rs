//! A client's socket: Phoenix frames in version 2 of their form, one topic.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use islands_core::{Command, GameId};
use serde_json::{Map, Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

/// Longer than the longest stop of the server and its slowest answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// What comes over a socket.
pub(crate) enum Heard {
    /// The reply to what was sent under this reference.
    Reply {
        reference: u64,
        response: Result<Value, Value>,
    },
    /// Something that happened.
    Push { event: String, payload: Value },
    /// The end, with the code of the close frame if there was one.
    End(Option<u16>),
}

/// A socket that has joined a game, or is about to.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    topic: String,
    last_ref: u64,
}

impl Socket {
    /// Connects; `None` if there is no server, or it does not want to.
    pub(crate) async fn connect(address: SocketAddr, game: GameId) -> Option<Socket> {
        let connected = async {
            let stream = TcpStream::connect(address).await.ok()?;
            stream.set_nodelay(true).ok()?;
            let url = format!("ws://{address}/socket/websocket?vsn=2.0.0");
            let (stream, _) = client_async(url, stream).await.ok()?;
            Some(Socket {
                stream,
                topic: format!("game:{game}"),
                last_ref: 0,
            })
        };
        timeout(PATIENCE, connected).await.ok()?
    }

    /// Joins the game, with a seat or as a spectator, and returns what the reply
    /// says; `None` if the connection ends before there is one.
    pub(crate) async fn join(&mut self, seat: Option<&str>) -> Option<Result<Value, Value>> {
        let params = seat.map_or(json!({}), |seat| json!({ "seat": seat }));
        let joining = self.send("phx_join", params).await?;
        let reply = async {
            loop {
                match self.hear().await {
                    Heard::Reply {
                        reference,
                        response,
                    } if reference == joining => return Some(response),
                    Heard::End(_) => return None,
                    _ => {}
                }
            }
        };
        timeout(PATIENCE, reply).await.ok()?
    }

    /// Sends an event and returns its reference; `None` if the connection is gone.
    pub(crate) async fn send(&mut self, event: &str, payload: Value) -> Option<u64> {
        let (reference, text) = self.frame(event, &payload);
        self.send_text(text).await?;
        Some(reference)
    }

    /// Sends a frame; `None` if the connection is gone.
    pub(crate) async fn send_text(&mut self, text: String) -> Option<()> {
        let sent = timeout(PATIENCE, self.stream.send(Message::text(text))).await;
        sent.ok()?.ok()
    }

    /// The next frame and its reference.
    pub(crate) fn frame(&mut self, event: &str, payload: &Value) -> (u64, String) {
        self.last_ref += 1;
        // The first thing that is sent is the join.
        let frame = json!(["1", self.last_ref.to_string(), self.topic, event, payload]);
        (self.last_ref, frame.to_string())
    }

    /// Whatever comes next. Nothing is lost if this is not waited for to its end.
    pub(crate) async fn hear(&mut self) -> Heard {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    if let Some(heard) = read(&text) {
                        return heard;
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return Heard::End(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::End(None),
            }
        }
    }

    /// The connection under the socket.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream.into_inner()
    }
}

fn read(text: &str) -> Option<Heard> {
    let (_join_ref, reference, _topic, event, mut payload): (Value, Value, Value, String, Value) =
        serde_json::from_str(text).ok()?;
    if event != "phx_reply" {
        return Some(Heard::Push { event, payload });
    }
    let response = payload["response"].take();
    Some(Heard::Reply {
        reference: reference.as_str()?.parse().ok()?,
        response: match payload["status"].as_str() {
            Some("ok") => Ok(response),
            _ => Err(response),
        },
    })
}

/// A command as it goes over the wire, under this id.
pub(crate) fn told(command: &Command, id: &str) -> (&'static str, Value) {
    let place = |row: i64, col: i64| json!({ "row": row, "col": col });
    let (event, mut payload) = match command {
        // A seat is taken over HTTP.
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

/// Takes the sequence number out of what was told, and what the application adds
/// to what the core says: the game's id and the seat of a rematch.
pub(crate) fn plain(mut told: Value) -> (u64, Value, Option<String>) {
    let seq = told["seq"].as_u64().unwrap_or(0);
    let mut seat = None;
    if let Some(fields) = told.as_object_mut() {
        fields.remove("seq");
        seat = fields
            .remove("seat")
            .and_then(|seat| seat.as_str().map(str::to_owned));
    }
    (seq, told, seat)
}

/// The view in the reply to a join or a look, likewise: its number, the view as
/// the core has it, and the rematch.
pub(crate) fn plain_view(mut told: Value) -> (u64, Value, Value) {
    let mut view = told["view"].take();
    let mut next = Value::Null;
    if let Some(fields) = view.as_object_mut() {
        fields.remove("game");
        next = fields.remove("next").unwrap_or_default();
    }
    (told["seq"].as_u64().unwrap_or(0), view, next)
}
