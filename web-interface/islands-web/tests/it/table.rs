//! A game whose players each have a socket of their own.

use std::net::SocketAddr;

use islands_core::{Board, Coordinate, Placement, Player, random_board};
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::http::post;

/// A game of Ada, player 1, and Bob, player 2.
pub(crate) struct Table {
    address: SocketAddr,
    pub(crate) game: String,
    seats: [String; 2],
}

impl Table {
    pub(crate) async fn open(address: SocketAddr) -> Table {
        let opened = post(address, "/api/games", r#"{"name": "Ada"}"#)
            .await
            .json();
        let game = text(&opened["game"]);
        let path = format!("/api/games/{game}/players");
        let joined = post(address, &path, r#"{"name": "Bob"}"#).await.json();
        let seats = [text(&opened["seat"]), text(&joined["seat"])];
        Table {
            address,
            game,
            seats,
        }
    }

    pub(crate) fn seat(&self, player: Player) -> &str {
        &self.seats[player as usize]
    }

    pub(crate) fn topic(&self) -> String {
        format!("game:{}", self.game)
    }

    pub(crate) async fn join_as(&self, player: Player) -> Guest {
        Guest::join(self.address, &self.game, json!({"seat": self.seat(player)})).await
    }

    pub(crate) async fn join_as_spectator(&self) -> Guest {
        Guest::join(self.address, &self.game, json!({})).await
    }

    /// Both players join and set their islands. Then it is Ada's turn, and neither has
    /// an unread push.
    pub(crate) async fn begin(&self) -> (Guest, Guest) {
        let mut ada = self.join_as(Player::One).await;
        let mut bob = self.join_as(Player::Two).await;
        ada.set_islands(board(Player::One)).await;
        bob.set_islands(board(Player::Two)).await;
        for guest in [&mut ada, &mut bob] {
            for seq in 3..=6 {
                assert_eq!(guest.client.next_push().await.payload["seq"], seq);
            }
        }
        (ada, bob)
    }
}

/// A client at a table: one socket, one topic.
pub(crate) struct Guest {
    pub(crate) client: Client,
    topic: String,
    /// The reply to the join.
    pub(crate) joined: Value,
}

impl Guest {
    pub(crate) async fn join(address: SocketAddr, game: &str, params: Value) -> Guest {
        let mut client = Client::connect(address).await;
        let topic = format!("game:{game}");
        let joined = client.join(&topic, params).await.unwrap();
        Guest {
            client,
            topic,
            joined,
        }
    }

    pub(crate) async fn call(&mut self, event: &str, payload: Value) -> Result<Value, Value> {
        self.client.call(&self.topic, event, payload).await
    }

    /// Sends a command that must be accepted.
    pub(crate) async fn call_ok(&mut self, event: &str, payload: Value) -> Value {
        self.call(event, payload).await.unwrap()
    }

    /// Sends a command that must be refused, with a message for people.
    pub(crate) async fn call_refused(&mut self, event: &str, payload: Value) -> Value {
        let refusal = self.call(event, payload).await.unwrap_err();
        assert_ne!(refusal["message"].as_str().unwrap_or_default(), "");
        refusal
    }

    pub(crate) async fn send(&mut self, event: &str, payload: Value) -> String {
        self.client.send(&self.topic, event, payload).await
    }

    /// Returns the payload of the next push, which must be this event.
    pub(crate) async fn next_event(&mut self, event: &str) -> Value {
        let frame = self.client.next_push().await;
        assert_eq!(frame.event, event, "{}", frame.payload);
        frame.payload
    }

    pub(crate) async fn view(&mut self) -> Value {
        self.call_ok("view", json!({})).await["view"].take()
    }

    pub(crate) async fn set_islands(&mut self, board: Board) {
        self.call_ok("position_all", json!({"islands": islands_json(board)}))
            .await;
        self.call_ok("set_islands", json!({})).await;
    }
}

/// The board of a player in the tests that need no special one.
pub(crate) fn board(player: Player) -> Board {
    random_board(player as u64)
}

/// The payload that positions the islands of `board`.
pub(crate) fn islands_json(board: Board) -> Value {
    let islands_json = board.islands().map(|island| {
        let Placement { island, row, col } = island.into();
        (island, json!({"row": row, "col": col}))
    });
    islands_json.collect::<Map<_, _>>().into()
}

/// A cell as JSON.
pub(crate) fn cell_json(cell: Coordinate) -> Value {
    json!({"row": cell.row(), "col": cell.col()})
}

/// The cells where a guess at this player's islands hits, in order.
pub(crate) fn land(player: Player) -> Vec<Coordinate> {
    board(player).land().iter().collect()
}

/// The cells where such a guess misses.
pub(crate) fn water(player: Player) -> Vec<Coordinate> {
    let land = board(player).land();
    Coordinate::all()
        .filter(|cell| !land.contains(*cell))
        .collect()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
