//! A client of a game, over as many connections as it needs.

mod visit;

use std::time::Duration;

use fastrand::Rng;
use history::{Client, PendingCommand};
use islands_core::{Command, GameId, Player, Viewer};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::game_model::{GameModel, NextGame};
use crate::wire;
use crate::world::{CountGuard, World};

/// Pause before a client connects again.
const PAUSE: Duration = Duration::from_millis(20);

/// One command in this many is given up when its connection is lost.
const GIVES_UP: u32 = 8;

/// A player or a spectator of one game.
pub(crate) struct Participant {
    world: World,
    notes: Client,
    role: Role,
    game_model: GameModel,
    chance: Rng,
    commands: u32,
    open: Option<OpenCommand>,
    quiet: FinishedPlayers,
    is_quiet: bool,
}

/// Counts the players of a game that will send nothing more.
#[derive(Clone)]
pub(crate) struct FinishedPlayers {
    players: usize,
    quiet: watch::Sender<usize>,
}

impl FinishedPlayers {
    /// Creates the counter of a game with this many players that have a client.
    pub(crate) fn new(players: usize) -> FinishedPlayers {
        let quiet = watch::Sender::new(0);
        FinishedPlayers { players, quiet }
    }

    fn add(&self) {
        self.quiet.send_modify(|quiet| *quiet += 1);
    }

    /// Waits until all players have finished.
    async fn all(&self) {
        let mut watched = self.quiet.subscribe();
        // `self` holds the sender, so this cannot fail.
        let _ = watched.wait_for(|quiet| *quiet >= self.players).await;
    }
}

/// A command whose outcome is still unknown.
struct OpenCommand {
    id: String,
    command: Command,
    /// The attempt on the present connection; once that ends, no answer can come.
    sending: Option<Sending>,
}

struct Sending {
    reference: String,
    sent: PendingCommand,
    until: Instant,
    _under_way: CountGuard,
}

/// The reason for which a connection ended.
enum VisitEnd {
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
        world: &World,
        role: Role,
        game_model: GameModel,
        chance: Rng,
        quiet: FinishedPlayers,
    ) -> Participant {
        Participant {
            world: world.clone(),
            notes: world.history().client(role.game, role.viewer),
            role,
            game_model,
            chance,
            commands: 0,
            open: None,
            quiet,
            is_quiet: false,
        }
    }

    /// Takes part until the game is done or the world ends, then requests a last
    /// view. Returns the rematch, if there is one.
    pub(crate) async fn take_part(mut self) -> Option<NextGame> {
        loop {
            let address = self.world.address().await;
            if let Some(socket) = wire::connect(address).await {
                let connection = self.world.connection();
                let visit = self.visit(socket).await;
                drop(connection);
                match visit {
                    VisitEnd::Left => return self.game_model.next_game(),
                    VisitEnd::Gone => self.lose_connection(),
                }
            }
            sleep(PAUSE).await;
        }
    }

    /// Drops the attempt that can no longer be answered. The next connection repeats
    /// the command, unless it is given up here.
    fn lose_connection(&mut self) {
        if let Some(open) = &mut self.open {
            open.sending = None;
            if self.chance.u32(..GIVES_UP) == 0 {
                self.open = None;
            }
        }
    }
}
