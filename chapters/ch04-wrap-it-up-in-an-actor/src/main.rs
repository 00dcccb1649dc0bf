//! Chapter 4's walk: `cargo run -p ch04`.

mod price;
mod system;

use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use ch04::calls_itself::{self, Counter};
use ch04::disk::Disk;
use ch04::games::guess;
use ch04::on_ractor::{GameActor, Message};
use ch04::{by_hand, locks, mutex};
use islands_core::{Event, Player, Viewer};
use islands_engine::Settings;
use ractor::Actor;
use tokio::spawn;
use tokio::time::{Instant, sleep, timeout};
use trace::{Recorder, message};
use walk::{Chapter, Page, Step, run, show};

use crate::system::System;

const CHAPTER: Chapter = Chapter {
    package: "ch04",
    title: "Chapter 4 · Wrap it up in an actor",
    question: "Where does the state live between two requests?",
    sources: walk::sources!["main.rs"],
    steps: &[
        Step::new("One lock", "A lock", one_lock),
        Step::new("A slow disk", "A lock", a_slow_disk),
        Step::new("A lock for each game", "A lock for each game", a_lock_each),
        Step::new("An actor by hand", "An actor", an_actor_by_hand),
        Step::new("Three messages", "One message at a time", three_messages),
        Step::new("Two actors", "One message at a time", two_actors),
        Step::new(
            "An actor that calls itself",
            "What can go wrong",
            calls_itself,
        ),
        Step::new("On ractor", "A library", on_ractor),
        Step::new("A game by its id", "The product's game process", by_its_id),
        Step::new(
            "A move, message by message",
            "The product's game process",
            a_move,
        ),
        Step::new("100,000 casts", "A mailbox without a bound", many_casts),
        Step::new("100 callers", "Bounded admission", a_hundred_callers),
        Step::new("The same command again", "The same command again", again),
        Step::new("The price", "The price", the_price),
    ],
    serve: None,
};

const SLOW: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    walk::main(&CHAPTER)
}

/// Runs a step on one thread. The clock stands still while there is anything to do, and jumps to
/// the next timer when there is not: so a pause of 200 ms is exact, and takes no time.
fn block_on(step: impl Future<Output = walk::Result>) -> walk::Result {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build()?;
    runtime.block_on(step)
}

/// What the events of a guess say.
fn outcome(events: &[Event]) -> String {
    match events {
        [Event::CoordinateGuessed(guess), ..] => format!("{:?} at {}", guess.outcome, guess.at),
        _ => "no guess".to_owned(),
    }
}

/// Waits for a call, and returns how long it took.
async fn time<T, E>(call: impl Future<Output = Result<T, E>>) -> Result<Duration, E> {
    let began = Instant::now();
    call.await.map(|_| began.elapsed())
}

/// Waits for a call in the name of `who`, records the question and the answer, and returns how
/// long it took.
async fn asked<T>(who: &str, label: &str, call: impl Future<Output = T>) -> Duration {
    let began = Instant::now();
    message(who, "game", label);
    call.await;
    message("game", who, "");
    began.elapsed()
}

fn one_lock(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "`decide` and `apply` are functions, and a function keeps nothing. Something has to hold \
         the games between two requests. Here is the simplest thing: a map of games behind one \
         lock. `play` decides, stores the events on a disk, and applies them.",
    );
    block_on(async {
        let games = run!(page, mutex::Games::new(Disk::default()));
        let events = run!(page, games.play("one", Player::One, guess("A1")?).await?);
        show!(page, outcome(&events));
        let refused = show!(page, games.play("one", Player::One, guess("A2")?).await);
        if let Err(rejection) = refused {
            page.say(&format!(
                "Ada's second guess is refused: {rejection}. The game was kept."
            ));
        }
        Ok(())
    })
}

fn a_slow_disk(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Ada plays in game one, Bob in game two, against other people. They guess at the same \
         moment. The disk is slow today: an append to game one takes 200 ms, an append to game two \
         takes no time.",
    );
    let waited = page.number("How many milliseconds does Bob wait?");
    block_on(async {
        let games = run!(page, mutex::Games::new(Disk::slow_for("one", SLOW)));
        let (ada, bob) = run!(
            page,
            tokio::join!(
                time(games.play("one", Player::One, guess("A1")?)),
                time(games.play("two", Player::One, guess("A1")?)),
            )
        );
        show!(page, ada?);
        let bob = show!(page, bob?);
        page.reveal(&waited, bob.as_millis());
        page.say(
            "Two games that have nothing to do with each other share a lock, and `play` holds it \
             while the disk writes. One slow append stops every game of the server.",
        );
        Ok(())
    })
}

fn a_lock_each(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "So give each game a lock of its own. The map still has one, but it is held only to find \
         the game. The same two moves again.",
    );
    block_on(async {
        let disk = Disk::slow_for("one", SLOW);
        let games = run!(page, locks::Games::new(disk.clone()));
        let (ada, bob) = run!(
            page,
            tokio::join!(
                time(games.play("one", Player::One, guess("A1")?)),
                time(games.play("two", Player::One, guess("A1")?)),
            )
        );
        show!(page, ada?);
        show!(page, bob?);
        page.say(
            "Bob does not wait. Now the next move of game one. It takes 200 ms as well, and its \
             caller gives up after 100 ms.",
        );
        let before = disk.stored();
        let (bob, hurry) = (guess("B1")?, Duration::from_millis(100));
        let _ = show!(
            page,
            timeout(hurry, games.play("one", Player::Two, bob.clone())).await
        );
        let again = page.choose(
            "The move is on the disk. Its player sends it again. What does the game say?",
            &[
                "Not your turn: the move was made",
                "Accepted, as if it were new",
            ],
        );
        let accepted = games.play("one", Player::Two, bob).await.is_ok();
        show!(page, disk.stored() - before);
        page.reveal(&again, usize::from(accepted));
        page.say(
            "The move is stored twice. To give up means to drop the future of `play`, and it was \
             dropped where it waited: behind the append, in front of `apply`. A lock keeps others \
             out of a change. It does not see to it that the change is finished.",
        );
        Ok(())
    })
}

fn an_actor_by_hand(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Change who owns the game. A task owns it, and no other code can reach it. A caller sends the task a message, and puts into the \
         message where the answer should go. That is an actor. Here it is a tokio task and a channel.",
    );
    block_on(async {
        let game = run!(page, by_hand::start("one", Disk::default()));
        let played = run!(page, game.play(Player::One, guess("A1")?).await);
        let events = played.map_err(|_| "the task has ended")??;
        show!(page, outcome(&events));
        let _ = show!(page, game.state().await);
        page.say(
            "There is no lock, since there is nothing to lock: `run` has the game in a local \
             variable. `game` is a handle, a sender of messages. It can be cloned, and the task \
             ends when the last clone is dropped.",
        );
        Ok(())
    })
}

fn three_messages(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Three messages to one game, whose disk takes 200 ms. Ada guesses, then Bob guesses, then \
         Cleo asks for the state, all within the same millisecond. To tell the state, the game \
         needs no disk.",
    );
    let cleo_waits = page.number("After how many milliseconds does Cleo get her answer?");
    block_on(async {
        let game = by_hand::start("game", Disk::slow_for("game", SLOW));
        let recorder = Recorder::start();
        let (one, two, three) = (game.clone(), game.clone(), game);
        let (a1, b1) = (guess("A1")?, guess("B1")?);
        let ada = async move { asked("Ada", "A1", one.play(Player::One, a1)).await };
        let bob = async move { asked("Bob", "B1", two.play(Player::Two, b1)).await };
        let cleo = async move { asked("Cleo", "state?", three.state()).await };
        let tasks = run!(page, [spawn(ada), spawn(bob), spawn(cleo)]);
        let mut waited = Duration::ZERO;
        for task in tasks {
            waited = task.await?;
        }
        page.draw(
            &recorder
                .sequence(&["Ada", "Bob", "Cleo", "game", "disk"])
                .draw(),
        );
        page.reveal(&cleo_waits, waited.as_millis());
        page.say(
            "An actor handles one message at a time, in the order in which they arrive. That is \
             what makes it safe: nothing happens between `decide` and `apply`. It is also what it \
             costs: a question waits for the disk of the moves before it. (Every arrow was \
             recorded while the step ran.)",
        );
        Ok(())
    })
}

fn two_actors(page: &mut Page<'_>) -> walk::Result {
    page.say("Two games, two actors. Game one has the slow disk; Bob plays in game two.");
    block_on(async {
        let one = by_hand::start("one", Disk::slow_for("one", SLOW));
        let two = by_hand::start("two", Disk::default());
        let (ada, bob) = run!(
            page,
            tokio::join!(
                time(one.play(Player::One, guess("A1")?)),
                time(two.play(Player::One, guess("A1")?)),
            )
        );
        let _ = show!(page, ada);
        let _ = show!(page, bob);
        page.say("What is slow in one game stays in that game.");
        Ok(())
    })
}

fn calls_itself(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "`Counter` counts guesses. It answers `Count` with a number and `Report` with a sentence. \
         To make the sentence, it sends itself `Count` and waits for the answer. That looks tidy.",
    );
    let happens = page.choose(
        "A caller asks for `Report`, and waits for at most a minute. What does it get?",
        &[
            "\"3 guesses\"",
            "An error at once",
            "Nothing: the minute passes",
        ],
    );
    block_on(async {
        let (counter, ended) = Actor::spawn(None, Counter, 3).await?;
        let began = Instant::now();
        let minute = Duration::from_secs(60);
        let report = counter.call(calls_itself::Message::Report, None);
        let report = show!(page, timeout(minute, report).await.is_ok());
        show!(page, began.elapsed());
        let place = match (report, began.elapsed() < minute) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        page.reveal(&happens, place);
        let count = counter.call(calls_itself::Message::Count, None);
        show!(page, timeout(minute, count).await.is_ok());
        page.say(
            "The question lies in the mailbox until `Report` is done, and `Report` waits for the \
             answer. `call` was given no deadline, so nothing can end this, and every later caller waits as well. An \
             actor must not wait for itself, and two must not wait for each other. In the product, a game process waits for the journal, and for no actor.",
        );
        counter.kill();
        ended.await?;
        Ok(())
    })
}

fn on_ractor(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "The same actor on a library, ractor. `handle` is the body of the loop; the loop, the \
         mailbox and the end of the task are the library's.",
    );
    block_on(async {
        let arguments = ("one".to_owned(), Disk::default());
        let (game, ended) = run!(page, Actor::spawn(None, GameActor, arguments).await?);
        let command = guess("A1")?;
        let play = |reply| Message::Play(Player::One, command, reply);
        let played = run!(page, game.call(play, None).await?);
        show!(page, outcome(&played.success_or("the actor has ended")??));
        game.stop(None);
        ended.await?;
        page.say(
            "A message that waits for an answer is a call. One that does not is a cast. What the \
             library adds is not in this step: an actor has a supervisor, which learns when it \
             ends. That is chapter 5.",
        );
        Ok(())
    })
}

fn by_its_id(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "In the product, a caller has no handle of a game. `Games` takes an id, and finds the process or starts one from the game's log.",
    );
    block_on(async {
        let system = System::start(Settings::default()).await?;
        let (games, game) = (&system.games, system.game);
        let command = guess("A1")?;
        show!(page, games.command(game, Player::One, command, None).await?);
        let unknown = islands_core::GameId::from_bytes([0; 10]);
        let _ = show!(page, games.view(unknown, Viewer::Spectator).await.err());
        show!(page, games.running());
        games.shut_down().await;
        page.say(
            "The answer has the number of the event, 7, and what the player learns. An id that no \
             log has is refused, and leaves no process behind.",
        );
        Ok(())
    })
}

fn a_move(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A guess of Ada's in the product, with 200 ms for the journal. Bob has subscribed to the \
         game.",
    );
    block_on(async {
        let system = System::start(Settings::default()).await?;
        let bob = Viewer::Player(Player::Two);
        let mut subscription = system.games.subscribe(system.game, bob, None).await?;
        system.slow_append(SLOW);
        let recorder = Recorder::start();
        let bob = spawn(async move {
            if let Some(event) = subscription.events.next().await {
                message("game", "Bob", &format!("event {}", event.seq()));
            }
        });
        let accepted = system.guess("A1", "guess A1").await;
        bob.await?;
        let drawing = recorder.sequence(&["Ada", "Bob", "game", "journal"]).draw();
        page.draw(&drawing);
        page.say(&format!(
            "The game decides, appends, applies, publishes, and replies, in this order. Ada's \
             answer says that event {} is stored. Were the machine to stop before the append, \
             nothing would have happened; were it to stop after it, the move would be in the log, \
             whether or not Ada has heard of it.",
            accepted?.seq
        ));
        system.games.shut_down().await;
        Ok(())
    })
}

fn many_casts(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Back to the actor of step 8. Its disk takes 200 ms, and it is handling a move. Meanwhile \
         100,000 casts arrive, in which players chat.",
    );
    let refused = page.number("How many of the 100,000 does the mailbox refuse?");
    block_on(async {
        let arguments = ("one".to_owned(), Disk::slow_for("one", SLOW));
        let (game, ended) = Actor::spawn(None, GameActor, arguments).await?;
        let (command, busy) = (guess("A1")?, game.clone());
        let moving = spawn(async move {
            let play = |reply| Message::Play(Player::One, command, reply);
            busy.call(play, None).await.is_ok()
        });
        // Half of the append has passed.
        sleep(SLOW / 2).await;
        let chat = || Message::Chat("hello".to_owned());
        let count = run!(
            page,
            (0..100_000).filter(|_| game.cast(chat()).is_err()).count()
        );
        show!(page, count);
        page.reveal(&refused, count);
        let bytes = show!(page, size_of::<Message>() * 100_000);
        page.say(&format!(
            "A mailbox of ractor has no bound, as in Erlang. The messages alone are {} MB, without the queue around them, and the next caller waits behind all of them. A server that accepts everything fails \
             late, and all at once.",
            bytes / 1_000_000
        ));
        moving.await?;
        game.stop(None);
        ended.await?;
        Ok(())
    })
}

fn a_hundred_callers(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "In the product, a caller needs a permit before it may send its message, and a game has a \
         limited number of them: 256, and 10 in this step. The journal does not answer. 100 guesses \
         are sent to the game at once; a call waits for at most 5 seconds.",
    );
    let at_once = page.number("How many of the 100 are refused at once?");
    block_on(async {
        let settings = Settings {
            max_waiting: 10,
            ..Settings::default()
        };
        let system = System::start(settings).await?;
        let [busy, timed_out, other] = run!(page, system.send_100_while_stalled().await);
        show!(page, (busy, timed_out, other));
        page.reveal(&at_once, busy);
        page.say(
            "Ten wait, and time out. Ninety get `busy` at once, and can try again later or say so to their user. At most ten commands wait in the mailbox, whatever the load is. This is called load shedding.",
        );
        system.games.shut_down().await;
        Ok(())
    })
}

fn again(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Ada guesses A1. The journal does not answer, and after 5 seconds the call fails. Then the \
         journal works again.",
    );
    let happens = page.choose(
        "Ada's client sends the guess again, with the same id. What does it get?",
        &[
            "A rejection: it is Bob's turn now",
            "The answer to the first guess",
            "The answer to a second guess, which is stored as well",
        ],
    );
    block_on(async {
        let system = System::start(Settings::default()).await?;
        let first = run!(page, system.guess_while_stalled("A1", "id-1").await);
        let _ = show!(page, first.map(|accepted| accepted.seq));
        let second = run!(page, system.guess("A1", "id-1").await);
        let events = system.events_stored().await;
        let place = match &second {
            Err(_) => 0,
            Ok(_) if events == 7 => 1,
            Ok(_) => 2,
        };
        let _ = show!(page, second.map(|accepted| accepted.seq));
        show!(page, events);
        page.reveal(&happens, place);
        page.say(
            "A timeout says that the outcome is unknown. Here the first guess was stored, after its \
             caller had given up. The game remembers the ids of each player's last 32 commands, so \
             a repeat gets the first answer and changes nothing. The client need not know which of \
             the two it was.",
        );
        system.games.shut_down().await;
        Ok(())
    })
}

fn the_price(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "What does a move cost? The same 4,000 moves in five ways, on one thread, without a disk:",
    );
    let price = price::measure()?;
    let build = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let build = page.figure("build", build);
    let mut table = format!("µs a move, {build} build\n\n");
    for (what, name, micros) in [
        ("decide and apply", "function_us", price.function),
        ("behind a lock", "lock_us", price.lock),
        ("an actor by hand", "by_hand_us", price.by_hand),
        ("an actor on ractor", "ractor_us", price.on_ractor),
        ("the product", "product_us", price.product),
    ] {
        let figure = page.figure(name, format!("{micros:.2}"));
        table += &format!("{what:<20} {figure}\n");
    }
    page.draw(table.trim_end());
    page.say(
        "The product does more than the others: permits, deadlines, ids, a journal in memory, \
         metrics. An actor costs more than a lock, since a message goes to another task, and the answer comes back from it.",
    );
    page.say("The exercises of this chapter: `cargo x next`.");
    Ok(())
}
