//! Games that leave memory leave nothing behind: no task, no child, no map entry.

use std::sync::Arc;
use std::time::Duration;

use islands_core::bot::Strength;
use islands_core::{Command, GameId, Player, Viewer};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::child::{Child, Phase};
use crate::game_id::random_game_id;
use crate::supervisor::SupervisorMessage;
use crate::testing::{Failpoint, FaultyJournal, LoadFault};
use crate::{Games, NewGame, Settings};

/// Games per scenario.
const GAMES: usize = 40;

#[tokio::test(start_paused = true)]
async fn games_that_leave_memory_leak_no_task_child_or_map_entry() {
    let journal = FaultyJournal::default();
    let settings = Settings::default();
    let games = Games::start(settings.clone(), Arc::new(journal.clone())).await;
    let games = games.unwrap();
    sleep(Duration::from_secs(1)).await;
    let tasks = Handle::current().metrics().num_alive_tasks();

    for n in 0..GAMES {
        play_game(&games, None).await;
        play_game(&games, Some(Strength::Random)).await;
        crash_game(&games, &settings, n).await;
        abandon_call(&games, &settings, n).await;
        kill_while_starting(&games, &journal).await;
        call_missing_game(&games).await;
        quarantine_and_clear(&games, &journal).await;
    }
    assert!(games.running() > 4 * GAMES, "they were there");
    assert!(actor_count(&games).await > 4 * GAMES);
    assert!(children(&games) > 4 * GAMES);

    sleep(settings.idle_after * 2).await;
    assert_eq!(games.running(), 0);
    assert_eq!(children(&games), 0);
    assert_eq!(actor_count(&games).await, 0);
    assert_eq!(Handle::current().metrics().num_alive_tasks(), tasks);
}

/// Number of processes linked to the supervisors.
fn children(games: &Games) -> usize {
    let supervisors = games
        .registry
        .shards()
        .iter()
        .map(|shard| shard.supervisor());
    supervisors.map(|it| it.unwrap().get_children().len()).sum()
}

/// Number of processes in the maps of the supervisors.
async fn actor_count(games: &Games) -> usize {
    let mut actor_count = 0;
    for shard in games.registry.shards() {
        let (reply, answer) = oneshot::channel();
        let supervisor = shard.supervisor().unwrap();
        supervisor
            .cast(SupervisorMessage::CountActors(reply))
            .unwrap();
        actor_count += answer.await.unwrap();
    }
    actor_count
}

async fn open(games: &Games, opponent: Option<Strength>) -> GameId {
    let listed = false;
    games
        .create("Ada", NewGame { opponent, listed })
        .await
        .unwrap()
}

async fn play_game(games: &Games, opponent: Option<Strength>) {
    let game = open(games, opponent).await;
    let subscription = games.subscribe(game, Viewer::Spectator, None).await;
    for command in [Command::AddPlayer { name: "Bob".into() }, Command::Resign] {
        // `AddPlayer` is refused if a computer has the second seat.
        let _ = games.command(game, Player::Two, command, None).await;
    }
    drop(subscription);
}

async fn crash_game(games: &Games, settings: &Settings, n: usize) {
    let game = open(games, None).await;
    let failpoint = Failpoint::ALL[n % Failpoint::ALL.len()];
    settings.failpoints.panic_at(game, failpoint);
    let join = Command::AddPlayer { name: "Bob".into() };
    games.command(game, Player::Two, join, None).await.unwrap();
}

async fn abandon_call(games: &Games, settings: &Settings, n: usize) {
    let game = open(games, None).await;
    let failpoint = Failpoint::ALL[n % Failpoint::ALL.len()];
    let gate = settings.failpoints.hold_at(game, failpoint);
    let join = Command::AddPlayer { name: "Bob".into() };
    let call = tokio::spawn({
        let games = games.clone();
        async move { games.command(game, Player::Two, join, None).await }
    });
    gate.arrival().await;
    call.abort();
    gate.open();
}

async fn kill_while_starting(games: &Games, journal: &FaultyJournal) {
    let game = open(games, None).await;
    journal.next_load(LoadFault::Slow(Duration::from_secs(1)));
    let call = tokio::spawn({
        let games = games.clone();
        async move { games.view(game, Viewer::Spectator).await }
    });
    sleep(Duration::from_millis(1)).await;
    match games
        .registry
        .shard(game)
        .children()
        .get(&game)
        .map(Child::phase)
    {
        Some(Phase::Starting(starting)) => starting.actor.kill(),
        _ => panic!("it is not starting"),
    }
    call.await.unwrap().unwrap();
}

async fn call_missing_game(games: &Games) {
    let game = random_game_id().unwrap();
    let refused = games.view(game, Viewer::Spectator).await.unwrap_err();
    assert_eq!(refused.reason(), "no_such_game");
}

async fn quarantine_and_clear(games: &Games, journal: &FaultyJournal) {
    let game = open(games, None).await;
    journal.next_load(LoadFault::Damaged("injected".into()));
    let refused = games.view(game, Viewer::Spectator).await.unwrap_err();
    assert_eq!(refused.reason(), "quarantined");
    assert_eq!(games.clear_quarantine(game).await, Ok(true));
}
