//! Games brought to the point where something is to be seen.

use islands_core::{
    Board, Command, CoordinateSet, Event, Game, Player, Rejection, apply, create, decide,
};

use crate::commands::{Asked, add_player, guess_at, position_all};
use crate::drawing::{self, ADA, BOB};

/// A game and how it came about.
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

    /// Bob has joined her.
    pub(crate) fn joined() -> Scene {
        Scene::initialized().does(Player::Two, add_player("Bob"))
    }

    /// Both have put their islands somewhere, and could still move them.
    pub(crate) fn arranged() -> Scene {
        Scene::joined()
            .does(Player::One, position_all(ADA))
            .does(Player::Two, position_all(BOB))
    }

    /// Both have set their islands, and Ada is to guess.
    pub(crate) fn battle() -> Scene {
        Scene::arranged()
            .does(Player::One, Command::SetIslands)
            .does(Player::Two, Command::SetIslands)
    }

    /// Ada has given up.
    pub(crate) fn over() -> Scene {
        Scene::battle().does(Player::One, Command::Resign)
    }

    /// Does what must be allowed.
    #[track_caller]
    pub(crate) fn does(mut self, by: Player, asked: impl Into<Asked>) -> Scene {
        let asked = asked.into();
        let told = format!("{by}: {asked:?}");
        if let Err(rejection) = self.tries(by, asked) {
            panic!("{told} was refused: {rejection}");
        }
        self
    }

    /// What is said to something that must not be allowed.
    #[track_caller]
    pub(crate) fn refuses(&self, by: Player, asked: impl Into<Asked>) -> Rejection {
        let Asked { command, facts } = asked.into();
        let told = format!("{by}: {command:?}, {facts:?}");
        decide(&self.game, by, command, &facts).expect_err(&told)
    }

    /// Does it if it is allowed: the game and the log go on.
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

    /// Ada opens a battle with these cells, Bob answers with those, in turn
    /// until one of them runs out of cells.
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

    /// The names of the events so far.
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

/// The name of an event, without what it carries.
pub(crate) fn event_name(event: &Event) -> String {
    let told = format!("{event:?}");
    told.split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_string()
}
