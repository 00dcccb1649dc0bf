//! A client that plays a game to its end, through all faults.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use history::Client;
use islands_core::bot::{self, Strength};
use islands_core::{Command, Placement, Player, PlayerView, StateName, View, Viewer, random_board};
use islands_engine::testing::Failpoint;
use islands_engine::{Accepted, CallError, CommandId};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::fixture::Fixture;
use super::strikes::Strike;

/// The habits of a game's players.
#[derive(Clone, Copy)]
pub(super) struct Habits {
    /// Moves after which a player resigns.
    moves: usize,
    /// One command in this many strikes the game.
    struck: usize,
    /// After one unanswered attempt in this many the player gives the command up.
    given_up: usize,
}

impl Habits {
    pub(super) fn draw(rng: &mut Rng) -> Habits {
        Habits {
            // 200 moves are more than a game can have: one in eight is played out.
            moves: [200, 4, 8, 12, 16, 20, 25, 30][rng.usize(..8)],
            struck: rng.usize(2..10),
            given_up: rng.usize(3..20),
        }
    }
}

/// A player's client; it knows only the player's view.
pub(super) struct Sender {
    fixture: Fixture,
    client: Client,
    seat: Player,
    hang_up: Arc<Notify>,
    habits: Habits,
    rng: Rng,
    sent: usize,
    /// The highest event number that this player has received.
    known: u64,
    /// The last acknowledged command, if it had an id.
    past: Option<(String, Command, Accepted)>,
}

impl Sender {
    pub(super) fn new(
        fixture: &Fixture,
        client: Client,
        seat: Player,
        hang_up: Arc<Notify>,
        habits: Habits,
        rng: Rng,
    ) -> Sender {
        Sender {
            fixture: fixture.clone(),
            client,
            seat,
            hang_up,
            habits,
            rng,
            sent: 0,
            known: 0,
            past: None,
        }
    }

    /// Plays until the game is over and this player has requested the rematch.
    pub(super) async fn play(mut self, mut seen_by_listener: watch::Receiver<u64>) {
        loop {
            self.known = self.known.max(*seen_by_listener.borrow_and_update());
            let view = self.load_view().await;
            let is_over = view.public.state == StateName::GameOver;
            if is_over {
                // No more faults in this game, so that the rematch gets through.
                self.fixture.faults.stop_faults_in(self.client.game());
            }
            if view.public.rematch.contains(&self.seat) {
                return;
            }
            match self.choose(&view) {
                Some(command) => self.send(&command, is_over).await,
                None => {
                    // The listener may have missed an event, so look again in time.
                    let _ = timeout(Duration::from_secs(2), seen_by_listener.changed()).await;
                }
            }
            sleep(Duration::from_millis(self.rng.u64(..300))).await;
            self.repeat_acknowledged_command().await;
        }
    }

    fn choose(&mut self, view: &PlayerView) -> Option<Command> {
        let state = view.public.state;
        if self.rng.usize(..12) == 0 {
            return Some(self.mostly_refused_command());
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
                // The game's process supplies the rematch's id.
                Some(Command::RequestRematch)
            }
            _ if view.public.moves.len() >= self.habits.moves => Some(Command::Resign),
            _ => bot::next_command(view, Strength::Hunt, self.rng.u64(..)),
        }
    }

    /// Chooses a command that the rules mostly refuse.
    fn mostly_refused_command(&mut self) -> Command {
        let (row, col) = (self.rng.i64(0..12), self.rng.i64(0..12));
        match self.rng.usize(..4) {
            0 => Command::ClaimWin,
            1 => Command::SetIslands,
            2 => Command::AddPlayer { name: "Eve".into() },
            _ => Command::GuessCoordinate { row, col },
        }
    }

    /// Sends a command again and again until it is answered, or gives up.
    async fn send(&mut self, command: &Command, insists: bool) {
        self.sent += 1;
        let id = format!("{}-{}", self.seat, self.sent);
        let id = (insists || self.rng.usize(..10) > 0).then_some(id);
        if !insists && self.rng.usize(..self.habits.struck) == 0 {
            self.strike();
        }
        for times in 1.. {
            match self.attempt(id.as_deref(), command, times).await {
                Some(Ok(accepted)) => {
                    self.known = self.known.max(accepted.seq);
                    self.past = id.map(|id| (id, command.clone(), accepted));
                    return;
                }
                Some(Err(CallError::Rejected(_))) => return,
                Some(Err(CallError::NoSuchGame)) => panic!("there is such a game"),
                _ if id.is_none() => return,
                _ if !insists && self.rng.usize(..self.habits.given_up) == 0 => return,
                _ => sleep(Duration::from_millis(self.rng.u64(1..2_000))).await,
            }
        }
    }

    /// Makes attempt number `times` of a command. `None` if this player hung up.
    async fn attempt(
        &self,
        id: Option<&str>,
        command: &Command,
        times: usize,
    ) -> Option<Result<Accepted, CallError>> {
        let sent = self.client.send(id, command);
        let id = id.map(|id| CommandId::new(id).unwrap());
        let game = self.client.game();
        let call = self
            .fixture
            .games
            .command(game, self.seat, command.clone(), id);
        let answer = tokio::select! {
            answer = call => answer,
            () = self.hang_up.notified() => return None,
        };
        match &answer {
            Ok(accepted) => sent.accepted(accepted.seq, &accepted.reply),
            // An earlier attempt may have been carried out, so a game that cannot
            // answer now has not refused the command.
            Err(error) if times > 1 && !matches!(error, CallError::Rejected(_)) => {}
            Err(error) => sent.refused(error.reason()),
        }
        Some(answer)
    }

    /// Arms a random strike at a random failpoint, unless the game has one armed.
    fn strike(&mut self) {
        let game = self.client.game();
        if self.fixture.strikes.failpoints.is_clear(game) {
            let failpoint = Failpoint::ALL[self.rng.usize(..Failpoint::ALL.len())];
            let strike = Strike::ALL[self.rng.usize(..Strike::ALL.len())];
            let Fixture { games, strikes, .. } = &self.fixture;
            strikes.set(games, game, failpoint, strike, &self.hang_up);
        }
    }

    /// Now and then repeats the last acknowledged command: the answer must not
    /// change.
    async fn repeat_acknowledged_command(&mut self) {
        if self.rng.usize(..8) > 0 {
            return;
        }
        if let Some((id, command, accepted)) = self.past.take()
            && let Some(Ok(again)) = self.attempt(Some(&id), &command, 2).await
        {
            assert_eq!(again, accepted, "the reply to {id} has changed");
        }
    }

    /// Returns this player's view, which must not be older than what this player
    /// has received.
    async fn load_view(&mut self) -> PlayerView {
        loop {
            let viewer = Viewer::Player(self.seat);
            let view = self.fixture.games.view(self.client.game(), viewer).await;
            match view {
                Ok(View::Player(view)) => {
                    let seq = view.public.seq;
                    assert!(
                        seq >= self.known,
                        "the view is at {seq}, before event {}",
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
