//! Far more commands at once than a game admits: each is answered, none is lost.

use std::time::Duration;

use islands_core::{GameId, Player, Viewer};
use islands_engine::{CallError, CommandId, Games, NewGame, Settings};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::fixture::{Fixture, arrange, guess, join};

/// Commands at once; far more than a game admits.
const CROWD: usize = 10_000;

/// Opens a game with two players that may arrange their islands.
async fn arranging(fixture: &Fixture) -> GameId {
    let game = fixture
        .games
        .create("Ada", NewGame::default())
        .await
        .unwrap();
    fixture.play(game, Player::Two, join("Bob")).await.unwrap();
    game
}

/// Sends valid commands all at once, while another game is played, and sorts the
/// answers.
async fn crowd(fixture: &Fixture, game: GameId) -> Crowd {
    let playing = tokio::spawn(play_fifty_rounds(
        fixture.games.clone(),
        fixture.battle().await,
    ));
    let mut calls = JoinSet::new();
    for n in 0..CROWD {
        let games = fixture.games.clone();
        calls.spawn(async move {
            let id = n.to_string();
            let (player, command) = (Player::BOTH[n % 2], arrange(n as u64 % 10));
            let sent = games.command(game, player, command, CommandId::new(&id).ok());
            (id, sent.await)
        });
    }
    let mut crowd = Crowd::default();
    while let Some(answer) = calls.join_next().await {
        let (id, answer) = answer.unwrap();
        match answer {
            Ok(_) => crowd.accepted.push(id),
            Err(CallError::Timeout) => crowd.unknown.push(id),
            Err(CallError::Busy) => crowd.busy += 1,
            Err(error) => panic!("{error:?}"),
        }
        crowd.most_waiting = crowd.most_waiting.max(waiting(fixture, game));
    }
    let waited = playing.await.unwrap();
    assert_eq!(waited, Duration::ZERO, "another game was held up");
    crowd
}

#[derive(Default)]
struct Crowd {
    accepted: Vec<String>,
    unknown: Vec<String>,
    busy: usize,
    most_waiting: usize,
}

async fn play_fifty_rounds(games: Games, game: GameId) -> Duration {
    let start = Instant::now();
    for n in 0..50 {
        for player in Player::BOTH {
            games.command(game, player, guess(n), None).await.unwrap();
        }
    }
    start.elapsed()
}

/// Returns the number of callers that wait for a game.
fn waiting(fixture: &Fixture, game: GameId) -> usize {
    let system = fixture.games.system();
    let mut games = system.supervisors.iter().flat_map(|it| &it.games);
    games.find(|seen| seen.game == game).unwrap().waiting
}

/// Returns the sorted ids of the stored commands, without the first two batches.
async fn stored(fixture: &Fixture, game: GameId) -> Vec<String> {
    fixture.log(game).await;
    let log = fixture.batches(game).await;
    let ids = log.into_iter().skip(2).filter_map(|batch| batch.command_id);
    let mut ids: Vec<String> = ids.map(|id| id.as_str().to_owned()).collect();
    ids.sort();
    ids
}

#[tokio::test(start_paused = true)]
async fn of_ten_thousand_concurrent_commands_each_is_carried_out_or_refused_as_busy() {
    let fixture = Fixture::new().await;
    let game = arranging(&fixture).await;
    let mut crowd = crowd(&fixture, game).await;
    let places = Settings::default().max_waiting;
    assert_eq!(crowd.most_waiting, places);
    assert_eq!((crowd.accepted.len(), crowd.unknown.len()), (places, 0));
    assert_eq!(crowd.busy, CROWD - places);
    crowd.accepted.sort();
    assert_eq!(stored(&fixture, game).await, crowd.accepted);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_commands_in_an_undetected_stall_time_out() {
    let fixture = Fixture::new().await;
    let game = arranging(&fixture).await;
    let gate = fixture.journal.hold(game);
    let start = Instant::now();
    let mut crowd = crowd(&fixture, game).await;
    let settings = Settings::default();
    assert_eq!(start.elapsed().as_secs(), settings.call_timeout.as_secs());
    assert_eq!(crowd.most_waiting, settings.max_waiting);
    assert_eq!(crowd.unknown.len(), settings.max_waiting);
    assert_eq!(crowd.busy, CROWD - settings.max_waiting);
    // A timed-out caller's permit is held until the game answers it.
    let refused = fixture.play(game, Player::One, arrange(1)).await;
    assert_eq!(refused, Err(CallError::Busy));
    gate.open();
    let answered = fixture.games.view(game, Viewer::Spectator);
    assert_eq!(
        answered.await,
        Err(CallError::Busy),
        "they are still waiting"
    );
    tokio::time::sleep(Duration::from_secs(1)).await;
    crowd.unknown.sort();
    assert_eq!(stored(&fixture, game).await, crowd.unknown);
    let last = fixture.play(game, Player::One, arrange(1)).await.unwrap();
    assert_eq!(last.seq as usize, 2 + settings.max_waiting + 1);
}
