//! Commands that play in a running system, whose journal fails on demand.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use islands_core::{
    Command, Coordinate, CoordinateSet, Event, GameId, Player, PlayerName, Reply, Viewer,
    random_board,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::sleep;

use crate::journal::{Batch, Journal};
use crate::testing::{AppendFault, FaultyJournal, Gate};
use crate::{Accepted, CallError, CommandId, Games, NewGame, Settings, Subscription};

/// A system with one game, to which Bob has subscribed.
struct System {
    games: Games,
    game: GameId,
    journal: FaultyJournal,
    bob: Option<Subscription>,
    /// A held append, and the call that waits for it.
    held: Option<(Gate, Option<Answer>)>,
}

type Answer = JoinHandle<Result<Accepted, CallError>>;

/// Returns a function that answers commands. It keeps the system between them.
pub fn start() -> impl FnMut(&str) -> String {
    // The clock stands still while there is something to do.
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    let mut system = runtime.block_on(System::start());
    move |command| answer(command, &mut system, &runtime)
}

/// Answers `ada CELL`, `bob CELL`, or one of them with `as ID` behind it; `the next append` and a
/// fault; `hold the journal`, and `let it go`; `all but the last hit`; `bob leaves`, `wait
/// SECONDS`, and `ada claims the win`.
fn answer(command: &str, system: &mut System, runtime: &Runtime) -> String {
    let said = runtime.block_on(async {
        match command.split(' ').collect::<Vec<_>>()[..] {
            ["the", "next", "append", ref fault @ ..] => system.fault(&fault.join(" ")),
            ["hold", "the", "journal"] => {
                system.held = Some((system.journal.hold(system.game), None));
                "ok".to_owned()
            }
            ["let", "it", "go"] => system.let_go().await,
            ["all", "but", "the", "last", "hit"] => system.all_but_the_last_hit().await,
            ["bob", "leaves"] => {
                system.bob = None;
                "ok".to_owned()
            }
            ["wait", seconds] => {
                sleep(Duration::from_secs(seconds.parse().expect("a number"))).await;
                "ok".to_owned()
            }
            ["ada", "claims", "the", "win"] => {
                let (games, game) = (system.games.clone(), system.game);
                let claim = Command::ClaimWin;
                let call = games.command(game, Player::One, claim, None).await;
                said(tokio::spawn(async move { call })).await
            }
            [by, cell] => system.play(by, cell, None).await,
            [by, cell, "as", id] => system.play(by, cell, Some(id)).await,
            _ => "! unknown command".to_owned(),
        }
    });
    runtime.block_on(async { format!("{said}\n{}", system.seen().await) })
}

impl System {
    async fn start() -> System {
        let journal = FaultyJournal::default();
        let games = Games::start(Settings::default(), Arc::new(journal.clone())).await;
        let games = games.expect("a supervisor");
        let game = games
            .create("Ada", NewGame::default())
            .await
            .expect("a game");
        // The game is set up in the journal, without the function that the exercise is about.
        let mut log = vec![Event::PlayerAdded {
            name: PlayerName::new("Bob").expect("a name"),
        }];
        for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
            let board = random_board(seed);
            log.push(Event::IslandsPositioned { by, board });
            log.push(Event::IslandsSet { by });
        }
        for (seq, event) in (1..).zip(log) {
            let batch = Batch {
                at: SystemTime::UNIX_EPOCH,
                by: Player::One,
                command_id: None,
                config: None,
                events: vec![event],
            };
            journal
                .append(game, seq, batch)
                .await
                .expect("it is stored");
        }
        let bob = games
            .subscribe(game, Viewer::Player(Player::Two), None)
            .await;
        System {
            bob: bob.ok(),
            games,
            game,
            journal,
            held: None,
        }
    }

    async fn play(&mut self, by: &str, cell: &str, id: Option<&str>) -> String {
        let by = if by == "ada" {
            Player::One
        } else {
            Player::Two
        };
        let at: Coordinate = cell.parse().expect("a cell");
        let (row, col) = (at.row().into(), at.col().into());
        let command = Command::GuessCoordinate { row, col };
        let id = id.map(|id| CommandId::new(id).expect("an id"));
        let (games, game) = (self.games.clone(), self.game);
        let call = tokio::spawn(async move { games.command(game, by, command, id).await });
        match &mut self.held {
            Some((gate, waiting @ None)) => {
                tokio::select! {
                    () = gate.arrival() => {
                        *waiting = Some(call);
                        "the journal has it, and does not answer".to_owned()
                    }
                    () = sleep(Duration::from_secs(60)) => {
                        "the journal never got it".to_owned()
                    }
                }
            }
            _ => said(call).await,
        }
    }

    /// Puts guesses into the journal, until Ada needs one more hit, and has the process load it.
    async fn all_but_the_last_hit(&mut self) -> String {
        let bobs = random_board(2);
        let targets: Vec<Coordinate> = bobs.land().iter().collect();
        let water = (CoordinateSet::ALL - random_board(1).land()).iter();
        for (target, water) in targets[..17].iter().zip(water) {
            for (by, at) in [(Player::One, *target), (Player::Two, water)] {
                let (row, col) = (at.row().into(), at.col().into());
                let guess = Command::GuessCoordinate { row, col };
                let _ = self.games.command(self.game, by, guess, None).await;
            }
        }
        // What Bob has seen of it does not count.
        let _ = self.seen().await;
        format!("the last cell is {}", targets[17])
    }

    async fn let_go(&mut self) -> String {
        match self.held.take() {
            Some((gate, Some(call))) => {
                gate.open();
                self.journal.on_append(|_| None);
                said(call).await
            }
            _ => "nothing was held".to_owned(),
        }
    }

    fn fault(&self, fault: &str) -> String {
        let fault = match fault {
            "fails" => AppendFault::Unavailable,
            "stores and crashes" => AppendFault::PanicAfter,
            "crashes" => AppendFault::PanicBefore,
            "stores and does not say so" => AppendFault::UnknownStored,
            "is lost and does not say so" => AppendFault::UnknownLost,
            _ => return "! unknown fault".to_owned(),
        };
        self.journal.next_append(self.game, fault);
        "ok".to_owned()
    }

    /// Says what Bob has seen since the last command, and how many events the journal has.
    async fn seen(&mut self) -> String {
        for _ in 0..50 {
            yield_now().await;
        }
        let mut seen = Vec::new();
        while let Some(bob) = &mut self.bob {
            tokio::select! {
                biased;
                event = bob.events.next() => match event {
                    Some(event) => seen.push(event.seq().to_string()),
                    // The process has ended. Bob's client comes back with what it has seen.
                    None => {
                        seen.push("the end of his subscription".to_owned());
                        let bob = Viewer::Player(Player::Two);
                        self.bob = self.games.subscribe(self.game, bob, None).await.ok();
                    }
                },
                () = std::future::ready(()) => break,
            }
        }
        let log = self.journal.load(self.game, 0).await.expect("a log");
        let stored: usize = log.iter().map(|batch| batch.events.len()).sum();
        match seen.as_slice() {
            [] => format!("Bob sees nothing; {stored} events are stored"),
            seen => format!("Bob sees {}; {stored} events are stored", seen.join(", ")),
        }
    }
}

async fn said(call: Answer) -> String {
    match call.await.expect("a call does not panic") {
        Ok(Accepted { seq, reply }) => match reply {
            Reply::Guessed { outcome, .. } => {
                format!("{}, event {seq}", format!("{outcome:?}").to_lowercase())
            }
            _ => format!("done, event {seq}"),
        },
        Err(error) => format!("failed: {}", error.reason()),
    }
}
