//! Logs that end just before a given move, and ids for their games.

use islands_core::{
    Command, Coordinate, Event, Facts, Game, GameId, Placement, Player, apply, create, decide,
    random_board,
};

/// Draws a random game id.
pub(super) fn random_game_id() -> GameId {
    let mut bytes = [0; 10];
    fastrand::fill(&mut bytes);
    GameId::from_bytes(bytes)
}

/// A log in which both players have set their islands, and player 1 is to guess.
pub(super) fn battle() -> Vec<Event> {
    let mut log = Log::open();
    log.play(Player::Two, Command::AddPlayer { name: "Bob".into() });
    for (seed, player) in [(1, Player::One), (2, Player::Two)] {
        let islands = random_board(seed).islands().map(Placement::from).collect();
        log.play(player, Command::PositionAll { islands });
        log.play(player, Command::SetIslands);
    }
    log.events
}

/// A log in which player 1 has found all land but one cell, and the guess that wins.
pub(super) fn before_the_win() -> (Vec<Event>, Command) {
    let mut log = Log::of(battle());
    let land: Vec<Coordinate> = random_board(2).land().iter().collect();
    let (last, others) = land.split_last().expect("land");
    for (n, at) in others.iter().enumerate() {
        log.play(Player::One, guess_at(*at));
        log.play(Player::Two, guess(n));
    }
    (log.events, guess_at(*last))
}

/// Guess number `n`, counted from 0, in the order of the board's cells.
pub(super) fn guess(n: usize) -> Command {
    guess_at(Coordinate::all().nth(n).expect("a cell"))
}

fn guess_at(at: Coordinate) -> Command {
    Command::GuessCoordinate {
        row: at.row().into(),
        col: at.col().into(),
    }
}

struct Log {
    game: Game,
    events: Vec<Event>,
}

impl Log {
    fn open() -> Log {
        Log::of(vec![Event::GameCreated(create("Ada").expect("a name"))])
    }

    fn of(events: Vec<Event>) -> Log {
        let game = islands_core::replay(&events).expect("a game");
        Log { game, events }
    }

    fn play(&mut self, by: Player, command: Command) {
        let events = decide(&self.game, by, command, &Facts::default()).expect("a move");
        for event in events {
            self.game = apply(self.game.clone(), &event);
            self.events.push(event);
        }
    }
}
