//! Measures a move: as a function call, behind a lock, in each actor, and in the product.

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

/// Plays the same moves in each way, on one thread with the clock of the machine. The games are
/// opened before the clock starts.
pub(crate) fn measure() -> Result<Price, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_time().build()?;
    runtime.block_on(async {
        Ok(Price {
            function: time(
                async || Ok(battle()),
                async |game| {
                    for (by, command) in moves() {
                        for event in decide(game, by, command, &Facts::default())? {
                            game.apply(&event);
                        }
                    }
                    Ok(())
                },
            )
            .await?,
            lock: time(
                async || {
                    let games = mutex::Games::new(Disk::default());
                    // A refused move opens the game and changes nothing.
                    let refused = Command::RequestRematch;
                    let _ = games.play("one", Player::One, refused).await;
                    Ok(games)
                },
                async |games| {
                    for (by, command) in moves() {
                        games.play("one", by, command).await?;
                    }
                    Ok(())
                },
            )
            .await?,
            by_hand: time(
                async || Ok(by_hand::start("one", Disk::default())),
                async |game| {
                    for (by, command) in moves() {
                        game.play(by, command).await.map_err(|_| "stopped")??;
                    }
                    Ok(())
                },
            )
            .await?,
            on_ractor: time(
                async || {
                    let arguments = ("one".to_owned(), Disk::default());
                    Ok(Actor::spawn(None, GameActor, arguments).await?.0)
                },
                async |game| {
                    for (by, command) in moves() {
                        let play = |reply| Message::Play(by, command, reply);
                        game.call(play, None).await?.success_or("stopped")??;
                    }
                    game.stop(None);
                    Ok(())
                },
            )
            .await?,
            product: time(
                async || System::start(Settings::default()).await,
                async |system| {
                    let (games, game) = (system.games.clone(), system.game);
                    for (by, command) in moves() {
                        games.command(game, by, command, None).await?;
                    }
                    Ok(())
                },
            )
            .await?,
        })
    })
}

/// Opens games, plays the moves in each, and returns the microseconds that a move takes.
async fn time<G>(
    open: impl AsyncFn() -> Result<G, Box<dyn std::error::Error>>,
    play: impl AsyncFn(&mut G) -> walk::Result,
) -> Result<f64, Box<dyn std::error::Error>> {
    let mut games = Vec::new();
    for _ in 0..GAMES {
        games.push(open().await?);
    }
    let began = Instant::now();
    for game in &mut games {
        play(game).await?;
    }
    Ok(began.elapsed().as_secs_f64() * 1e6 / (GAMES * moves().count()) as f64)
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
