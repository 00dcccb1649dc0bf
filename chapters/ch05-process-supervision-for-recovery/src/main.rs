//! Chapter 5's walk: `cargo run -p ch05`.

mod child;
mod system;

use std::error::Error;
use std::fs;
use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ch05::own_budget::OwnBudget;
use ch05::score::{self, Message, ask};
use ch05::shared_budget::SharedBudget;
use ch05::table::Table;
use ch05::{restart_loop, supervisor, table};
use islands_core::Viewer;
use islands_engine::journal::Journal;
use islands_engine::testing::AppendFault;
use islands_engine::{CallError, Games, Settings, install_panic_hook};
use islands_journal::RedbJournal;
use tokio::time::{Instant, sleep};
use trace::Recorder;
use walk::{Chapter, Page, Step, run, show};

use crate::child::{Folder, kill_after};
use crate::system::System;

const CHAPTER: Chapter = Chapter {
    package: "ch05",
    title: "Chapter 5 · Process supervision for recovery",
    question: "What happens when it crashes?",
    sources: walk::sources!["main.rs"],
    steps: &[
        Step::new("A panic", "A panic", a_panic),
        Step::new("A restart loop", "Back, but empty", a_restart_loop),
        Step::new("A table", "State that outlives its process", a_table),
        Step::new("Twenty processes, one budget", "How often?", one_budget),
        Step::new("A budget for each", "How often?", own_budgets),
        Step::new(
            "A panic before the append",
            "From the log",
            before_the_append,
        ),
        Step::new("A panic after it", "From the log", after_the_append),
        Step::new("The supervision tree", "The supervision tree", the_tree),
        Step::new("A poison game", "A game that always crashes", a_poison_game),
        Step::new(
            "A person decides",
            "A game that always crashes",
            a_person_decides,
        ),
        Step::new("kill -9", "When the program dies", kill_9),
        Step::new(
            "kill -9, with a file",
            "When the program dies",
            kill_9_with_a_file,
        ),
        Step::new("A flipped bit", "When the disk lies", a_flipped_bit),
        Step::new("The price", "The price", the_price),
    ],
    serve: None,
};

fn main() -> ExitCode {
    child::run_if_child();
    // A panic of a process is handled by its supervisor; nothing has to be printed.
    install_panic_hook();
    walk::main(&CHAPTER)
}

/// Runs a step on one thread. The clock stands still while there is anything to do, and jumps to
/// the next timer when there is not.
fn block_on(step: impl Future<Output = walk::Result>) -> walk::Result {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build()?;
    runtime.block_on(step)
}

const GUESSED: Message = Message::Guessed { hit: true };

fn a_panic(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A small process keeps the score of a game: guesses and hits. One of its messages has a \
         bug, and makes it panic.",
    );
    let happens = page.choose(
        "The process panics. What happens to the next caller, who asks for the score?",
        &[
            "Nothing: the whole program has ended",
            "The caller gets no answer, at once",
            "The caller waits for ever",
        ],
    );
    block_on(async {
        let score = run!(page, score::start());
        run!(page, score.send(GUESSED).await?);
        show!(page, ask(&score).await);
        run!(page, score.send(Message::Crash).await?);
        let answer = show!(page, ask(&score).await);
        page.reveal(&happens, if answer.is_none() { 1 } else { 2 });
        page.say(
            "A panic ends the task, and tokio catches it there. The mailbox is gone with the task, and so is the score. `ask` returns no answer, to this caller and to every later one: there is no process, and nothing that would start one.",
        );
        Ok(())
    })
}

fn a_restart_loop(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "So let a loop start the process, wait for its end, and start it again. The mailbox belongs to the loop, so that later callers do not notice. Three guesses, a crash, and the question:",
    );
    let guesses = page.number("How many guesses does the score have?");
    block_on(async {
        let score = run!(page, restart_loop::start());
        run!(
            page,
            for message in [GUESSED, GUESSED, GUESSED, Message::Crash] {
                score.send(message).await?;
            }
        );
        let answer = show!(page, ask(&score).await);
        page.reveal(&guesses, answer.ok_or("it was started again")?.guesses);
        page.say(
            "It is back, and empty. A restart gives the process the state that it had at its first \
             start. For a score of nothing that is no help.",
        );
        Ok(())
    })
}

fn a_table(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Then let the process save its state in a table that outlives it, and load it at each start. \
         (Erlang has such tables, named ETS, which another process can own.) The crash of before:",
    );
    block_on(async {
        let table = Table::default();
        let one = run!(page, table::start("one", &table));
        run!(
            page,
            for message in [GUESSED, GUESSED, GUESSED, Message::Crash] {
                one.mailbox.send(message).await?;
            }
        );
        show!(page, ask(&one.mailbox).await);
        page.say(
            "Nothing is lost. Now the other bug: `NewRound` sets the guesses to 0 and keeps the hits. At its start and after each message, the process shows the share of hits, and divides by the guesses.",
        );
        let crashes = page.choose(
            "`NewRound` is sent once. How often does the process crash?",
            &["Never", "Once", "Again and again"],
        );
        run!(page, one.mailbox.send(Message::NewRound).await?);
        let count = show!(page, one.crashes.await?);
        show!(page, table.load("one"));
        page.reveal(&crashes, count.min(2));
        page.say(
            "The loop has given up after a thousand. Three hits in no guesses is a state that \
             cannot be, and it was saved faithfully. Whatever crashed the process once, crashes it \
             at each start. A restart helps only if it begins with a state that is known to be \
             good.",
        );
        Ok(())
    })
}

/// The names of twenty processes.
const NAMES: [&str; 20] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    "t",
];

fn one_budget(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A process that crashes at each start must not be started for ever. So a supervisor has a \
         budget: at most 3 restarts within 5 seconds. In this one, as in Erlang, the budget is that of the supervisor. When it is exceeded, the supervisor ends, and all its processes with it.",
    );
    let left = page.number(
        "It supervises 20 processes. Six clients have the same bug, and each crashes another process, once. How many of the 20 run afterwards?",
    );
    block_on(async {
        let supervisor = run!(page, supervisor::start::<SharedBudget>(&NAMES));
        let mut crashes = 0;
        run!(
            page,
            for name in &NAMES[..6] {
                if let Some(score) = supervisor.find(name).await {
                    score.send(Message::Crash).await?;
                    crashes += 1;
                    tokio::task::yield_now().await;
                }
            }
        );
        show!(page, crashes);
        let running = show!(page, supervisor.running().await.len());
        page.reveal(&left, running);
        page.say(
            "The fourth crash was one too many; two of the clients found nobody to crash, and sixteen processes had done nothing. In a tree of supervisors this is on purpose: if many processes crash, the cause may be something that they share, and the next higher supervisor starts it all anew. Games do not depend on each other. Here it means that four clients can end the games of everybody.",
        );
        Ok(())
    })
}

fn own_budgets(page: &mut Page<'_>) -> walk::Result {
    page.say("The same with a budget for each process, by its name. First the six clients:");
    block_on(async {
        let supervisor = run!(page, supervisor::start::<OwnBudget>(&NAMES));
        for name in &NAMES[..6] {
            if let Some(score) = supervisor.find(name).await {
                score.send(Message::Crash).await?;
                tokio::task::yield_now().await;
            }
        }
        show!(page, supervisor.running().await.len());
        page.say("Then a client that does not stop, and crashes one process whenever it is back:");
        let mut crashes = 0;
        while let Some(score) = supervisor.find("t").await {
            score.send(Message::Crash).await?;
            tokio::task::yield_now().await;
            crashes += 1;
        }
        show!(page, crashes);
        show!(page, supervisor.running().await.len());
        page.say(
            "Three restarts, and at the fourth crash that process stays down. The others have not \
             noticed. The budget goes by the name of the process. By its task, each new task would \
             begin with a full one.",
        );
        Ok(())
    })
}

fn before_the_append(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Now the product. Its processes keep nothing that matters: the journal has the log of each \
         game, and a process begins by folding it. Ada guesses A1, and the process panics right \
         before the append.",
    );
    let happens = page.choose(
        "What does Ada's call return?",
        &[
            "An error: the process has crashed",
            "A timeout: the outcome is unknown",
            "The answer to her guess",
        ],
    );
    block_on(async {
        let system = System::start(2, &["Ada"]).await?;
        system.crash(AppendFault::PanicBefore);
        let answer = run!(page, system.guess(system.first(), "A1").await);
        let place = match &answer {
            Ok(_) => 2,
            Err(CallError::Timeout) => 1,
            Err(_) => 0,
        };
        let _ = show!(page, answer.map(|accepted| accepted.seq));
        show!(page, system.events_stored().await);
        page.reveal(&happens, place);
        page.say(
            "`Games` notices that no answer will come, waits for the next process, and sends the \
             command once more, with the same id. The first process had stored nothing, so the \
             second one carries the guess out.",
        );
        system.games.shut_down().await;
        Ok(())
    })
}

fn after_the_append(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "The same, with the panic right after the append. The guess is stored; its answer is lost.",
    );
    let stored =
        page.number("6 events were stored before the guess. How many are there afterwards?");
    block_on(async {
        let system = System::start(2, &["Ada"]).await?;
        system.crash(AppendFault::PanicAfter);
        let recorder = Recorder::start();
        let answer = run!(page, system.guess(system.first(), "A1").await);
        let drawing = recorder
            .sequence(&["Ada", "supervisor", "game", "journal"])
            .draw();
        let _ = show!(page, answer.map(|accepted| accepted.seq));
        let events = show!(page, system.events_stored().await);
        page.reveal(&stored, events);
        page.draw(&drawing);
        page.say(
            "`Games` has sent the command to both processes; the drawing has Ada's call as one arrow. It is stored once: the second process has found its id in the log. So Ada gets her answer, and knows nothing of a crash.",
        );
        system.games.shut_down().await;
        Ok(())
    })
}

fn the_tree(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Two supervisors share the games by their ids; above them is the root. This is the product's \
         own description of itself, with three games:",
    );
    block_on(async {
        let system = loop {
            // The ids are random, and so is the supervisor of a game.
            let system = System::start(2, &["Ada", "Cleo", "Eve"]).await?;
            let supervisors = system.games.system().supervisors;
            let sizes: Vec<usize> = supervisors.iter().map(|it| it.games.len()).collect();
            let first = supervisors[0].games.iter().map(|it| it.game);
            if sizes == [2, 1]
                && first
                    .clone()
                    .eq(first.filter(|it| *it != system.hosts[2].0))
            {
                break system;
            }
            system.games.shut_down().await;
        };
        page.draw(&system.tree());
        system.crash(AppendFault::PanicAfter);
        run!(page, system.guess(system.first(), "A1").await?);
        page.draw(&system.tree());
        page.say(
            "Ada's game has crashed, runs again, and the crash is counted. Its supervisor has lost \
             nothing by it. If a supervisor crashes, its games end with it, and the root starts it \
             anew; each game then starts from its log when it is next called.",
        );
        system.games.shut_down().await;
        Ok(())
    })
}

fn a_poison_game(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Ada's game panics at every append, whatever is tried. Ada's client makes four calls. \
         Meanwhile, Cleo opens three games, 40 ms apart. They have the same supervisor as Ada's, \
         which has to start their processes.",
    );
    let waited = page.number("How many milliseconds does Cleo wait in all?");
    block_on(async {
        let system = Arc::new(System::start(1, &["Ada"]).await?);
        system.poison(true);
        let recorder = Recorder::start();
        let calling = Arc::clone(&system);
        let ada = tokio::spawn(async move {
            let mut answers = Vec::new();
            for cell in ["A1", "A2", "A3", "A4"] {
                let answer = calling.guess(calling.first(), cell).await;
                answers.push(answer.map_or_else(|error| error.reason(), |_| "accepted"));
            }
            answers
        });
        let mut cleo_waited = Duration::ZERO;
        for _ in 0..3 {
            sleep(Duration::from_millis(40)).await;
            let began = Instant::now();
            let quiet = recorder.pause();
            system::battle(&system.games, "Cleo").await?;
            drop(quiet);
            cleo_waited += began.elapsed();
        }
        let answers = ada.await?;
        show!(page, answers);
        page.draw(&recorder.sequence(&["supervisor", "game"]).draw());
        page.reveal(&waited, cleo_waited.as_millis());
        page.say(
            "The first restart is immediate, the second comes after 50 ms, the third after 100 ms: \
             if the cause lies outside, it may soon be gone. At the fourth crash within five \
             seconds, the game goes into quarantine. Ada's client gets a timeout where both \
             attempts were lost: the outcome is not known. The supervisor answers everybody else in \
             the meantime.",
        );
        system.games.shut_down().await;
        Ok(())
    })
}

fn a_person_decides(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A game in quarantine has no process. It costs nothing, it crashes nothing, and it says what \
         has happened.",
    );
    block_on(async {
        let system = System::start(2, &["Ada"]).await?;
        let ada = system.first();
        system.poison(true);
        while !matches!(
            system.guess(ada, "A1").await,
            Err(CallError::Quarantined { .. })
        ) {}
        page.draw(&system.status_of(ada));
        let refused = system.games.view(ada, Viewer::Spectator).await;
        show!(page, refused.err().map(|error| error.reason()));
        page.say("An operator finds the cause, mends it, and ends the quarantine.");
        system.poison(false);
        show!(page, system.games.clear_quarantine(ada).await?);
        show!(page, system.guess(ada, "A1").await?.seq);
        page.say(
            "The game goes on where its log ends: event 7 is the guess that had crashed it. In the program, the operator's page does this. (A quarantine is not in the journal: it also ends when the program is started again.)",
        );
        system.games.shut_down().await;
        Ok(())
    })
}

fn kill_9(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Supervisors help as long as the program runs. This step starts a second program that plays \
         and prints each acknowledged move, with its journal in memory. After 20 moves, the program \
         is killed with `kill -9`.",
    );
    let killed = run!(page, kill_after(20, None)?);
    let acknowledged = page.figure("memory_acknowledged", killed.acknowledged);
    page.say(&format!(
        "It had acknowledged the events up to {acknowledged} of its game. There is no place left to look for them: the memory was that of the program.",
    ));
    Ok(())
}

fn kill_9_with_a_file(page: &mut Page<'_>) -> walk::Result {
    page.say("The same with a journal in a file. The program is killed in the middle of its work.");
    let lost = page.number("How many acknowledged events does the file lack?");
    let folder = Folder::new()?;
    let file = folder.file();
    let killed = run!(page, kill_after(20, Some(&file))?);
    let journal = run!(page, RedbJournal::open(&file)?);
    let log = on_a_runtime(journal.load(killed.game, 0))??;
    let stored: usize = log.iter().map(|batch| batch.events.len()).sum();
    let acknowledged = usize::try_from(killed.acknowledged)?;
    let lacking = show!(page, acknowledged.saturating_sub(stored));
    page.reveal(&lost, lacking);
    let (acknowledged, stored) = (
        page.figure("file_acknowledged", acknowledged),
        page.figure("file_stored", stored),
    );
    page.say(&format!(
        "{acknowledged} events were acknowledged, and {stored} are in the file. There may be one \
         more than was acknowledged: a move can be stored, and the program die before it says so. \
         There is never one less. (This kills the program and not the machine: what the system had accepted, it still has. That the disk has it as well takes a power cut to try.)",
    ));
    Ok(())
}

/// Waits for a future on a runtime with the clock of the machine.
fn on_a_runtime<T>(future: impl Future<Output = T>) -> Result<T, Box<dyn Error>> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    Ok(runtime.enable_time().build()?.block_on(future))
}

fn a_flipped_bit(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A disk can give back something else than was written. Two games are in a file, of Ada and of Cleo, and the file was closed. One bit changes in each place where it has Ada's name. Then the server starts again, and Ada's game is called.",
    );
    let happens = page.choose(
        "What does the server say?",
        &[
            "Nothing; Ada has another name",
            "Ada's game is damaged; Cleo's goes on",
            "The file is damaged, and cannot be opened",
        ],
    );
    let folder = Folder::new()?;
    let file = folder.file();
    let (ada, cleo) = on_a_runtime(async {
        let journal = Arc::new(RedbJournal::open(&file)?);
        let games = Games::start(Settings::default(), journal.clone()).await?;
        let ada = system::battle(&games, "Ada Lovelace").await?;
        let cleo = system::battle(&games, "Cleo").await?;
        games.shut_down().await;
        journal.close();
        Ok::<_, Box<dyn Error>>((ada, cleo))
    })??;
    let mut bytes = fs::read(&file)?;
    let name = b"Ada Lovelace";
    let places: Vec<usize> = bytes
        .windows(name.len())
        .enumerate()
        .filter_map(|(place, bytes)| (bytes == name).then_some(place))
        .collect();
    run!(
        page,
        for place in places {
            bytes[place] ^= 1;
        }
    );
    fs::write(&file, bytes)?;
    on_a_runtime(async {
        let journal = match RedbJournal::open(&file) {
            Ok(journal) => Arc::new(journal),
            Err(error) => {
                page.reveal(&happens, 2_u64);
                page.say(&error.to_string());
                return Ok(());
            }
        };
        let games = Games::start(Settings::default(), journal).await?;
        let answer = games.view(ada, Viewer::Spectator).await;
        let place = u64::from(answer.is_err());
        let reason = answer.err().map(|error| error.reason());
        show!(page, reason);
        let status = games.inspect(ada).await?;
        show!(page, status.damage.is_some());
        show!(page, games.view(cleo, Viewer::Spectator).await.is_ok());
        page.reveal(&happens, place);
        page.say(
            "Each record has a checksum, and each game a chain over its records. A log that differs from what was written is not played: the game is in quarantine, and an operator sees why. The other games are not touched. Had the bit been in the pages by which the database finds its rows, the file might not have opened at all.",
        );
        games.shut_down().await;
        Ok::<_, Box<dyn Error>>(())
    })?
}

fn the_price(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "How long does a player wait for a crash? A move is timed in 200 games, and then a move \
         whose process panics right after the append: the panic, the restart, the log, and the \
         second attempt. The journal is in memory. The medians:",
    );
    let (plain, crashed) = on_a_runtime(async {
        let system = System::start(2, &["Ada"]).await?;
        let (mut plain, mut crashed) = (Vec::new(), Vec::new());
        for _ in 0..200 {
            let game = system::battle(&system.games, "Ada").await?;
            plain.push(timed(&system, game, "A1").await?);
            let bob = islands_core::Player::Two;
            let answer = system::guess("A1").ok_or("a cell")?;
            system.games.command(game, bob, answer, None).await?;
            system.crash_next(game);
            crashed.push(timed(&system, game, "A2").await?);
        }
        system.games.shut_down().await;
        Ok::<_, Box<dyn Error>>((median(plain), median(crashed)))
    })??;
    let build = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let build = page.figure("build", build);
    let plain = page.figure("move_us", plain);
    let crashed = page.figure("crash_us", crashed);
    page.draw(&format!(
        "µs, {build} build\n\na move                  {plain}\na move with a crash     {crashed}"
    ));
    page.say("The exercises of this chapter: `cargo x next`.");
    Ok(())
}

async fn timed(
    system: &System,
    game: islands_core::GameId,
    cell: &str,
) -> Result<u128, Box<dyn Error>> {
    let began = std::time::Instant::now();
    system.guess(game, cell).await?;
    Ok(began.elapsed().as_nanos())
}

/// Returns the median of times in nanoseconds, in microseconds.
fn median(mut values: Vec<u128>) -> String {
    values.sort_unstable();
    let median = values.get(values.len() / 2).copied().unwrap_or_default();
    format!("{:.1}", median as f64 / 1e3)
}
