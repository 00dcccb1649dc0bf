//! How long a game's moves take at a server that runs already, over the sockets of two players, and
//! with so much news in its lobby.
//!
//! `crowded ADDRESS SECONDS NEWS`: games are opened, and then moves come at a steady rate, whether or
//! not those before were answered: who has to wait is counted as waiting from when the move was due.
//! Meanwhile so many events a second are told in the lobby, which is where the crowd is.

mod http;

use std::error::Error;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use islands_core::Coordinate;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Message, WebSocket, client::client};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Games that are played in turn.
const GAMES: usize = 20;
const MOVES_PER_SECOND: u32 = 100;

fn main() -> Outcome {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, seconds, news] = &args[..] else {
        // `cargo bench` runs all benches: this one is run by `cargo x bench wire`.
        return Ok(());
    };
    let (seconds, news): (u32, u32) = (seconds.parse()?, news.parse()?);
    let mut tables = (0..GAMES)
        .map(|_| Table::open(address))
        .collect::<Outcome<Vec<_>>>()?;
    let is_over = AtomicBool::new(false);
    let Played {
        mut times,
        deliveries_per_second,
    } = thread::scope(|scope| {
        let telling = scope.spawn(|| tell(address, news, &is_over));
        // The lobby is in full swing when the first move is made.
        sleep(Duration::from_secs(1));
        let played = play(address, &mut tables, seconds * MOVES_PER_SECOND);
        is_over.store(true, Relaxed);
        telling.join().map_err(|_| "nobody tells the news")??;
        played
    })?;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(times.len() as f64 * share) as usize] * 1e3;
    println!(
        r#"{{"p50":{:.3},"p99":{:.3},"deliveries_per_second":{deliveries_per_second:.0}}}"#,
        at(0.5),
        at(0.99),
    );
    Ok(())
}

/// The seconds that each move took, and what was delivered meanwhile.
struct Played {
    times: Vec<f64>,
    deliveries_per_second: f64,
}

/// Makes so many moves, in one game after the other.
fn play(address: &str, tables: &mut [Table], moves: u32) -> Outcome<Played> {
    let (before, began) = (deliveries(address)?, Instant::now());
    let gap = Duration::from_secs(1) / MOVES_PER_SECOND;
    let mut chance = fastrand::Rng::with_seed(1);
    let mut due = Instant::now();
    let mut times = Vec::new();
    for number in 0..moves as usize {
        // Not in step with the news.
        due += gap.mul_f64(2.0 * chance.f64());
        sleep(due.saturating_duration_since(Instant::now()));
        tables[number % GAMES].guess()?;
        times.push(due.elapsed().as_secs_f64());
    }
    let delivered = deliveries(address)? - before;
    Ok(Played {
        times,
        deliveries_per_second: delivered / began.elapsed().as_secs_f64(),
    })
}

/// Opens listed games and closes them: two events, one after the other.
fn tell(address: &str, per_second: u32, is_over: &AtomicBool) -> Outcome {
    if per_second == 0 {
        return Ok(());
    }
    let gap = Duration::from_secs(1) / per_second;
    let mut due = Instant::now();
    let mut wait = || {
        due += gap;
        sleep(due.saturating_duration_since(Instant::now()));
    };
    while !is_over.load(Relaxed) {
        let opened = post(
            address,
            "/api/games",
            &json!({"name": "Ada", "listed": true}),
        )?;
        wait();
        let players = format!("/api/games/{}/players", text(&opened, "game")?);
        post(address, &players, &json!({"name": "Bob"}))?;
        wait();
    }
    Ok(())
}

/// A game with both players on a socket each.
struct Table {
    players: [Player; 2],
    /// What is guessed: first by one player, then by the other.
    water: Vec<Coordinate>,
    guesses: usize,
}

impl Table {
    fn open(address: &str) -> Outcome<Table> {
        let opened = post(address, "/api/games", &json!({"name": "Ada"}))?;
        let game = text(&opened, "game")?;
        let players = format!("/api/games/{game}/players");
        let joined = post(address, &players, &json!({"name": "Bob"}))?;
        let mut players = [
            Player::join(address, game, text(&opened, "seat")?)?,
            Player::join(address, game, text(&joined, "seat")?)?,
        ];
        let islands = json!({
            "square": {"row": 1, "col": 1}, "atoll": {"row": 1, "col": 4},
            "l_shape": {"row": 5, "col": 1}, "s_shape": {"row": 5, "col": 4},
            "dot": {"row": 9, "col": 9},
        });
        let mut board = Value::Null;
        for player in &mut players {
            player.ask("position_all", &json!({ "islands": islands }))?;
            board = player.ask("set_islands", &json!({}))?;
        }
        // Neither wins, so the game goes on for as long as there is water.
        let islands = board["board"].as_object().ok_or("no board")?;
        let land: Vec<&Value> = islands
            .values()
            .filter_map(Value::as_array)
            .flatten()
            .collect();
        let is_water = |at: &Coordinate| !land.contains(&&place(*at));
        Ok(Table {
            players,
            water: Coordinate::all().filter(is_water).collect(),
            guesses: 0,
        })
    }

    fn guess(&mut self) -> Outcome {
        let at = self
            .water
            .get(self.guesses / 2)
            .ok_or("the game has no water left")?;
        self.players[self.guesses % 2].ask("guess_coordinate", &place(*at))?;
        self.guesses += 1;
        Ok(())
    }
}

fn place(at: Coordinate) -> Value {
    json!({ "row": at.row(), "col": at.col() })
}

/// A player's socket.
struct Player {
    socket: WebSocket<TcpStream>,
    topic: String,
    last_ref: u64,
}

impl Player {
    fn join(address: &str, game: &str, seat: &str) -> Outcome<Player> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let url = format!("ws://{address}/socket/websocket?vsn=2.0.0");
        let (socket, _) = client(url, stream).map_err(|error| error.to_string())?;
        let mut player = Player {
            socket,
            topic: format!("game:{game}"),
            last_ref: 0,
        };
        player.ask("phx_join", &json!({ "seat": seat }))?;
        Ok(player)
    }

    /// Sends an event and reads on until its reply is there.
    fn ask(&mut self, event: &str, payload: &Value) -> Outcome<Value> {
        self.last_ref += 1;
        let reference = self.last_ref.to_string();
        let frame = json!(["1", reference, self.topic, event, payload]);
        self.socket.send(Message::text(frame.to_string()))?;
        loop {
            let frame: Value = match self.socket.read()? {
                Message::Text(text) => serde_json::from_str(&text)?,
                _ => continue,
            };
            if frame[1] == reference && frame[3] == "phx_reply" {
                return match frame[4]["status"].as_str() {
                    Some("ok") => Ok(frame[4]["response"].clone()),
                    _ => Err(format!("{event}: {}", frame[4]).into()),
                };
            }
        }
    }
}

/// Deliveries of broadcasts so far.
fn deliveries(address: &str) -> Outcome<f64> {
    let metrics = http::ask(address, "GET /metrics", "")?;
    let mut lines = metrics.lines();
    let count = lines.find_map(|line| line.strip_prefix("islands_wire_deliveries_total "));
    Ok(count
        .ok_or("the server does not count deliveries")?
        .parse()?)
}

fn post(address: &str, path: &str, body: &Value) -> Outcome<Value> {
    let answer = http::ask(address, &format!("POST {path}"), &body.to_string())?;
    let (_, body) = answer
        .split_once("\r\n\r\n")
        .ok_or("an answer has a body")?;
    Ok(serde_json::from_str(body)?)
}

fn text<'v>(value: &'v Value, name: &str) -> Outcome<&'v str> {
    let text = value[name].as_str();
    text.ok_or_else(|| format!("there is no {name} in {value}").into())
}
