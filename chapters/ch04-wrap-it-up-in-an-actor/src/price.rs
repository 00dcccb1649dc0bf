//! Measures a move: as a function call, behind a lock, in each actor, and in the product.

use std::future::Future;

use std::time::Instant;

use ch04::disk::Disk;
use ch04::games::battle;
use ch04::on_ractor::{GameActor, Message};
use ch04::{by_hand, mutex};
use islands_core::{Command, Coordinate, Facts, Player, decide};
use islands_engine::Settings;
use ractor::Actor;

use crate::system::System;

/// Games, each with 100 moves.
const GAMES: usize = 40;

/// What a move costs in microseconds.
pub(crate) struct Price {
    pub(crate) function: f64,
    pub(crate) lock: f64,
    pub(crate) by_hand: f64,
    pub(crate) on_ractor: f64,
    pub(crate) product: f64,
}

/// Plays the same moves in each way, on one thread with the clock of the machine.
pub(crate) fn measure() -> Result<Price, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_time().build()?;
    runtime.block_on(async {
        Ok(Price {
            function: time(|| async {
                let mut game = battle();
                for (by, command) in moves() {
                    for event in decide(&game, by, command, &Facts::default())? {
                        game.apply(&event);
                    }
                }
                Ok(())
            })
            .await?,
            lock: time(|| async {
                let games = mutex::Games::new(Disk::default());
                for (by, command) in moves() {
                    games.play("one", by, command).await?;
                }
                Ok(())
            })
            .await?,
            by_hand: time(|| async {
                let game = by_hand::start("one", Disk::default());
                for (by, command) in moves() {
                    game.play(by, command).await.map_err(|_| "stopped")??;
                }
                Ok(())
            })
            .await?,
            on_ractor: time(|| async {
                let arguments = ("one".to_owned(), Disk::default());
                let (game, ended) = Actor::spawn(None, GameActor, arguments).await?;
                for (by, command) in moves() {
                    let play = |reply| Message::Play(by, command, reply);
                    game.call(play, None).await?.success_or("stopped")??;
                }
                game.stop(None);
                ended.await?;
                Ok(())
            })
            .await?,
            product: product().await?,
        })
    })
}

/// The product's games are opened before the clock starts.
async fn product() -> Result<f64, Box<dyn std::error::Error>> {
    let mut systems = Vec::new();
    for _ in 0..GAMES {
        systems.push(System::start(Settings::default()).await?);
    }
    let began = Instant::now();
    for system in &systems {
        for (by, command) in moves() {
            let (games, game) = (&system.games, system.game);
            games.command(game, by, command, None).await?;
        }
    }
    let micros = per_move(began);
    for system in systems {
        system.games.shut_down().await;
    }
    Ok(micros)
}

/// Returns the microseconds that a move takes in these games.
async fn time<F: Future<Output = walk::Result>>(
    play: impl Fn() -> F,
) -> Result<f64, Box<dyn std::error::Error>> {
    let began = Instant::now();
    for _ in 0..GAMES {
        play().await?;
    }
    Ok(per_move(began))
}

fn per_move(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e6 / (GAMES * moves().count()) as f64
}

/// Both players guess the first 50 cells.
fn moves() -> impl Iterator<Item = (Player, Command)> {
    let cells = Coordinate::all().take(50);
    cells.flat_map(|cell| {
        Player::BOTH.map(|by| {
            let (row, col) = (cell.row().into(), cell.col().into());
            (by, Command::GuessCoordinate { row, col })
        })
    })
}
