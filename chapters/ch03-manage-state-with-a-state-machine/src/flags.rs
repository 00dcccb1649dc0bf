//! The state of a game as six flags.

use std::collections::BTreeSet;

use islands_core::{
    Command, Facts, Game, MIN_AWAY_MS, Placement, Player, Reason, StateName, View, Viewer, apply,
    create, decide, random_board,
};

/// Six flags, of which most combinations mean nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flags {
    /// A second player has joined.
    pub joined: bool,
    /// Player 1's islands are set.
    pub set1: bool,
    /// Player 2's islands are set.
    pub set2: bool,
    /// It is player 1's turn; otherwise, player 2's.
    pub turn1: bool,
    /// The game is over.
    pub over: bool,
    /// It is over because a player has resigned.
    pub resigned: bool,
}

impl Flags {
    /// The number of combinations of six flags.
    pub const COMBINATIONS: usize = 1 << 6;

    /// Returns the flags that describe this game.
    pub fn of(game: &Game) -> Flags {
        let view = View::of(game, Viewer::Spectator);
        let public = view.public();
        let is_set = |player: Player| {
            let info = public.players[player].as_ref();
            info.is_some_and(|info| info.islands_set)
        };
        let reason = public.winner.map(|ending| ending.reason);
        Flags {
            joined: public.players[Player::Two].is_some(),
            set1: is_set(Player::One),
            set2: is_set(Player::Two),
            turn1: public.state == StateName::Player1Turn,
            over: public.state == StateName::GameOver,
            resigned: reason == Some(Reason::Resigned),
        }
    }

    /// A player resigns. Leaves `turn1` as it was: one more thing to think of.
    pub fn resign(&mut self) {
        self.over = true;
        self.resigned = true;
    }

    /// A player guesses. Checks the flags that its author had in mind, and forgets that the
    /// game may be over.
    ///
    /// # Errors
    /// If the islands are not set, or it is the other player's turn.
    pub fn guess(&mut self, by: Player) -> Result<(), &'static str> {
        if !(self.set1 && self.set2) {
            return Err("the islands are not set");
        }
        if self.turn1 != (by == Player::One) {
            return Err("it is the other player's turn");
        }
        self.turn1 = !self.turn1;
        Ok(())
    }
}

/// Returns every combination that the product can reach, by trying each step of a game in each
/// of them.
pub fn reachable() -> BTreeSet<Flags> {
    let mut found = BTreeSet::new();
    let created = create("Ada").ok();
    let mut open: Vec<Game> = created.iter().map(Game::new).collect();
    while let Some(game) = open.pop() {
        if found.insert(Flags::of(&game)) {
            for by in Player::BOTH {
                let after = steps().into_iter();
                open.extend(after.filter_map(|commands| carried_out(&game, by, commands)));
            }
        }
    }
    found
}

/// Returns the steps that can change a flag, each with the commands that it takes.
fn steps() -> [Vec<Command>; 5] {
    let islands = random_board(1).islands().map(|island| Placement {
        island: island.kind().name().to_owned(),
        row: island.corner().row().into(),
        col: island.corner().col().into(),
    });
    let place = Command::PositionAll {
        islands: islands.collect(),
    };
    [
        vec![Command::AddPlayer { name: "Bob".into() }],
        vec![place, Command::SetIslands],
        vec![Command::GuessCoordinate { row: 1, col: 1 }],
        vec![Command::Resign],
        vec![Command::ClaimWin],
    ]
}

/// Returns the game after these commands, unless one is refused.
fn carried_out(game: &Game, by: Player, commands: Vec<Command>) -> Option<Game> {
    let facts = Facts {
        opponent_away_ms: MIN_AWAY_MS,
        ..Facts::default()
    };
    commands
        .into_iter()
        .try_fold(game.clone(), |game, command| {
            let events = decide(&game, by, command, &facts).ok()?;
            Some(events.iter().fold(game, apply))
        })
}
