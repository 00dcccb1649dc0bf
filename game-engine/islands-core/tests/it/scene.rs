//! Games brought to the state that a test needs.

use islands_core::{
    Board, Command, CoordinateSet, Event, Game, Player, Rejection, apply, create, decide,
};

use crate::commands::{Asked, add_player, guess_at, position_all};
use crate::drawing::{self, ADA, BOB};

/// A game, and the log of its events.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) game: Game,
    pub(crate) log: Vec<Event>,
}

impl Scene {
    /// Ada has opened a game.
    pub(crate) fn initialized() -> Scene {
        let created = create("Ada").expect("a name");
        Scene {
            game: Game::new(&created),
            log: vec![Event::GameCreated(created)],
        }
    }

    /// Bob has joined Ada's game.
    pub(crate) fn joined() -> Scene {
        Scene::initialized().does(Player::Two, add_player("Bob"))
    }

    /// Both players have placed their islands, and can still move them.
    pub(crate) fn arranged() -> Scene {
        Scene::joined()
            .does(Player::One, position_all(ADA))
            .does(Player::Two, position_all(BOB))
    }

    /// Both players have set their islands, and Ada is to guess.
    pub(crate) fn battle() -> Scene {
        Scene::arranged()
            .does(Player::One, Command::SetIslands)
            .does(Player::Two, Command::SetIslands)
    }

    /// Ada has resigned.
    pub(crate) fn over() -> Scene {
        Scene::battle().does(Player::One, Command::Resign)
    }

    /// Carries out a command that must be accepted.
    #[track_caller]
    pub(crate) fn does(mut self, by: Player, asked: impl Into<Asked>) -> Scene {
        let asked = asked.into();
        let told = format!("{by}: {asked:?}");
        if let Err(rejection) = self.tries(by, asked) {
            panic!("{told} was refused: {rejection}");
        }
        self
    }

    /// Returns the rejection of a command that must be refused.
    #[track_caller]
    pub(crate) fn refuses(&self, by: Player, asked: impl Into<Asked>) -> Rejection {
        let Asked { command, facts } = asked.into();
        let told = format!("{by}: {command:?}, {facts:?}");
        decide(&self.game, by, command, &facts).expect_err(&told)
    }

    /// Carries out a command if it is accepted, and appends its events to the log.
    pub(crate) fn tries(
        &mut self,
        by: Player,
        asked: impl Into<Asked>,
    ) -> Result<Vec<Event>, Rejection> {
        let Asked { command, facts } = asked.into();
        let events = decide(&self.game, by, command, &facts)?;
        self.game = events.iter().fold(self.game.clone(), apply);
        self.log.extend_from_slice(&events);
        Ok(events)
    }

    /// Ada and Bob guess these cells in turn, Ada first, until either has no cell
    /// left or the game is over.
    #[track_caller]
    pub(crate) fn exchange(self, ada: CoordinateSet, bob: CoordinateSet) -> Scene {
        let mut scene = self;
        let mut bob = bob.iter();
        for cell in ada.iter() {
            scene = scene.does(Player::One, guess_at(cell));
            match bob.next() {
                Some(cell) if !scene.game.is_over() => {
                    scene = scene.does(Player::Two, guess_at(cell));
                }
                _ => break,
            }
        }
        scene
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
    let told = format!("{event:?}");
    told.split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_string()
}
