//! `cargo run -p ch07 -- --serve`: the chapter's room, for any client of Phoenix.

use std::sync::Arc;

use axum_channels::Endpoint;
use ch07::{poll, room};
use islands_core::Player;
use islands_engine::journal::MemoryJournal;
use islands_engine::{Games, Settings};
use islands_seats::SeatKey;
use tokio::net::TcpListener;

use crate::site::{arrange, open};

/// Serves one game on a free port of this machine until Ctrl-C.
pub(crate) fn serve() -> walk::Result {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let games = Games::start(Settings::default(), Arc::new(MemoryJournal::new())).await?;
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        let seat_key = SeatKey::new(&key);
        let game = open(&games).await?;
        for player in Player::BOTH {
            arrange(&games, game, player).await?;
        }
        let endpoint = Endpoint::new();
        let router = room::router(games.clone(), seat_key.clone(), &endpoint)
            .merge(poll::router(games.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        println!("The socket is at /socket, the topic is game:{game}.");
        println!("Ada's seat: {}", seat_key.token(game, Player::One));
        println!("Bob's seat: {}", seat_key.token(game, Player::Two));
        println!("Ada begins. Push guess_coordinate with row and col, each from 1 to 10.");
        tokio::select! {
            ended = axum::serve(listener, router).into_future() => ended?,
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
        games.shut_down().await;
        Ok(())
    })
}
