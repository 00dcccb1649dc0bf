//! Two clients behind a bad network: every byte is delayed by 200 ms, and every ten seconds the
//! connection is cut with all bytes in flight. The clock is paused, so the test takes no real time.

use std::{sync::Mutex, time::Duration};

use axum_channels::{
    Acceptor, Channel, Channels, Context, Endpoint, JoinError, Joined, Outcome, Resumed,
};
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream},
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};

const DELAY: Duration = Duration::from_millis(200);
const CUT_EVERY: Duration = Duration::from_secs(10);
/// Moves that each screen makes: more than a minute of them.
const MOVES: usize = 100;

/// A channel that accepts moves, each once: a repeat is idempotent.
#[derive(Default)]
struct Table(Mutex<Vec<String>>);

#[derive(Deserialize)]
struct Join {
    since: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum In {
    Move { id: String },
}

#[derive(Serialize)]
struct JoinReply {
    #[serde(flatten)]
    resumed: Resumed,
    moves: Option<Vec<String>>,
}

impl Channel for Table {
    type Assigns = ();
    type Params = Join;
    type Event = In;
    type Info = ();
    type State = ();

    const REPLAY: usize = 32;

    async fn join(&self, join: Join, ctx: &Context<()>) -> Result<Joined<Self>, JoinError> {
        let moves = self.0.lock().unwrap();
        let resumed = ctx.resume(join.since);
        let moves = (!resumed.resumed).then(|| moves.clone());
        Ok(Joined::new(()).reply(&JoinReply { resumed, moves }))
    }

    async fn handle(&self, _: &(), In::Move { id }: In, ctx: &Context<()>) -> Outcome {
        let mut moves = self.0.lock().unwrap();
        if !moves.contains(&id) {
            ctx.broadcast("moved", &json!({ "id": id }));
            moves.push(id);
        }
        Outcome::ok(&())
    }
}

/// A screen: what it shows, the last number that it has seen, and the moves that it still makes.
struct Screen {
    moves_shown: Vec<String>,
    since: Option<u64>,
    moves: Vec<String>,
    connections: usize,
    resumed: usize,
}

impl Screen {
    fn new(name: &str) -> Self {
        Self {
            moves_shown: Vec::new(),
            since: None,
            moves: (0..MOVES).rev().map(|n| format!("{name}{n}")).collect(),
            connections: 0,
            resumed: 0,
        }
    }

    /// Reconnects after each cut, until it shows all moves of both clients.
    async fn run(mut self, acceptor: Acceptor<()>) -> Self {
        while self.moves_shown.len() < 2 * MOVES {
            let (stream, network) = connect(&acceptor);
            self.connections += 1;
            self.run_connection(stream).await;
            drop(network);
        }
        self
    }

    async fn run_connection(&mut self, stream: DuplexStream) {
        let mut socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
        let join = json!(["1", "join", "table", "phx_join", { "since": self.since }]);
        let mut next = Some(join.to_string());
        while self.moves_shown.len() < 2 * MOVES {
            if let Some(text) = next.take()
                && socket.send(Message::text(text)).await.is_err()
            {
                return;
            }
            let Some(Ok(Message::Text(text))) = socket.next().await else {
                return;
            };
            let [_, reference, _, event, payload]: [Value; 5] =
                serde_json::from_str(&text).unwrap();
            match (event.as_str().unwrap(), reference.as_str()) {
                ("moved", _) => self.moved(&payload),
                ("phx_reply", Some("join")) => self.joined(&payload["response"]),
                ("phx_reply", _) => drop(self.moves.pop()),
                (other, _) => panic!("{other}"),
            }
            // The next move, or the last one again: it was not answered before the cut.
            if event == "phx_reply" {
                let push = |id| json!(["1", "move", "table", "move", { "id": id }]).to_string();
                next = self.moves.last().map(push);
            }
        }
    }

    fn joined(&mut self, payload: &Value) {
        if payload["resumed"] == true {
            assert_eq!(payload["seq"].as_u64(), self.since);
            self.resumed += 1;
            return;
        }
        self.since = payload["seq"].as_u64();
        self.moves_shown = serde_json::from_value(payload["moves"].clone()).unwrap();
    }

    fn moved(&mut self, payload: &Value) {
        let seq = payload["seq"].as_u64();
        assert_eq!(
            seq,
            self.since.map(|since| since + 1),
            "none left out, none twice"
        );
        self.since = seq;
        self.moves_shown
            .push(payload["id"].as_str().unwrap().to_owned());
    }
}

/// A connection to the server, and the network in between, which ends when the set is dropped.
fn connect(acceptor: &Acceptor<()>) -> (DuplexStream, JoinSet<()>) {
    let (ours, near) = tokio::io::duplex(4096);
    let (far, theirs) = tokio::io::duplex(4096);
    let acceptor = acceptor.clone();
    tokio::spawn(async move { acceptor.serve(theirs, ()).await });
    let mut network = JoinSet::new();
    network.spawn(async move {
        let (near_in, near_out) = tokio::io::split(near);
        let (far_in, far_out) = tokio::io::split(far);
        tokio::select! {
            () = delay_bytes(near_in, far_out) => {}
            () = delay_bytes(far_in, near_out) => {}
            () = sleep(CUT_EVERY) => {}
        }
    });
    (ours, network)
}

/// Copies bytes, each delayed by [`DELAY`].
async fn delay_bytes(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
    let (sender, mut in_flight) = mpsc::channel::<(Instant, Vec<u8>)>(1024);
    let read = async {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            let due = Instant::now() + DELAY;
            if sender.send((due, buffer[..length].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let write = async {
        while let Some((due, bytes)) = in_flight.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = read => {}
        () = write => {}
    }
}

#[tokio::test(start_paused = true)]
async fn no_move_is_lost_or_doubled_on_either_screen() {
    let channels = Channels::new().channel("table", Table::default());
    let acceptor = channels.accept(&Endpoint::new());
    let began = Instant::now();
    let (one, two) = tokio::join!(
        Screen::new("a").run(acceptor.clone()),
        Screen::new("b").run(acceptor.clone())
    );
    assert_eq!(one.moves_shown, two.moves_shown);
    for screen in [&one, &two] {
        let mut shown = screen.moves_shown.clone();
        shown.sort();
        shown.dedup();
        assert_eq!(shown.len(), 2 * MOVES);
        assert!(
            screen.connections >= 4,
            "it was cut off: {}",
            screen.connections
        );
        assert_eq!(
            screen.resumed,
            screen.connections - 1,
            "and went on each time"
        );
    }
    assert!(began.elapsed() > Duration::from_secs(40));
}
