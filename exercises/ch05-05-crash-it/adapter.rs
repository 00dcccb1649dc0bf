//! Commands that play in a running system and make it crash.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use islands_core::{
    Command, Coordinate, Event, GameId, Player, PlayerName, Reply, Viewer, random_board,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::journal::{Batch, Journal};
use crate::testing::{AppendFault, Failpoint, FaultyJournal};
use crate::{Accepted, CallError, CommandId, Games, NewGame, Settings, Subscription};

/// A system with one game, to which Bob has subscribed.
struct System {
    games: Games,
    settings: Settings,
    game: GameId,
    journal: FaultyJournal,
    bob: Option<Subscription>,
}

/// Returns a function that answers commands. It keeps the system between them.
pub fn start() -> impl FnMut(&str) -> String {
    // The injected panics are wanted.
    let show = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.payload().downcast_ref::<String>();
        if !text.is_some_and(|text| text.starts_with("injected")) {
            show(panic);
        }
    }));
    // The clock stands still while there is something to do.
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    let mut system = runtime.block_on(System::start());
    move |command| match command.split_whitespace().collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [word, ..] if word.starts_with('#') => String::new(),
        words => match answer(words, &mut system, &runtime) {
            Ok(answer) => answer,
            Err(problem) => format!("? {problem}"),
        },
    }
}

const COMMANDS: &str = "`ada CELL` or `bob CELL`, both also with `as ID` behind; `crash at STEP`, \
                        where STEP is received, decided, appended, applied, published or replied; \
                        `fail the next append`; or `wait SECONDS`";

fn answer(words: &[&str], system: &mut System, runtime: &Runtime) -> Result<String, String> {
    let said = runtime.block_on(async {
        match words {
            ["crash", "at", step] => {
                let failpoint = failpoint(step).ok_or(format!("expected {COMMANDS}"))?;
                let failpoints = &system.settings.failpoints;
                failpoints.panic_at(system.game, failpoint);
                Ok("ok".to_owned())
            }
            ["fail", "the", "next", "append"] => {
                let fault = AppendFault::Unavailable;
                system.journal.next_append(system.game, fault);
                Ok("ok".to_owned())
            }
            ["wait", seconds] => {
                let seconds = seconds.parse().ok().filter(|it| *it <= 3600);
                let seconds = seconds.ok_or("expected `wait SECONDS`, at most 3600")?;
                sleep(Duration::from_secs(seconds)).await;
                Ok("ok".to_owned())
            }
            [by @ ("ada" | "bob"), cell] => system.play(by, cell, None).await,
            [by @ ("ada" | "bob"), cell, "as", id] => system.play(by, cell, Some(id)).await,
            ["stored"] => Ok(format!("{} events", system.stored().await)),
            _ => Err(format!("expected {COMMANDS}")),
        }
    })?;
    Ok(runtime.block_on(async { format!("{said}; {}", system.seen().await) }))
}

fn failpoint(step: &str) -> Option<Failpoint> {
    let named = |failpoint: &Failpoint| format!("{failpoint:?}").to_lowercase() == step;
    Failpoint::ALL.into_iter().find(named)
}

impl System {
    async fn start() -> System {
        let (journal, settings) = (FaultyJournal::default(), Settings::default());
        let games = Games::start(settings.clone(), Arc::new(journal.clone())).await;
        let games = games.expect("a supervisor");
        let game = games
            .create("Ada", NewGame::default())
            .await
            .expect("a game");
        // The game is set up in the journal, and not by commands that might crash.
        let name = PlayerName::new("Bob").expect("a name");
        let mut log = vec![Event::PlayerAdded { name }];
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
        let mut system = System {
            games,
            settings,
            game,
            journal,
            bob: None,
        };
        system.subscribe().await;
        system
    }

    async fn subscribe(&mut self) {
        let bob = Viewer::Player(Player::Two);
        self.bob = self.games.subscribe(self.game, bob, None).await.ok();
    }

    async fn play(&mut self, by: &str, cell: &str, id: Option<&str>) -> Result<String, String> {
        let by = if by == "ada" {
            Player::One
        } else {
            Player::Two
        };
        let at: Coordinate = cell
            .parse()
            .map_err(|_| format!("there is no cell {cell}; the cells are A1 to J10"))?;
        let (row, col) = (at.row().into(), at.col().into());
        let command = Command::GuessCoordinate { row, col };
        let id = id.map(CommandId::new).transpose();
        let id = id.map_err(|_| "an id has 1 to 36 characters".to_owned())?;
        Ok(said(self.games.command(self.game, by, command, id).await))
    }

    async fn stored(&self) -> usize {
        let log = self.journal.load(self.game, 0).await.unwrap_or_default();
        log.iter().map(|batch| batch.events.len()).sum()
    }

    /// Says what Bob has seen since the last command.
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
                    // The process has ended. Bob's client comes back.
                    None => {
                        seen.push("the end of his subscription".to_owned());
                        self.subscribe().await;
                    }
                },
                () = std::future::ready(()) => break,
            }
        }
        match seen.as_slice() {
            [] => "Bob sees nothing".to_owned(),
            seen => format!("Bob sees {}", seen.join(", ")),
        }
    }
}

fn said(answer: Result<Accepted, CallError>) -> String {
    match answer {
        Ok(Accepted { seq, reply }) => match reply {
            Reply::Guessed { outcome, .. } => {
                format!("{}, event {seq}", format!("{outcome:?}").to_lowercase())
            }
            _ => format!("done, event {seq}"),
        },
        Err(error) => format!("failed: {}", error.reason()),
    }
}
