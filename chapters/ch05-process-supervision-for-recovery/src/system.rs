//! The product's games for the walk, on a journal that makes them crash.

use std::sync::Arc;

use islands_core::{Command, Coordinate, GameId, Placement, Player, random_board};
use islands_engine::journal::Journal;
use islands_engine::testing::{AppendFault, FaultyJournal};
use islands_engine::{Accepted, CallError, CommandId, Games, NewGame, Settings};

/// A running system. In each of its games it is player 1's turn.
pub(crate) struct System {
    pub(crate) games: Games,
    pub(crate) hosts: Vec<(GameId, &'static str)>,
    journal: FaultyJournal,
}

impl System {
    /// Starts supervisors and a game for each host.
    pub(crate) async fn start(
        supervisors: usize,
        hosts: &[&'static str],
    ) -> Result<System, Box<dyn std::error::Error>> {
        let journal = FaultyJournal::default();
        let settings = Settings {
            supervisors,
            ..Settings::default()
        };
        let games = Games::start(settings, Arc::new(journal.clone())).await?;
        let mut system = System {
            games,
            hosts: Vec::new(),
            journal,
        };
        for host in hosts {
            let game = battle(&system.games, host).await?;
            system.hosts.push((game, host));
        }
        Ok(system)
    }

    /// Returns the game of the first host.
    pub(crate) fn first(&self) -> GameId {
        self.hosts[0].0
    }

    /// Makes the process of the first game panic at its next append.
    pub(crate) fn crash(&self, fault: AppendFault) {
        self.journal.next_append(self.first(), fault);
    }

    /// Makes the process of a game panic right after its next append.
    pub(crate) fn crash_next(&self, game: GameId) {
        self.journal.next_append(game, AppendFault::PanicAfter);
    }

    /// Makes the process of the first game panic at every append, or ends that.
    pub(crate) fn poison(&self, poisoned: bool) {
        let first = self.first();
        self.journal.on_append(move |append| {
            (poisoned && append.game == first).then_some(AppendFault::PanicBefore)
        });
    }

    /// Guesses a cell in a game, for player 1.
    pub(crate) async fn guess(&self, game: GameId, cell: &str) -> Result<Accepted, CallError> {
        let id = CommandId::new(cell).ok();
        let command = guess(cell).ok_or(CallError::NoSuchGame)?;
        self.games.command(game, Player::One, command, id).await
    }

    /// Returns the number of events in the journal of the first game.
    pub(crate) async fn events_stored(&self) -> usize {
        let log = self.journal.load(self.first(), 0).await.unwrap_or_default();
        log.iter().map(|batch| batch.events.len()).sum()
    }

    /// Draws the supervision tree, as the product describes it.
    pub(crate) fn tree(&self) -> String {
        let mut lines = vec!["root".to_owned()];
        let supervisors = self.games.system().supervisors;
        let last = supervisors.len().saturating_sub(1);
        for (number, supervisor) in supervisors.iter().enumerate() {
            let (branch, line) = if number == last {
                ("└─", "   ")
            } else {
                ("├─", "│  ")
            };
            lines.push(format!("{branch} supervisor"));
            // Which supervisor has a game depends on its id, which is random.
            let mut games: Vec<String> = supervisor.games.iter().map(|it| self.game(it)).collect();
            games.sort();
            let last = games.len().saturating_sub(1);
            for (number, game) in games.iter().enumerate() {
                let branch = if number == last { "└─" } else { "├─" };
                lines.push(format!("{line}{branch} {game}"));
            }
        }
        lines.join("\n")
    }

    /// Returns what the tree says of a game.
    pub(crate) fn status_of(&self, game: GameId) -> String {
        let supervisors = self.games.system().supervisors.into_iter();
        let mut games = supervisors.flat_map(|supervisor| supervisor.games);
        let found = games.find(|status| status.game == game);
        found.map_or_else(|| "not in memory".to_owned(), |status| self.game(&status))
    }

    fn game(&self, status: &islands_engine::GameStatus) -> String {
        let host = self.hosts.iter().find(|(game, _)| *game == status.game);
        let host = host.map_or("?", |(_, host)| host);
        match status.crashes {
            0 => format!("{host}'s game, {}", status.phase),
            1 => format!("{host}'s game, {}, 1 crash", status.phase),
            crashes => format!("{host}'s game, {}, {crashes} crashes", status.phase),
        }
    }
}

/// Opens a game in which both players have set their islands.
pub(crate) async fn battle(games: &Games, host: &str) -> Result<GameId, CallError> {
    let game = games.create(host, NewGame::default()).await?;
    let name = "Bob".into();
    games
        .command(game, Player::Two, Command::AddPlayer { name }, None)
        .await?;
    for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
        let islands = random_board(seed).islands().map(Placement::from).collect();
        games
            .command(game, by, Command::PositionAll { islands }, None)
            .await?;
        games.command(game, by, Command::SetIslands, None).await?;
    }
    Ok(game)
}

pub(crate) fn guess(cell: &str) -> Option<Command> {
    let cell: Coordinate = cell.parse().ok()?;
    let (row, col) = (cell.row().into(), cell.col().into());
    Some(Command::GuessCoordinate { row, col })
}
