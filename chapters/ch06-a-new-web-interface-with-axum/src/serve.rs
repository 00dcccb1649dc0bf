//! `cargo run -p ch06 -- --serve`: the lesson's site for a browser.

use std::sync::Arc;

use ch06::forms;
use islands_engine::journal::MemoryJournal;
use islands_engine::{Games, Settings};
use islands_seats::SeatKey;
use tokio::net::TcpListener;

/// Serves the site on a free port of this machine until Ctrl-C. Its games are in memory.
pub(crate) fn serve() -> walk::Result {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let games = Games::start(Settings::default(), Arc::new(MemoryJournal::new())).await?;
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        let router = forms::router(games.clone(), SeatKey::new(&key));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        println!("Each browser has a seat of its own: open the game in a private window as well.");
        tokio::select! {
            ended = axum::serve(listener, router).into_future() => ended?,
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
        games.shut_down().await;
        Ok(())
    })
}
