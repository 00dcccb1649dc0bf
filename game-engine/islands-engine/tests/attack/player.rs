//! Someone who plays a game to its end, however often it fails.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use history::Client;
use islands_core::bot::{self, Strength};
use islands_core::{Command, Placement, Player, PlayerView, StateName, View, Viewer, random_board};
use islands_engine::testing::Step;
use islands_engine::{Accepted, CallError, CommandId};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::scene::Scene;
use super::strikes::Strike;

/// How the players of a game play it.
#[derive(Clone, Copy)]
pub(super) struct Manners {
    /// After so many moves someone gives up.
    moves: usize,
    /// In which of so many commands something is done to the game.
    struck: usize,
    /// Which of so many commands is not repeated until there is an answer.
    given_up: usize,
}

impl Manners {
    pub(super) fn draw(rng: &mut Rng) -> Manners {
        Manners {
            // One in eight is played to the last island.
            moves: [200, 4, 8, 12, 16, 20, 25, 30][rng.usize(..8)],
            struck: rng.usize(2..10),
            given_up: rng.usize(3..20),
        }
    }
}

/// A player, who knows no more than a player's view.
pub(super) struct Sender {
    scene: Scene,
    client: Client,
    seat: Player,
    hang_up: Arc<Notify>,
    manners: Manners,
    rng: Rng,
    sent: usize,
    /// The highest number that this player has been told.
    known: u64,
    /// A command that was acknowledged some time ago.
    past: Option<(String, Command, Accepted)>,
}

impl Sender {
    pub(super) fn new(
        scene: &Scene,
        client: Client,
        seat: Player,
        hang_up: Arc<Notify>,
        manners: Manners,
        rng: Rng,
    ) -> Sender {
        Sender {
            scene: scene.clone(),
            client,
            seat,
            hang_up,
            manners,
            rng,
            sent: 0,
            known: 0,
            past: None,
        }
    }

    /// Plays until the game is over and the next one is asked for.
    pub(super) async fn play(mut self, mut heard: watch::Receiver<u64>) {
        loop {
            self.known = self.known.max(*heard.borrow_and_update());
            let view = self.look().await;
            let is_over = view.public.state == StateName::GameOver;
            if is_over {
                // The last commands of a game are to get through.
                self.scene.faults.spare(self.client.game());
            }
            if view.public.rematch.contains(&self.seat) {
                return;
            }
            match self.choose(&view) {
                Some(command) => self.send(&command, is_over).await,
                None => {
                    // Something may have been missed.
                    let _ = timeout(Duration::from_secs(2), heard.changed()).await;
                }
            }
            sleep(Duration::from_millis(self.rng.u64(..300))).await;
            self.repeat_an_old_one().await;
        }
    }

    fn choose(&mut self, view: &PlayerView) -> Option<Command> {
        let state = view.public.state;
        if self.rng.usize(..12) == 0 {
            return Some(self.nonsense());
        }
        match (state, self.seat) {
            (StateName::Initialized, Player::One) => None,
            (StateName::Initialized, Player::Two) => {
                Some(Command::AddPlayer { name: "Bob".into() })
            }
            (StateName::PlayersSet, _) if !view.board.is_empty() && self.rng.bool() => {
                let islands = random_board(self.rng.u64(..)).islands();
                let island = islands.map(Placement::from).next()?;
                Some(Command::PositionIsland(island))
            }
            (StateName::GameOver, _) => {
                // The game's process knows the id of the next one.
                Some(Command::RequestRematch)
            }
            _ if view.public.moves.len() >= self.manners.moves => Some(Command::Resign),
            _ => bot::next(view, Strength::Hunt, self.rng.u64(..)),
        }
    }

    /// What should be refused, for the most part.
    fn nonsense(&mut self) -> Command {
        let (row, col) = (self.rng.i64(0..12), self.rng.i64(0..12));
        match self.rng.usize(..4) {
            0 => Command::ClaimWin,
            1 => Command::SetIslands,
            2 => Command::AddPlayer { name: "Eve".into() },
            _ => Command::GuessCoordinate { row, col },
        }
    }

    /// Sends a command, and sends it again until there is an answer, or gives up.
    async fn send(&mut self, command: &Command, insists: bool) {
        self.sent += 1;
        let id = format!("{}-{}", self.seat, self.sent);
        let id = (insists || self.rng.usize(..10) > 0).then_some(id);
        if !insists && self.rng.usize(..self.manners.struck) == 0 {
            self.strike();
        }
        for times in 1.. {
            match self.ask(id.as_deref(), command, times).await {
                Some(Ok(accepted)) => {
                    self.known = self.known.max(accepted.seq);
                    self.past = id.map(|id| (id, command.clone(), accepted));
                    return;
                }
                Some(Err(CallError::Rejected(_))) => return,
                Some(Err(CallError::NoSuchGame)) => panic!("there is such a game"),
                _ if id.is_none() => return,
                _ if !insists && self.rng.usize(..self.manners.given_up) == 0 => return,
                _ => sleep(Duration::from_millis(self.rng.u64(1..2_000))).await,
            }
        }
    }

    /// Sends a command for so many times now. `None` if this player has hung up.
    async fn ask(
        &self,
        id: Option<&str>,
        command: &Command,
        times: usize,
    ) -> Option<Result<Accepted, CallError>> {
        let sent = self.client.send(id, command);
        let id = id.map(|id| CommandId::new(id).unwrap());
        let game = self.client.game();
        let call = self
            .scene
            .games
            .command(game, self.seat, command.clone(), id);
        let answer = tokio::select! {
            answer = call => answer,
            () = self.hang_up.notified() => return None,
        };
        match &answer {
            Ok(accepted) => sent.accepted(accepted.seq, &accepted.reply),
            // That a game cannot answer says nothing of what it did before.
            Err(refusal) if times > 1 && !matches!(refusal, CallError::Rejected(_)) => {}
            Err(refusal) => sent.refused(refusal.reason()),
        }
        Some(answer)
    }

    /// Has something done to the game at the next command that gets so far, if
    /// nothing is going to be already.
    fn strike(&mut self) {
        let game = self.client.game();
        if self.scene.strikes.failpoints.is_clear(game) {
            let step = Step::ALL[self.rng.usize(..Step::ALL.len())];
            let strike = Strike::ALL[self.rng.usize(..Strike::ALL.len())];
            let Scene { games, strikes, .. } = &self.scene;
            strikes.set(games, game, step, strike, &self.hang_up);
        }
    }

    /// What was acknowledged is acknowledged for ever, in the same words.
    async fn repeat_an_old_one(&mut self) {
        if self.rng.usize(..8) > 0 {
            return;
        }
        if let Some((id, command, accepted)) = self.past.take()
            && let Some(Ok(again)) = self.ask(Some(&id), &command, 2).await
        {
            assert_eq!(again, accepted, "{id} is told otherwise");
        }
    }

    /// The game as this player sees it, which is never older than what the player
    /// has been told.
    async fn look(&mut self) -> PlayerView {
        loop {
            let viewer = Viewer::Player(self.seat);
            let view = self.scene.games.view(self.client.game(), viewer).await;
            match view {
                Ok(View::Player(view)) => {
                    let seq = view.public.seq;
                    assert!(
                        seq >= self.known,
                        "{} was told, and it is {seq}",
                        self.known
                    );
                    if self.rng.usize(..40) == 0 {
                        self.client.viewed(seq, &view);
                    }
                    return view;
                }
                Ok(View::Spectator(_)) => panic!("a spectator's view for {}", self.seat),
                Err(refusal) => {
                    if let CallError::Quarantined { error } = refusal {
                        assert!(error.contains("injected"), "{error}");
                    }
                    sleep(Duration::from_millis(self.rng.u64(1..1_000))).await;
                }
            }
        }
    }
}
