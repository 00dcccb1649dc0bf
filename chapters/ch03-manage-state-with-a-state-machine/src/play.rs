//! Plays games for the walk.

use islands_core::bot::{Strength, next_command};
use islands_core::{
    Command, Event, Facts, Game, MIN_AWAY_MS, Placement, Player, Rejection, StateName, View,
    Viewer, apply, create, decide, random_board,
};

/// Facts under which every command is possible that the state allows.
pub(crate) const FACTS: Facts = Facts {
    opponent_away_ms: MIN_AWAY_MS,
    rematch: islands_core::GameId::from_bytes([0; 10]),
};

/// The commands with their names, each with arguments that are fine.
pub(crate) fn commands() -> [(&'static str, Command); 8] {
    let islands: Vec<_> = random_board(1).islands().map(placement).collect();
    let first = islands[0].clone();
    [
        ("add_player", Command::AddPlayer { name: "Bob".into() }),
        ("position_island", Command::PositionIsland(first)),
        ("position_all", Command::PositionAll { islands }),
        ("set_islands", Command::SetIslands),
        ("guess", Command::GuessCoordinate { row: 10, col: 10 }),
        ("resign", Command::Resign),
        ("claim_win", Command::ClaimWin),
        ("request_rematch", Command::RequestRematch),
    ]
}

fn placement(island: islands_core::Island) -> Placement {
    Placement {
        island: island.kind().name().to_owned(),
        row: island.corner().row().into(),
        col: island.corner().col().into(),
    }
}

/// Carries a command out.
pub(crate) fn carry_out(game: &Game, by: Player, command: Command) -> Result<Game, Rejection> {
    let events = decide(game, by, command, &FACTS)?;
    Ok(events.iter().fold(game.clone(), apply))
}

/// A game in each of the five states.
pub(crate) fn games() -> Result<[Game; 5], Rejection> {
    let [join, _, place, set, guess, resign, ..] = commands().map(|(_, command)| command);
    let initialized = Game::new(&create("Ada")?);
    let arranging = carry_out(&initialized, Player::Two, join)?;
    let mut placed = arranging.clone();
    for player in Player::BOTH {
        placed = carry_out(&placed, player, place.clone())?;
    }
    let one_set = carry_out(&placed, Player::One, set.clone())?;
    let player1 = carry_out(&one_set, Player::Two, set)?;
    let player2 = carry_out(&player1, Player::One, guess)?;
    let over = carry_out(&player2, Player::Two, resign)?;
    Ok([initialized, placed, player1, player2, over])
}

/// Draws which player may give which command in which state, as `decide` says.
pub(crate) fn table() -> Result<String, Rejection> {
    let names = commands().map(|(name, _)| name);
    let mut table = format!("{:<14}", "");
    for number in 1..=names.len() {
        table += &format!("{number:>4}");
    }
    for game in games()? {
        table += &format!("\n{:<14}", game.state_name().to_string());
        for (_, command) in commands() {
            let may = |by| decide(&game, by, command.clone(), &FACTS).is_ok();
            let mark = match Player::BOTH.map(may) {
                [true, true] => "+",
                [true, false] => "1",
                [false, true] => "2",
                [false, false] => "·",
            };
            table += &format!("{mark:>4}");
        }
    }
    let numbered = (1..)
        .zip(names)
        .map(|(number, name)| format!("{number} {name}"));
    let numbered: Vec<_> = numbered.collect();
    let (first, last) = numbered.split_at(4);
    Ok(format!(
        "{table}\n\n{}\n{}",
        first.join("   "),
        last.join("   ")
    ))
}

/// A command that leads from one state to another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) from: StateName,
    pub(crate) label: &'static str,
    pub(crate) to: StateName,
}

/// Returns the transitions: what each accepted command does to the state.
pub(crate) fn transitions() -> Result<Vec<Transition>, Rejection> {
    let [initialized, placed, player1, player2, over] = games()?;
    // From here, one more player has to set the islands.
    let one_set = carry_out(&placed, Player::One, Command::SetIslands)?;
    let mut found: Vec<Transition> = Vec::new();
    let mut add = |before: &Game, label, after: &Game| {
        let (from, to) = (before.state_name(), after.state_name());
        let transition = Transition { from, label, to };
        if from != to && !found.contains(&transition) {
            found.push(transition);
        }
    };
    // A winning guess from each turn: different games have different winners.
    for seed in 1..10 {
        let log = log(seed, Strength::Hunt)?;
        if let [Event::GameCreated(created), events @ ..] = log.as_slice() {
            let won = events.len() - 2;
            let before = events[..won].iter().fold(Game::new(created), apply);
            let after = events[won..].iter().fold(before.clone(), apply);
            add(&before, "the last guess", &after);
        }
    }
    for game in [initialized, one_set, player1, player2, over] {
        for (label, command) in commands() {
            for by in Player::BOTH {
                if let Ok(after) = carry_out(&game, by, command.clone()) {
                    add(&game, label, &after);
                }
            }
        }
    }
    Ok(found)
}

/// Plays a whole game between two bots, and returns its log.
pub(crate) fn log(seed: u64, strength: Strength) -> Result<Vec<Event>, Rejection> {
    let created = create("Ada")?;
    let mut game = Game::new(&created);
    let mut log = vec![Event::GameCreated(created)];
    let mut carry_out = |game: &mut Game, by, command| {
        let events = decide(game, by, command, &FACTS)?;
        for event in &events {
            game.apply(event);
        }
        log.extend(events);
        Ok::<_, Rejection>(())
    };
    carry_out(
        &mut game,
        Player::Two,
        Command::AddPlayer { name: "Bob".into() },
    )?;
    while game.state_name() != StateName::GameOver {
        for by in Player::BOTH {
            if let View::Player(view) = View::of(&game, Viewer::Player(by)) {
                let seed = seed * 2 + u64::from(by == Player::Two);
                if let Some(command) = next_command(&view, strength, seed) {
                    carry_out(&mut game, by, command)?;
                }
            }
        }
    }
    Ok(log)
}

/// Returns how many guesses the winner made.
pub(crate) fn winners_guesses(log: &[Event]) -> usize {
    let winner = log.iter().find_map(|event| match event {
        Event::GameWon { by } => Some(*by),
        _ => None,
    });
    let guesses = log.iter().filter(|event| match event {
        Event::CoordinateGuessed(guess) => Some(guess.by) == winner,
        _ => false,
    });
    guesses.count()
}

/// Draws how many of a hundred games were won with how many guesses.
pub(crate) fn lengths(strength: Strength) -> Result<String, Rejection> {
    let mut counts = [0_usize; 8];
    for seed in 0..100 {
        let guesses = winners_guesses(&log(seed, strength)?);
        counts[(guesses.saturating_sub(21) / 10).min(7)] += 1;
    }
    let lines = (2..).zip(counts).map(|(ten, count)| {
        // No game is won with fewer than 18.
        let from = if ten == 2 { 18 } else { ten * 10 + 1 };
        let range = format!("{from:>3}–{}", (ten + 1) * 10);
        format!("{range:<7} {count:>3}  {}", "█".repeat(count.div_ceil(4)))
    });
    let title = format!("{strength}\nguesses  games");
    let lines: Vec<String> = [title].into_iter().chain(lines).collect();
    Ok(lines
        .iter()
        .map(|line| line.trim_end())
        .collect::<Vec<_>>()
        .join("\n"))
}
