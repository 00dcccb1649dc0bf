//! Games brought to the state that a test needs.

use islands_core::{
    Board, Command, CoordinateSet, Event, Game, Player, Rejection, apply, create, decide,
};

use crate::commands::{CommandWithFacts, add_player, guess_at, position_all};
use crate::drawing::{self, ADA, BOB};

/// A game, and the log of its events.
#[derive(Clone, Debug)]
pub(crate) struct Fixture {
    pub(crate) game: Game,
    pub(crate) log: Vec<Event>,
}

impl Fixture {
    /// Ada has opened a game.
    pub(crate) fn initialized() -> Fixture {
        let created = create("Ada").expect("a name");
        Fixture {
            game: Game::new(&created),
            log: vec![Event::GameCreated(created)],
        }
    }

    /// Bob has joined Ada's game.
    pub(crate) fn joined() -> Fixture {
        Fixture::initialized().accept(Player::Two, add_player("Bob"))
    }

    /// Both players have placed their islands, and can still move them.
    pub(crate) fn arranged() -> Fixture {
        Fixture::joined()
            .accept(Player::One, position_all(ADA))
            .accept(Player::Two, position_all(BOB))
    }

    /// Both players have set their islands, and Ada is to guess.
    pub(crate) fn battle() -> Fixture {
        Fixture::arranged()
            .accept(Player::One, Command::SetIslands)
            .accept(Player::Two, Command::SetIslands)
    }

    /// Ada has resigned.
    pub(crate) fn over() -> Fixture {
        Fixture::battle().accept(Player::One, Command::Resign)
    }

    /// Carries out a command that must be accepted.
    #[track_caller]
    pub(crate) fn accept(mut self, by: Player, command: impl Into<CommandWithFacts>) -> Fixture {
        let command = command.into();
        let description = format!("{by}: {command:?}");
        if let Err(rejection) = self.try_command(by, command) {
            panic!("{description} was refused: {rejection}");
        }
        self
    }

    /// Returns the rejection of a command that must be refused.
    #[track_caller]
    pub(crate) fn reject(&self, by: Player, command: impl Into<CommandWithFacts>) -> Rejection {
        let CommandWithFacts { command, facts } = command.into();
        let description = format!("{by}: {command:?}, {facts:?}");
        decide(&self.game, by, command, &facts).expect_err(&description)
    }

    /// Carries out a command if it is accepted, and appends its events to the log.
    pub(crate) fn try_command(
        &mut self,
        by: Player,
        command: impl Into<CommandWithFacts>,
    ) -> Result<Vec<Event>, Rejection> {
        let CommandWithFacts { command, facts } = command.into();
        let events = decide(&self.game, by, command, &facts)?;
        self.game = events.iter().fold(self.game.clone(), apply);
        self.log.extend_from_slice(&events);
        Ok(events)
    }

    /// Ada and Bob guess these cells in turn, Ada first, until either has no cell
    /// left or the game is over.
    #[track_caller]
    pub(crate) fn alternate_guesses(self, ada: CoordinateSet, bob: CoordinateSet) -> Fixture {
        let mut fixture = self;
        let mut bob = bob.iter();
        for cell in ada.iter() {
            fixture = fixture.accept(Player::One, guess_at(cell));
            match bob.next() {
                Some(cell) if !fixture.game.is_over() => {
                    fixture = fixture.accept(Player::Two, guess_at(cell));
                }
                _ => break,
            }
        }
        fixture
    }

    /// Returns the names of the events so far.
    pub(crate) fn names(&self) -> Vec<String> {
        self.log.iter().map(event_name).collect()
    }
}

/// The land of this player in a battle.
pub(crate) fn land(player: Player) -> CoordinateSet {
    board(player).land()
}

/// The board of this player in a battle.
pub(crate) fn board(player: Player) -> Board {
    drawing::board(match player {
        Player::One => ADA,
        Player::Two => BOB,
    })
}

/// Returns the name of an event, without its fields.
pub(crate) fn event_name(event: &Event) -> String {
    let description = format!("{event:?}");
    description
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_string()
}
