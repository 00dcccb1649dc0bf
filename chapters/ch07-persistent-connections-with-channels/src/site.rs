//! A server on a free port of this machine, with a game in which it is Ada's turn.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::ListenerExt;
use axum_channels::Endpoint;
use ch07::{poll, room};
use islands_core::{Command, Coordinate, GameId, Placement, Player, random_board};
use islands_engine::journal::MemoryJournal;
use islands_engine::{Games, NewGame, Settings};
use islands_seats::SeatKey;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use crate::client::Client;

type Failure = Box<dyn Error>;

/// A running server, ended when it is dropped.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) endpoint: Endpoint,
    pub(crate) games: Games,
    pub(crate) game: GameId,
    seat_key: SeatKey,
    task: AbortHandle,
}

/// The path of the sockets.
pub(crate) const SOCKET: &str = "/socket/websocket?vsn=2.0.0";

impl Site {
    /// Starts a server whose game is about to begin.
    pub(crate) async fn start() -> Result<Site, Failure> {
        let site = Site::arranging().await?;
        for player in Player::BOTH {
            site.arrange(player).await?;
        }
        Ok(site)
    }

    /// Starts a server whose players still arrange their islands.
    pub(crate) async fn arranging() -> Result<Site, Failure> {
        let journal = Arc::new(MemoryJournal::new());
        let games = Games::start(Settings::default(), journal).await?;
        let seat_key = SeatKey::new(&[7; 32]);
        let endpoint = Endpoint::new();
        let router = room::router(games.clone(), seat_key.clone(), &endpoint)
            .merge(poll::router(games.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        // A small frame does not wait for the next one.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        let game = open(&games).await?;
        Ok(Site {
            address,
            endpoint,
            games,
            game,
            seat_key,
            task: serving.abort_handle(),
        })
    }

    /// Places a player's islands and sets them.
    pub(crate) async fn arrange(&self, player: Player) -> Result<(), Failure> {
        arrange(&self.games, self.game, player).await
    }

    /// Places a player's islands, with the dot on this cell, and sets them.
    pub(crate) async fn arrange_with_dot(&self, player: Player, dot: &str) -> Result<(), Failure> {
        let at: Coordinate = dot.parse()?;
        let mut islands = islands_of(player);
        for island in islands.iter_mut().filter(|it| it.island == "dot") {
            (island.row, island.col) = (at.row().into(), at.col().into());
        }
        set(&self.games, self.game, player, islands).await
    }

    /// Connects a client, which has not joined yet.
    pub(crate) async fn connect(&self) -> Result<Client, Failure> {
        Client::connect(self.address, SOCKET, &self.topic()).await
    }

    /// Connects a player's client, which has joined and received the presence of all.
    pub(crate) async fn joined(&self, player: Player) -> Result<Client, Failure> {
        let mut client = self.connect().await?;
        client.join(&json!({ "seat": self.seat(player) })).await?;
        client.until(|frame| frame.3 == "presence_state").await?;
        client.forget();
        Ok(client)
    }

    pub(crate) fn topic(&self) -> String {
        format!("game:{}", self.game)
    }

    pub(crate) fn seat(&self, player: Player) -> String {
        self.seat_key.token(self.game, player)
    }

    /// Returns Ada's seat at another game.
    pub(crate) async fn seat_elsewhere(&self) -> Result<String, Failure> {
        let elsewhere = open(&self.games).await?;
        Ok(self.seat_key.token(elsewhere, Player::One))
    }

    /// Carries out a guess of a player whose client is not of interest.
    pub(crate) async fn guess(&self, player: Player, cell: &str) -> Result<u64, Failure> {
        let at: Coordinate = cell.parse()?;
        let (row, col) = (at.row().into(), at.col().into());
        let command = Command::GuessCoordinate { row, col };
        let accepted = self.games.command(self.game, player, command, None).await?;
        Ok(accepted.seq)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Opens a game for Ada and Bob.
pub(crate) async fn open(games: &Games) -> Result<GameId, Failure> {
    let game = games.create("Ada", NewGame::default()).await?;
    let name = "Bob".into();
    let join = Command::AddPlayer { name };
    games.command(game, Player::Two, join, None).await?;
    Ok(game)
}

/// Places a player's islands and sets them.
pub(crate) async fn arrange(games: &Games, game: GameId, player: Player) -> Result<(), Failure> {
    set(games, game, player, islands_of(player)).await
}

fn islands_of(player: Player) -> Vec<Placement> {
    let seed = if player == Player::One { 1 } else { 2 };
    random_board(seed).islands().map(Placement::from).collect()
}

async fn set(
    games: &Games,
    game: GameId,
    player: Player,
    islands: Vec<Placement>,
) -> Result<(), Failure> {
    for command in [Command::PositionAll { islands }, Command::SetIslands] {
        games.command(game, player, command, None).await?;
    }
    Ok(())
}

/// Returns the parameters with which a client comes back.
pub(crate) fn since(seat: &str, seq: u64) -> Value {
    json!({ "seat": seat, "since": seq })
}
