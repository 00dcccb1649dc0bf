//! Chapter 3's walk: `cargo run -p ch03`.

mod diagram;
mod play;

use std::process::ExitCode;

use ch03::flags::{Flags, reachable};
use ch03::typestate::{Next, Waiting};
use islands_core::bot::Strength;
use islands_core::{
    Command, Event, Facts, Game, Outcome, Pair, Player, StateName, apply, create, decide,
    random_board, replay,
};
use walk::{Chapter, Page, Step, beside, run, show};

const CHAPTER: Chapter = Chapter {
    package: "ch03",
    title: "Chapter 3 · Manage state with a state machine",
    question: "Which command is allowed when, and where does the program say so?",
    sources: walk::sources!["main.rs"],
    steps: &[
        Step::new("Six flags", "Flags", six_flags),
        Step::new("A guess after the end", "Flags", a_guess_after_the_end),
        Step::new("A game begins", "decide and apply", a_game_begins),
        Step::new("A guess too early", "decide and apply", a_guess_too_early),
        Step::new("The same name", "Refusals are data", the_same_name),
        Step::new("Five states, eight commands", "The table", the_table),
        Step::new("The diagram", "The table", the_diagram),
        Step::new("A whole game", "A game is its log", a_whole_game),
        Step::new("A cell twice", "Refusals are data", a_cell_twice),
        Step::new("The last guess", "One command, two events", the_last_guess),
        Step::new("Six events", "A game is its log", six_events),
        Step::new("A forged log", "Believe nothing", a_forged_log),
        Step::new(
            "Random and hunting",
            "A player is a function",
            random_and_hunting,
        ),
        Step::new(
            "A type for each state",
            "A type for each state",
            a_type_for_each_state,
        ),
    ],
    serve: None,
};

fn main() -> ExitCode {
    walk::main(&CHAPTER)
}

fn six_flags(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Chapter 2 has the data. Now add what has happened so far: a second player has joined, \
         each player's islands are set, it is player 1's turn, the game is over, a player has \
         resigned. Six flags, and 64 combinations of them. Most mean nothing: player 1's turn in a \
         game that is over, for instance.",
    );
    let guess = page.number("How many of the 64 can a game be in?");
    let combinations = show!(page, reachable().len());
    page.reveal(&guess, combinations);
    page.say(
        "The program began with a new game and tried each step that can change a flag. All other \
         combinations can be written down and compile. Each function that takes the flags has to \
         think of them, or trust that they never come.",
    );
    Ok(())
}

fn a_guess_after_the_end(page: &mut Page<'_>) -> walk::Result {
    page.say("Both have set their islands. It is Ada's turn, and Bob resigns.");
    let mut flags = Flags {
        joined: true,
        set1: true,
        set2: true,
        turn1: true,
        ..Flags::default()
    };
    flags.resign();
    let guess = page.choose(
        "Ada guesses. `Flags::guess` checks that the islands are set and whose turn it is. Is the \
         guess accepted?",
        &["Yes", "No, since the game is over"],
    );
    let outcome = show!(page, flags.guess(Player::One));
    page.reveal(&guess, usize::from(outcome.is_err()));
    page.say(
        "The checks in `guess` are right, and one is missing. And `resign` has left `turn1` as it \
         was, so the flags are in a combination that no game can be in. A state machine lists the \
         states that exist; everything else is refused, or cannot be written.",
    );
    Ok(())
}

fn a_game_begins(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "The product has two functions. `decide` says what a command causes: events, or a \
         rejection. It changes nothing. `apply` carries an event out, and never fails.",
    );
    let created = show!(page, create("Ada")?);
    let game = run!(page, Game::new(&created));
    let join = run!(page, Command::AddPlayer { name: "Bob".into() });
    let events = show!(page, decide(&game, Player::Two, join, &Facts::default())?);
    let guess = page.choose(
        "`decide` has returned the event that adds Bob. In which state is the game now?",
        &["initialized", "players_set"],
    );
    let state = show!(page, game.state_name());
    page.reveal(&guess, usize::from(state != StateName::Initialized));
    let game = run!(page, events.iter().fold(game, apply));
    show!(page, game.state_name());
    page.say(
        "`decide` changes nothing, and `apply` makes the change. Chapter 4 uses the gap between the \
         two: it stores the events there.",
    );
    Ok(())
}

fn a_guess_too_early(page: &mut Page<'_>) -> walk::Result {
    page.say("Bob has joined. No island is on a board yet. Ada guesses A1.");
    let [_, game, ..] = play::games()?;
    let guess = page.choose(
        "What does `decide` return?",
        &[
            "A miss: there is no land",
            "A rejection, \"not your turn\"",
            "A rejection that names the state",
        ],
    );
    let command = run!(page, Command::GuessCoordinate { row: 1, col: 1 });
    let decided = show!(page, decide(&game, Player::One, command, &Facts::default()));
    let place = match &decided {
        Ok(_) => 0,
        Err(islands_core::Rejection::NotYourTurn) => 1,
        Err(_) => 2,
    };
    page.reveal(&guess, place);
    if let Err(rejection) = decided {
        page.say(&format!("Displayed: \"{rejection}\"."));
    }
    page.say(
        "The state is checked before the turn, and the turn before the cell. So a guess of cell \
         99/99 in this state is refused for the same reason.",
    );
    Ok(())
}

fn the_same_name(page: &mut Page<'_>) -> walk::Result {
    page.say("Bob wants to join Ada's game under the name Ada.");
    let game = Game::new(&create("Ada")?);
    let join = run!(page, Command::AddPlayer { name: "Ada".into() });
    let refused = show!(page, decide(&game, Player::Two, join, &Facts::default()));
    let rejection = refused.err().ok_or("the name is taken")?;
    show!(page, rejection.reason());
    show!(page, rejection.to_string());
    page.say(
        "A rejection is a value with a variant for each reason. A program reads its stable name, a \
         person its message.",
    );
    Ok(())
}

fn the_table(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "Five states, eight commands, two players: 80 questions. This table asks `decide` all of \
         them, with one game in each state. A + means that both players may, 1 or 2 that this \
         player may. (`add_player` comes from a person without a seat, so it ignores the player.)",
    );
    page.draw(&play::table()?);
    page.say(
        "A test of `islands-core` holds a finer table: 260 answers, each refusal with its reason. \
         The compiler helps as well: each guard is a `match` over all variants of `State`, so a new \
         one does not compile until every guard has an answer for it.",
    );
    Ok(())
}

fn the_diagram(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "The commands that change the state, found in the same way: try each one in each state, and \
         compare the state before and after. The arrows are what was found; were there one more, \
         this step would fail.",
    );
    page.draw(&diagram::draw(&play::transitions()?)?);
    page.say(
        "It is the diagram above `State` in `rules.rs`. That one has `request_rematch` as well, \
         which leaves the state as it is.",
    );
    Ok(())
}

fn a_whole_game(page: &mut Page<'_>) -> walk::Result {
    page.say("Two computer players play a game. Its log has every event, in order.");
    let log = run!(page, play::log(1, Strength::Hunt)?);
    show!(page, log.len());
    let game = run!(page, replay(&log)?);
    show!(page, game.state_name());
    let guess = page.number("What is the smallest number of guesses with which a player can win?");
    let land = random_board(1).land().len();
    page.reveal(&guess, land);
    page.say(&format!(
        "There are {land} cells of land, and each guess hits at most one. In this game the winner \
         needed {} guesses.",
        play::winners_guesses(&log)
    ));
    Ok(())
}

fn a_cell_twice(page: &mut Page<'_>) -> walk::Result {
    page.say("Another game, after two guesses: it is Ada's turn again, and she guesses a cell that she has guessed before, J10.");
    let [.., player2, _] = play::games()?;
    let bob = Command::GuessCoordinate { row: 1, col: 1 };
    let game = play::carry_out(&player2, Player::Two, bob)?;
    let guess = page.choose(
        "Whose turn is it after the refusal?",
        &[
            "Ada's: a refusal changes nothing",
            "Bob's: the turn is spent",
        ],
    );
    let again = run!(page, Command::GuessCoordinate { row: 10, col: 10 });
    let _ = show!(page, decide(&game, Player::One, again, &Facts::default()));
    show!(page, game.state_name());
    page.reveal(
        &guess,
        usize::from(game.state_name() != StateName::Player1Turn),
    );
    Ok(())
}

fn the_last_guess(page: &mut Page<'_>) -> walk::Result {
    page.say("Back to the game of step 8. Its last guess hits the last cell of the last island.");
    let log = play::log(1, Strength::Hunt)?;
    show!(page, &log[log.len() - 2..]);
    page.say(
        "One command, two events: the guess, and the win. They belong together. A program that \
         stored the first and lost the second would have a game in which every island is forested \
         and no player has won. So both are stored in one step.",
    );
    Ok(())
}

fn six_events(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A game is a fold over its log: begin with the first event and apply the others. Fold fewer \
         of them, and you have the game as it was then. Here are the first six:",
    );
    let log = play::log(1, Strength::Hunt)?;
    let kinds = log[..6].iter().map(|event| {
        let text = format!("{event:?}");
        text.split(['(', ' ']).next().unwrap_or_default().to_owned()
    });
    page.draw(&kinds.collect::<Vec<_>>().join("\n"));
    let guess = page.choose(
        "In which state is the game after these six?",
        &["players_set", "player1_turn", "player2_turn"],
    );
    let Event::GameCreated(created) = &log[0] else {
        return Err("a log begins with `GameCreated`".into());
    };
    let game = run!(page, log[1..6].iter().fold(Game::new(created), apply));
    show!(page, game.state_name());
    let place = match game.state_name() {
        StateName::PlayersSet => 0,
        StateName::Player1Turn => 1,
        _ => 2,
    };
    page.reveal(&guess, place);
    page.say("Recovery after a crash is this fold over the whole log, with the check of step 12.");
    Ok(())
}

fn a_forged_log(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A log can be damaged, or forged. The first guess in the log of step 8 was a miss. Now it \
         becomes a hit.",
    );
    let mut log = play::log(1, Strength::Hunt)?;
    let first = log.iter_mut().find_map(|event| match event {
        Event::CoordinateGuessed(guess) => Some(guess),
        _ => None,
    });
    let first = first.ok_or("a game has a guess")?;
    assert_eq!(first.outcome, Outcome::Miss, "the text says so");
    run!(page, first.outcome = Outcome::Hit);
    let _ = show!(page, replay(&log).map(|game| game.state_name()));
    page.say(
        "`apply` believes every event. `replay` believes none: it finds the command behind the next \
         event, asks `decide` again, and compares all events that the command causes.",
    );
    Ok(())
}

fn random_and_hunting(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "A computer player is a function. It takes a player's view, a strength and a seed, and \
         returns a command. `random` guesses any cell that it has not guessed; `hunt` guesses beside a hit until its island \
         is forested. A hundred games with each strength, by the number of guesses of the winner:",
    );
    let (random, hunt) = (
        play::lengths(Strength::Random)?,
        play::lengths(Strength::Hunt)?,
    );
    page.draw(&beside(&random, &hunt));
    page.say(
        "The function gets a `PlayerView`. Before the game is over, that has no cell of the \
         opponent's islands that has not been hit.",
    );
    Ok(())
}

fn a_type_for_each_state(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "One more way: a type for each state. `Waiting` has a method `join` and no `guess`, so a \
         guess that comes too early does not compile.",
    );
    let boards = Pair {
        one: random_board(1),
        two: random_board(2),
    };
    let game = run!(page, Waiting::new("Ada").join("Bob").set(boards));
    show!(
        page,
        match game.guess("A1".parse()?) {
            Next::Guessing(game) => format!("{}'s turn", game.turn()),
            Next::Over(over) => format!("{} has won", over.winner),
        }
    );
    page.say(
        "It reads well as long as the program knows which state comes next. A server does not: it \
         has a map of many games, each in another state, and a map holds values of one type. So \
         there is an enum with a variant for each type, and a `match` before each call. That enum \
         is `State`, with more words. The product has the enum alone, and `decide` in front of it.",
    );
    page.say("The exercises of this chapter: `cargo x next`.");
    Ok(())
}
