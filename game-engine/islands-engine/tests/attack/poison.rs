//! Games with invalid logs, beside a thousand that play on.

use std::sync::Arc;
use std::time::SystemTime;

use history::{Client, History};
use islands_core::{Command, Event, GameId, Placement, Player, Viewer, random_board};
use islands_engine::journal::{Batch, Journal};
use islands_engine::{
    CallError, CatchUp, CommandId, GameConfig, Games, NewGame, Settings, Subscription,
};
use tokio::time::Instant;

use super::fixture::{VIEWERS, plain};
use super::random_faults::RandomFaults;
use super::sample_logs::{self, random_game_id};

#[tokio::test(start_paused = true)]
async fn an_invalid_log_quarantines_its_game_and_delays_no_other() {
    let faults = RandomFaults::new(0);
    faults.stop().await;
    let games = Games::start(Settings::default(), Arc::new(faults.clone())).await;
    let games = games.unwrap();
    let history = History::new();
    let mut others = Vec::new();
    for _ in 0..1_000 {
        others.push(Other::open(&games, &history).await);
    }
    let mut poisoned = Vec::new();
    for log in invalid_logs() {
        poisoned.push(store_log(&faults, log).await);
    }
    let damaged = store_log(&faults, opened(sample_logs::battle())).await;
    faults.damage(damaged);
    poisoned.push(damaged);

    let start = Instant::now();
    for round in 0..Other::ROUNDS {
        for other in &mut others {
            other.play(round).await;
        }
        for game in &poisoned {
            check_all_calls_refused(&games, *game).await;
        }
    }
    assert_eq!(start.elapsed().as_nanos(), 0, "someone has waited");

    let mut logs = Vec::new();
    for other in &mut others {
        let log = log_of(&faults, other.game).await;
        other.read_to_the_end(log.len()).await;
        logs.push((other.game, log));
    }
    let report = history.check(logs.iter().map(|(game, log)| (*game, log.as_slice())));
    assert_eq!(report.findings, [], "{report}");
    assert_eq!(report.acknowledged, 1_000 * (1 + Other::ROUNDS as u64));
    let phases = games.system().supervisors.into_iter().map(|it| it.phases);
    let (running, quarantined) = phases.fold((0, 0), |(running, quarantined), phases| {
        (running + phases.running, quarantined + phases.quarantined)
    });
    assert_eq!((running, quarantined), (1_000, poisoned.len()));
}

/// Returns logs that are no game, each for another reason.
fn invalid_logs() -> Vec<Vec<Batch>> {
    let right = sample_logs::battle();
    let hole = |at: usize| {
        let mut events = right.clone();
        events.remove(at);
        opened(events)
    };
    let twice = [&right[..], &right[right.len() - 1..]].concat();
    let won = [&right[..], &[Event::GameWon { by: Player::One }]].concat();
    let mut nameless = opened(right.clone());
    nameless[0].config = None;
    vec![
        hole(0),
        hole(1),
        hole(4),
        opened(twice),
        opened(won),
        nameless,
    ]
}

/// Puts each event into a batch of its own; the first one opens the game.
fn opened(events: Vec<Event>) -> Vec<Batch> {
    let batches = events.into_iter().enumerate().map(|(n, event)| Batch {
        at: SystemTime::now(),
        by: Player::One,
        command_id: None,
        config: (n == 0).then_some(GameConfig {
            bot: None,
            listed: false,
            rematch: GameId::from_bytes([9; 10]),
        }),
        events: vec![event],
    });
    batches.collect()
}

async fn store_log(faults: &RandomFaults, log: Vec<Batch>) -> GameId {
    let game = random_game_id();
    for (n, batch) in log.into_iter().enumerate() {
        faults.append(game, n as u64, batch).await.unwrap();
    }
    game
}

/// Checks that a poisoned game refuses every call of every viewer.
async fn check_all_calls_refused(games: &Games, game: GameId) {
    let mut refusals = Vec::new();
    for player in Player::BOTH {
        let resign = games.command(game, player, Command::Resign, None).await;
        refusals.push(resign.unwrap_err());
    }
    for viewer in VIEWERS {
        refusals.push(games.view(game, viewer).await.unwrap_err());
        for since in [None, Some(3)] {
            let refused = games.subscribe(game, viewer, since).await;
            refusals.push(refused.err().expect("a refusal"));
        }
    }
    for refusal in refusals {
        assert!(
            matches!(refusal, CallError::Quarantined { .. }),
            "{refusal:?}"
        );
    }
}

async fn log_of(faults: &RandomFaults, game: GameId) -> Vec<history::Batch> {
    faults.log(game).await.into_iter().map(plain).collect()
}

/// A healthy game, with its clients.
struct Other {
    games: Games,
    game: GameId,
    clients: [Client; 3],
    watching: Subscription,
}

impl Other {
    const ROUNDS: usize = 5;

    async fn open(games: &Games, history: &History) -> Other {
        let game = games.create("Ada", NewGame::default()).await.unwrap();
        history.opened(game, "Ada", None);
        let clients = VIEWERS.map(|viewer| history.client(game, viewer));
        let watching = games
            .subscribe(game, Viewer::Spectator, None)
            .await
            .unwrap();
        let CatchUp::View(view) = &watching.catch_up else {
            panic!("no view");
        };
        clients[2].began(watching.seq, view);
        Other {
            games: games.clone(),
            game,
            clients,
            watching,
        }
    }

    async fn play(&mut self, round: usize) {
        let islands = random_board(1).islands().map(Placement::from).collect();
        let (player, command) = match round {
            0 => (Player::Two, Command::AddPlayer { name: "Bob".into() }),
            1 => (Player::One, Command::PositionAll { islands }),
            2 => (Player::Two, Command::PositionAll { islands }),
            3 => (Player::One, Command::SetIslands),
            _ => (Player::Two, Command::SetIslands),
        };
        let id = format!("round {round}");
        let sent = self.clients[player as usize].send(Some(&id), &command);
        let id = CommandId::new(&id).ok();
        let accepted = self.games.command(self.game, player, command, id).await;
        let accepted = accepted.unwrap();
        sent.accepted(accepted.seq, &accepted.reply);
    }

    /// Reads the subscription to this number; it must not end before.
    async fn read_to_the_end(&mut self, last: usize) {
        for _ in self.watching.seq..last as u64 {
            let published = self.watching.events.next().await.expect("no end");
            let event = published.event(Viewer::Spectator);
            self.clients[2].saw(published.seq(), event.name(), event);
        }
    }
}
