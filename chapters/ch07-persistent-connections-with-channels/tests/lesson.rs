//! What the room sends is what the core says, and nothing is missing in it.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::Arc;

use axum_channels::testing::TestClient;
use axum_channels::{Acceptor, Endpoint};
use ch07::by_hand::Topics;
use ch07::frame::Frame;
use ch07::room;
use futures_util::{SinkExt, StreamExt};
use islands_core::bot::{Strength, guess};
use islands_core::{
    Command, Coordinate, GameId, Placement, Player, StateName, View, Viewer, random_board,
};
use islands_engine::journal::MemoryJournal;
use islands_engine::testing::kill_game;
use islands_engine::{Games, NewGame, Settings};
use islands_seats::SeatKey;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

struct Site {
    games: Games,
    game: GameId,
    seat_key: SeatKey,
    acceptor: Acceptor<()>,
}

impl Site {
    /// Starts a game in which it is Ada's turn.
    async fn start(islands: [Vec<Placement>; 2]) -> Site {
        let journal = Arc::new(MemoryJournal::new());
        let games = Games::start(Settings::default(), journal).await.unwrap();
        let seat_key = SeatKey::new(&[1; 32]);
        let game = games.create("Ada", NewGame::default()).await.unwrap();
        let acceptor = room::channels(games.clone(), seat_key.clone()).accept(&Endpoint::new());
        let site = Site {
            games,
            game,
            seat_key,
            acceptor,
        };
        let name = "Bob".into();
        site.carry_out(Player::Two, Command::AddPlayer { name })
            .await;
        for (player, islands) in Player::BOTH.into_iter().zip(islands) {
            site.carry_out(player, Command::PositionAll { islands })
                .await;
            site.carry_out(player, Command::SetIslands).await;
        }
        site
    }

    async fn carry_out(&self, by: Player, command: Command) {
        let done = self.games.command(self.game, by, command, None).await;
        done.unwrap();
    }

    fn topic(&self) -> String {
        format!("game:{}", self.game)
    }

    fn seat(&self, player: Player) -> String {
        self.seat_key.token(self.game, player)
    }

    /// Joins, and returns the client and the response.
    async fn join(&self, params: &Value) -> (TestClient, Value) {
        let mut client = TestClient::connect(&self.acceptor, ()).await;
        let response = client.join(&self.topic(), params).await.unwrap();
        (client, response)
    }

    async fn player(&self, player: Player) -> TestClient {
        self.join(&json!({ "seat": self.seat(player) })).await.0
    }

    /// Plays with two hunters until the end, or this many guesses.
    async fn play(&self, clients: &mut [TestClient; 2], most: usize) {
        for _ in 0..most {
            let by = match self.view(Player::One).await.public().state {
                StateName::Player1Turn => Player::One,
                StateName::Player2Turn => Player::Two,
                _ => return,
            };
            let View::Player(view) = self.view(by).await else {
                panic!("a player has a player's view");
            };
            let at = guess(&view, Strength::Hunt, 3).unwrap();
            let client = &mut clients[usize::from(by == Player::Two)];
            let payload = json!({ "row": at.row(), "col": at.col() });
            let topic = self.topic();
            let reply = client.push(&topic, "guess_coordinate", &payload);
            assert_eq!(reply.await.status, "ok");
        }
    }

    async fn view(&self, player: Player) -> View {
        let viewer = Viewer::Player(player);
        self.games.view(self.game, viewer).await.unwrap()
    }
}

fn islands(seed: u64) -> Vec<Placement> {
    random_board(seed).islands().map(Into::into).collect()
}

fn numbers<'e>(events: impl IntoIterator<Item = &'e Value>) -> Vec<u64> {
    let events = events.into_iter();
    events.filter_map(|event| event["seq"].as_u64()).collect()
}

#[tokio::test]
async fn both_players_get_every_event_of_a_game_in_order() {
    let site = Site::start([islands(1), islands(2)]).await;
    let mut clients = [
        site.player(Player::One).await,
        site.player(Player::Two).await,
    ];
    site.play(&mut clients, usize::MAX).await;
    let last = site.view(Player::One).await.seq();
    for client in &mut clients {
        let events = client.rest().await;
        let received = numbers(events.iter().map(|event| &event.payload));
        assert_eq!(received, Vec::from_iter(7..=last));
        assert_eq!(events.last().unwrap().event, "game_over");
    }
}

#[tokio::test]
async fn a_client_that_returns_gets_exactly_what_it_has_missed() {
    let site = Site::start([islands(1), islands(2)]).await;
    let mut clients = [
        site.player(Player::One).await,
        site.player(Player::Two).await,
    ];
    site.play(&mut clients, 20).await;
    let last = site.view(Player::One).await.seq();
    for since in 6..=last {
        let params = json!({ "seat": site.seat(Player::One), "since": since });
        let (mut client, response) = site.join(&params).await;
        let missed = numbers(response["events"].as_array().unwrap());
        assert_eq!(missed, Vec::from_iter(since + 1..=last), "since {since}");
        let again = client.rest().await;
        let again = numbers(again.iter().map(|event| &event.payload));
        assert_eq!(again, [0; 0], "since {since}");
    }
}

#[tokio::test]
async fn a_crash_of_the_game_leaves_no_hole() {
    let site = Site::start([islands(1), islands(2)]).await;
    let mut clients = [
        site.player(Player::One).await,
        site.player(Player::Two).await,
    ];
    for _ in 0..3 {
        site.play(&mut clients, 3).await;
        kill_game(&site.games, site.game);
    }
    // More than three crashes within five seconds would be a quarantine. A command starts the game
    // again, and each channel subscribes.
    site.play(&mut clients, 1).await;
    let last = site.view(Player::One).await.seq();
    for client in &mut clients {
        let mut received = Vec::new();
        while received.last() != Some(&last) {
            let topic = site.topic();
            let event = client.expect(&topic, "player_guessed_coordinate");
            received.extend(numbers([&event.await]));
        }
        assert_eq!(received, Vec::from_iter(7..=last));
    }
}

/// Returns what Ada receives while both guess these cells, if Bob's dot is on this one.
async fn received_by_ada(bobs_dot: Coordinate, cells: &[Coordinate]) -> String {
    let mut bobs = islands(2);
    for dot in bobs.iter_mut().filter(|island| island.island == "dot") {
        (dot.row, dot.col) = (bobs_dot.row().into(), bobs_dot.col().into());
    }
    let site = Site::start([islands(1), bobs]).await;
    let mut ada = site.player(Player::One).await;
    let mut received = String::new();
    for at in cells {
        let payload = json!({ "row": at.row(), "col": at.col() });
        let reply = ada.push(&site.topic(), "guess_coordinate", &payload).await;
        received += &reply.response.to_string();
        let (row, col) = (at.row().into(), at.col().into());
        site.carry_out(Player::Two, Command::GuessCoordinate { row, col })
            .await;
    }
    for since in [None, Some(6)] {
        let params = json!({ "seat": site.seat(Player::One), "since": since });
        received += &site.join(&params).await.1.to_string();
    }
    for event in ada.rest().await {
        // A presence has a random reference.
        if !event.event.starts_with("presence") {
            received += &format!("{} {}", event.event, event.payload);
        }
    }
    received
}

#[tokio::test]
async fn what_ada_receives_does_not_depend_on_a_cell_that_she_has_not_guessed() {
    let cells: Vec<Coordinate> = Coordinate::all().take(15).collect();
    let land = random_board(2).land();
    let expected = received_by_ada("H3".parse().unwrap(), &cells).await;
    assert!(expected.contains("player_guessed_coordinate"));
    let free = |at: &Coordinate| !land.contains(*at) && !cells.contains(at);
    for other in Coordinate::all().filter(free).step_by(17) {
        assert_eq!(received_by_ada(other, &cells).await, expected, "{other}");
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn connect(address: SocketAddr) -> Socket {
    let stream = TcpStream::connect(address).await.unwrap();
    let connected = client_async(format!("ws://{address}/"), stream).await;
    connected.unwrap().0
}

async fn next(socket: &mut Socket) -> Frame {
    let message = socket.next().await.unwrap().unwrap();
    Frame::read(message.to_text().unwrap()).unwrap()
}

#[tokio::test]
async fn by_hand_everybody_on_a_topic_gets_what_one_sends() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(Arc::new(Topics::default()).serve(listener));
    let mut sockets = [connect(address).await, connect(address).await];
    let one = || Some("1".to_owned());
    let join = Frame(one(), one(), "room".into(), "phx_join".into(), json!({}));
    for socket in &mut sockets {
        socket.send(Message::text(join.write())).await.unwrap();
        assert_eq!(next(socket).await, join.reply("ok", &json!({})));
    }
    let said = Frame::broadcast("room", "said", &json!({ "text": "hello" }));
    let sent = sockets[0].send(Message::text(said.write())).await;
    sent.unwrap();
    for socket in &mut sockets {
        assert_eq!(next(socket).await, said);
    }
    serving.abort();
}
