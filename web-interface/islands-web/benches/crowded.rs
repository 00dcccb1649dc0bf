//! Measures the latency of moves at a running server while its lobby is busy.
//!
//! `crowded ADDRESS SECONDS NEWS`: opens games over two players' sockets each, then sends moves at
//! a steady rate. A move's latency counts from when it was due, so a move that waits for the one
//! before counts its wait. Meanwhile the lobby, which the crowd has joined, broadcasts `NEWS`
//! events a second.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use harness::{Received, Socket};
use islands_core::Coordinate;
use serde_json::{Value, json};
use tokio::task::block_in_place;
use tokio::time::{Instant, sleep, sleep_until};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Games that are played in turn.
const GAMES: usize = 20;
const MOVES_PER_SECOND: u32 = 100;

#[tokio::main]
async fn main() -> Outcome {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, seconds, lobby_events] = &args[..] else {
        // `cargo bench` runs all benches without arguments; `cargo x bench wire` runs this one.
        return Ok(());
    };
    let address: SocketAddr = address.parse()?;
    let (seconds, lobby_events): (u32, u32) = (seconds.parse()?, lobby_events.parse()?);
    let mut tables = Vec::new();
    for _ in 0..GAMES {
        tables.push(Table::open(address).await?);
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let broadcasts = tokio::spawn(broadcast_lobby_events(
        address,
        lobby_events,
        Arc::clone(&is_over),
    ));
    // The lobby has its full rate when the first move is made.
    sleep(Duration::from_secs(1)).await;
    let Played {
        mut times,
        deliveries_per_second,
    } = play(address, &mut tables, seconds * MOVES_PER_SECOND).await?;
    is_over.store(true, Relaxed);
    broadcasts.await??;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(times.len() as f64 * share) as usize] * 1e3;
    println!(
        r#"{{"p50":{:.3},"p99":{:.3},"deliveries_per_second":{deliveries_per_second:.0}}}"#,
        at(0.5),
        at(0.99),
    );
    Ok(())
}

/// The seconds that each move took, and the deliveries meanwhile.
struct Played {
    times: Vec<f64>,
    deliveries_per_second: f64,
}

/// Makes `moves` moves, in one game after the other.
async fn play(address: SocketAddr, tables: &mut [Table], moves: u32) -> Outcome<Played> {
    let (before, began) = (deliveries(address).await?, Instant::now());
    let gap = Duration::from_secs(1) / MOVES_PER_SECOND;
    let mut rng = fastrand::Rng::with_seed(1);
    let mut due = Instant::now();
    let mut times = Vec::new();
    for number in 0..moves as usize {
        // At random, so that moves are not in step with the lobby's events.
        due += gap.mul_f64(2.0 * rng.f64());
        // The runtime's timer can be a millisecond late.
        let wait = due.saturating_duration_since(Instant::now());
        block_in_place(|| std::thread::sleep(wait));
        tables[number % GAMES].guess().await?;
        times.push(due.elapsed().as_secs_f64());
    }
    let delivered = deliveries(address).await? - before;
    Ok(Played {
        times,
        deliveries_per_second: delivered / began.elapsed().as_secs_f64(),
    })
}

/// Opens and closes listed games, which broadcasts two events each.
async fn broadcast_lobby_events(
    address: SocketAddr,
    per_second: u32,
    is_over: Arc<AtomicBool>,
) -> Outcome {
    if per_second == 0 {
        return Ok(());
    }
    let gap = Duration::from_secs(1) / per_second;
    let mut due = Instant::now();
    while !is_over.load(Relaxed) {
        let listed = json!({"name": "Ada", "listed": true});
        let opened = post(address, "/api/games", &listed).await?;
        due += gap;
        sleep_until(due).await;
        let players = format!("/api/games/{}/players", text(&opened, "game")?);
        post(address, &players, &json!({"name": "Bob"})).await?;
        due += gap;
        sleep_until(due).await;
    }
    Ok(())
}

/// A game with one socket for each player.
struct Table {
    players: [Player; 2],
    /// The cells to guess: each by one player, then by the other.
    water: Vec<Coordinate>,
    guesses: usize,
}

impl Table {
    async fn open(address: SocketAddr) -> Outcome<Table> {
        let opened = post(address, "/api/games", &json!({"name": "Ada"})).await?;
        let game = text(&opened, "game")?;
        let players = format!("/api/games/{game}/players");
        let joined = post(address, &players, &json!({"name": "Bob"})).await?;
        let mut players = [
            Player::join(address, game, text(&opened, "seat")?).await?,
            Player::join(address, game, text(&joined, "seat")?).await?,
        ];
        let islands = json!({
            "square": {"row": 1, "col": 1}, "atoll": {"row": 1, "col": 4},
            "l_shape": {"row": 5, "col": 1}, "s_shape": {"row": 5, "col": 4},
            "dot": {"row": 9, "col": 9},
        });
        let mut board = Value::Null;
        for player in &mut players {
            let islands = json!({ "islands": islands });
            player.call("position_all", &islands).await?;
            board = player.call("set_islands", &json!({})).await?;
        }
        // Only misses, so that neither player wins while there is water left.
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

    async fn guess(&mut self) -> Outcome {
        let at = self
            .water
            .get(self.guesses / 2)
            .ok_or("the game has no water left")?;
        let player = &mut self.players[self.guesses % 2];
        player.call("guess_coordinate", &place(*at)).await?;
        self.guesses += 1;
        Ok(())
    }
}

fn place(at: Coordinate) -> Value {
    json!({ "row": at.row(), "col": at.col() })
}

/// A player's socket.
struct Player {
    socket: Socket,
    topic: String,
}

impl Player {
    async fn join(address: SocketAddr, game: &str, seat: &str) -> Outcome<Player> {
        let mut player = Player {
            socket: Socket::connect(address, &[]).await?,
            topic: format!("game:{game}"),
        };
        player.call("phx_join", &json!({ "seat": seat })).await?;
        Ok(player)
    }

    /// Sends an event and reads until its reply arrives.
    async fn call(&mut self, event: &str, payload: &Value) -> Outcome<Value> {
        let reference = self.socket.send(&self.topic, event, payload).await?;
        loop {
            match self.socket.receive().await {
                Received::Frame(frame) if frame.is_reply_to(&reference) => {
                    let response = frame.into_response();
                    return response.map_err(|refusal| format!("{event}: {refusal}").into());
                }
                Received::Frame(_) => {}
                Received::End(code) => return Err(format!("closed with {code:?}").into()),
            }
        }
    }
}

/// The deliveries of broadcasts so far.
async fn deliveries(address: SocketAddr) -> Outcome<f64> {
    let metrics = harness::get(address, "/metrics").await?.body;
    let mut lines = metrics.lines();
    let count = lines.find_map(|line| line.strip_prefix("islands_wire_deliveries_total "));
    Ok(count
        .ok_or("the server does not count deliveries")?
        .parse()?)
}

async fn post(address: SocketAddr, path: &str, body: &Value) -> Outcome<Value> {
    let answer = harness::post(address, path, &body.to_string()).await?;
    Ok(answer.json()?)
}

fn text<'v>(value: &'v Value, name: &str) -> Outcome<&'v str> {
    let text = value[name].as_str();
    text.ok_or_else(|| format!("there is no {name} in {value}").into())
}
