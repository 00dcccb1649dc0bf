//! A client in a game, over as many connections as it takes.

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

/// How long it waits before it tries again to connect.
const PAUSE: Duration = Duration::from_millis(20);

/// Of so many commands that a lost connection left open, one is not repeated.
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

/// The players of a game who will send nothing more.
#[derive(Clone)]
pub(crate) struct FinishedPlayers {
    players: usize,
    quiet: watch::Sender<usize>,
}

impl FinishedPlayers {
    /// A game of so many players who have a client.
    pub(crate) fn new(players: usize) -> FinishedPlayers {
        let quiet = watch::Sender::new(0);
        FinishedPlayers { players, quiet }
    }

    fn add(&self) {
        self.quiet.send_modify(|quiet| *quiet += 1);
    }

    /// Waits until all are.
    async fn all(&self) {
        let mut watched = self.quiet.subscribe();
        // The sender is here.
        let _ = watched.wait_for(|quiet| *quiet >= self.players).await;
    }
}

/// A command whose outcome is not known yet.
struct OpenCommand {
    id: String,
    command: Command,
    /// On the present connection; when that ends this sending is never answered.
    sending: Option<Sending>,
}

struct Sending {
    reference: String,
    sent: PendingCommand,
    until: Instant,
    _under_way: CountGuard,
}

/// Why a connection ended.
enum VisitEnd {
    /// The participant has left the game.
    Left,
    /// It has been cut, here or there.
    Gone,
}

/// Whom a participant is in which game.
pub(crate) struct Role {
    pub(crate) game: GameId,
    pub(crate) viewer: Viewer,
    /// The token of the seat; a spectator has none.
    pub(crate) seat: Option<String>,
    /// The seat that has no client.
    pub(crate) computer: Option<Player>,
}

impl Role {
    /// The topic of the game.
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

    /// Takes part until nothing happens in the game any more, or everyone is to
    /// finish; then has a last look. Returns the rematch, if there is one.
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

    /// What was sent will not be answered any more; it is repeated on the next
    /// connection, or given up.
    fn lose_connection(&mut self) {
        if let Some(open) = &mut self.open {
            open.sending = None;
            if self.chance.u32(..GIVES_UP) == 0 {
                self.open = None;
            }
        }
    }
}
