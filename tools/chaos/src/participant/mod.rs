//! A client of a game, over as many connections as it needs.

mod connection;

use std::time::Duration;

use fastrand::Rng;
use history::{Client, PendingCommand};
use islands_core::{Command, GameId, Player, Viewer};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::game_model::{GameModel, NextGame};
use crate::shared_state::{CountGuard, SharedState};
use crate::wire;

/// Pause before a client connects again.
const RETRY_PAUSE: Duration = Duration::from_millis(20);

/// One command in this many is given up when its connection is lost.
const ONE_IN_GIVEN_UP: u32 = 8;

/// A player or a spectator of one game.
pub(crate) struct Participant {
    shared: SharedState,
    recorder: Client,
    role: Role,
    game_model: GameModel,
    rng: Rng,
    commands: u32,
    open: Option<OpenCommand>,
    finished: FinishedPlayers,
    has_finished: bool,
}

/// Counts the players of a game that will send nothing more.
#[derive(Clone)]
pub(crate) struct FinishedPlayers {
    players: usize,
    finished: watch::Sender<usize>,
}

impl FinishedPlayers {
    /// Creates the counter of a game with this many players that have a client.
    pub(crate) fn new(players: usize) -> FinishedPlayers {
        let finished = watch::Sender::new(0);
        FinishedPlayers { players, finished }
    }

    fn add(&self) {
        self.finished.send_modify(|finished| *finished += 1);
    }

    /// Waits until all players have finished.
    async fn all(&self) {
        let mut watched = self.finished.subscribe();
        // `self` holds the sender, so this cannot fail.
        let _ = watched.wait_for(|finished| *finished >= self.players).await;
    }
}

/// A command whose outcome is still unknown.
struct OpenCommand {
    id: String,
    command: Command,
    /// The attempt on the present connection; once that ends, no answer can come.
    attempt: Option<Attempt>,
}

struct Attempt {
    reference: String,
    sent: PendingCommand,
    until: Instant,
    _under_way: CountGuard,
}

/// The reason for which a connection ended.
enum ConnectionEnd {
    /// The participant has left the game.
    Left,
    /// The client or the server has cut the connection.
    Gone,
}

/// The part that a participant plays in a game.
pub(crate) struct Role {
    pub(crate) game: GameId,
    pub(crate) viewer: Viewer,
    /// The token of the seat; a spectator has none.
    pub(crate) seat: Option<String>,
    /// The seat that the computer plays.
    pub(crate) computer: Option<Player>,
}

impl Role {
    /// Returns the topic of the game.
    fn topic(&self) -> String {
        format!("game:{}", self.game)
    }
}

impl Participant {
    pub(crate) fn new(
        shared: &SharedState,
        role: Role,
        game_model: GameModel,
        rng: Rng,
        finished: FinishedPlayers,
    ) -> Participant {
        Participant {
            shared: shared.clone(),
            recorder: shared.history().client(role.game, role.viewer),
            role,
            game_model,
            rng,
            commands: 0,
            open: None,
            finished,
            has_finished: false,
        }
    }

    /// Plays until the game is done or the run ends, then requests a last
    /// view. Returns the rematch, if there is one.
    pub(crate) async fn play_game(mut self) -> Option<NextGame> {
        loop {
            let address = self.shared.address().await;
            if let Some(socket) = wire::connect(address).await {
                let connection = self.shared.count_connection();
                let end = self.run_connection(socket).await;
                drop(connection);
                match end {
                    ConnectionEnd::Left => return self.game_model.next_game(),
                    ConnectionEnd::Gone => self.lose_connection(),
                }
            }
            sleep(RETRY_PAUSE).await;
        }
    }

    /// Drops the attempt that can no longer be answered. The next connection repeats
    /// the command, unless it is given up here.
    fn lose_connection(&mut self) {
        if let Some(open) = &mut self.open {
            open.attempt = None;
            if self.rng.u32(..ONE_IN_GIVEN_UP) == 0 {
                self.open = None;
            }
        }
    }
}
