//! Crashes a game, then quarantines it, and draws the supervision tree each time.
//!
//! ```sh
//! cargo run -p islands-engine --example supervision
//! ```
//!
//! A [`FaultyJournal`] makes the game's process panic: once after the append of a
//! command, then before every append until the restart budget is spent.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use islands_core::{Command, GameId, Placement, Player, Viewer};
use islands_engine::testing::{AppendFault, FaultyJournal};
use islands_engine::{CallError, Games, NewGame, RestartBudget, Settings, install_panic_hook};

/// The games by id, with their hosts' names.
type Hosts = BTreeMap<GameId, &'static str>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    install_panic_hook();
    let settings = Settings {
        supervisors: 2,
        ..Settings::default()
    };
    let journal = FaultyJournal::default();
    let games = Games::start(settings, Arc::new(journal.clone())).await?;
    let mut hosts = Hosts::new();
    for host in ["Ada", "Carol", "Erin", "Grace"] {
        let game = games.create(host, NewGame::default()).await?;
        // The first call starts the game's process.
        games.view(game, Viewer::Player(Player::One)).await?;
        hosts.insert(game, host);
    }
    let ada = host_of(&hosts, "Ada");
    let carol = host_of(&hosts, "Carol");

    println!("Four games run under two supervisors:");
    draw(&games, &hosts);

    println!("Bob joins Ada's game, and its process panics after the append:");
    journal.next_append(ada, AppendFault::PanicAfter);
    let joined = games.command(ada, Player::Two, join("Bob"), None).await?;
    println!(
        "  The supervisor restarts the process, which replays its log. Bob's reply: event {}.",
        joined.seq
    );
    draw(&games, &hosts);

    let RestartBudget { restarts, within } = RestartBudget::default();
    println!(
        "Now the appends of that game panic. The budget is {restarts} restarts in {within:?}:"
    );
    // The crash above counts as well.
    for _ in 0..restarts {
        journal.next_append(ada, AppendFault::PanicBefore);
    }
    loop {
        let answer = games.command(ada, Player::One, square(), None).await;
        match &answer {
            Ok(accepted) => println!("  Ada's reply: event {}.", accepted.seq),
            Err(error) => println!("  Ada's reply: {}.", error.reason()),
        }
        if matches!(answer, Err(CallError::Quarantined { .. })) {
            break;
        }
    }
    draw(&games, &hosts);

    let joined = games
        .command(carol, Player::Two, join("Dave"), None)
        .await?;
    println!(
        "Carol's game is not affected. Dave joins it: event {}.",
        joined.seq
    );
    games.clear_quarantine(ada).await?;
    let positioned = games.command(ada, Player::One, square(), None).await?;
    println!(
        "An operator clears the quarantine. Ada's reply: event {}.",
        positioned.seq
    );
    draw(&games, &hosts);
    games.shut_down().await;
    Ok(())
}

fn host_of(hosts: &Hosts, name: &str) -> GameId {
    let found = hosts.iter().find(|(_, host)| **host == name);
    *found.expect("she has opened a game").0
}

fn join(name: &str) -> Command {
    Command::AddPlayer { name: name.into() }
}

fn square() -> Command {
    Command::PositionIsland(Placement {
        island: "square".into(),
        row: 1,
        col: 1,
    })
}

/// Draws the tree from [`Games::system`], which asks no process.
fn draw(games: &Games, hosts: &Hosts) {
    let supervisors = games.system().supervisors;
    println!("\n  root");
    for (n, supervisor) in supervisors.iter().enumerate() {
        let last = n + 1 == supervisors.len();
        let (branch, line) = if last {
            ("└─", "  ")
        } else {
            ("├─", "│ ")
        };
        println!(
            "  {branch} supervisor {n}, restarts: {}",
            supervisor.restarts
        );
        for (k, game) in supervisor.games.iter().enumerate() {
            let branch = if k + 1 == supervisor.games.len() {
                "└─"
            } else {
                "├─"
            };
            let host = hosts.get(&game.game).copied().unwrap_or("?");
            println!(
                "  {line} {branch} {host}'s game: {}, crashes: {}",
                game.phase, game.crashes
            );
        }
    }
    println!();
}
