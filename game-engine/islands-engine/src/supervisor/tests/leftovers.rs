//! Games that leave memory leave nothing behind: no task, no child, no map entry.

use std::sync::Arc;
use std::time::Duration;

use islands_core::bot::Strength;
use islands_core::{Command, GameId, Player, Viewer};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::child::{Child, Phase};
use crate::game_id::draw_game_id;
use crate::supervisor::SupervisorMessage;
use crate::testing::{FaultyJournal, LoadFault, Step};
use crate::{Games, NewGame, Settings};

/// Games per scenario.
const GAMES: usize = 40;

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_games_that_are_gone() {
    let journal = FaultyJournal::default();
    let settings = Settings::default();
    let games = Games::start(settings.clone(), Arc::new(journal.clone())).await;
    let games = games.unwrap();
    sleep(Duration::from_secs(1)).await;
    let tasks = Handle::current().metrics().num_alive_tasks();

    for n in 0..GAMES {
        is_played(&games, None).await;
        is_played(&games, Some(Strength::Random)).await;
        crashes(&games, &settings, n).await;
        is_left_by_its_caller(&games, &settings, n).await;
        is_killed_while_it_starts(&games, &journal).await;
        is_not_there(&games).await;
        is_set_aside_and_cleared(&games, &journal).await;
    }
    assert!(games.running() > 4 * GAMES, "they were there");
    assert!(remembered(&games).await > 4 * GAMES);
    assert!(children(&games) > 4 * GAMES);

    sleep(settings.idle_after * 2).await;
    assert_eq!(games.running(), 0);
    assert_eq!(children(&games), 0);
    assert_eq!(remembered(&games).await, 0);
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
async fn remembered(games: &Games) -> usize {
    let mut remembered = 0;
    for shard in games.registry.shards() {
        let (reply, answer) = oneshot::channel();
        let supervisor = shard.supervisor().unwrap();
        supervisor.cast(SupervisorMessage::Census(reply)).unwrap();
        remembered += answer.await.unwrap();
    }
    remembered
}

async fn open(games: &Games, opponent: Option<Strength>) -> GameId {
    let listed = false;
    games
        .create("Ada", NewGame { opponent, listed })
        .await
        .unwrap()
}

async fn is_played(games: &Games, opponent: Option<Strength>) {
    let game = open(games, opponent).await;
    let listening = games.subscribe(game, Viewer::Spectator, None).await;
    for command in [Command::AddPlayer { name: "Bob".into() }, Command::Resign] {
        // `AddPlayer` is refused if a computer has the second seat.
        let _ = games.command(game, Player::Two, command, None).await;
    }
    drop(listening);
}

async fn crashes(games: &Games, settings: &Settings, n: usize) {
    let game = open(games, None).await;
    let step = Step::ALL[n % Step::ALL.len()];
    settings.failpoints.panic_at(game, step);
    let join = Command::AddPlayer { name: "Bob".into() };
    games.command(game, Player::Two, join, None).await.unwrap();
}

async fn is_left_by_its_caller(games: &Games, settings: &Settings, n: usize) {
    let game = open(games, None).await;
    let step = Step::ALL[n % Step::ALL.len()];
    let gate = settings.failpoints.hold_at(game, step);
    let join = Command::AddPlayer { name: "Bob".into() };
    let call = tokio::spawn({
        let games = games.clone();
        async move { games.command(game, Player::Two, join, None).await }
    });
    gate.arrival().await;
    call.abort();
    gate.open();
}

async fn is_killed_while_it_starts(games: &Games, journal: &FaultyJournal) {
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

async fn is_not_there(games: &Games) {
    let game = draw_game_id().unwrap();
    let refused = games.view(game, Viewer::Spectator).await.unwrap_err();
    assert_eq!(refused.reason(), "no_such_game");
}

async fn is_set_aside_and_cleared(games: &Games, journal: &FaultyJournal) {
    let game = open(games, None).await;
    journal.next_load(LoadFault::Damaged("injected".into()));
    let refused = games.view(game, Viewer::Spectator).await.unwrap_err();
    assert_eq!(refused.reason(), "quarantined");
    assert_eq!(games.clear_quarantine(game).await, Ok(true));
}
