//! Written by `cargo x generate`; changes here are lost.
//!
//! The modules are those of `game-engine/islands-engine`, except the learner's `game_subscription.rs`.

#![allow(dead_code, unused_imports, unused_macros, unused_mut, unused_variables)]

/// Stands where the learner writes. Uses the arguments, so that the compiler does not warn. Ends
/// the program: a panic would be caught if an actor runs this.
macro_rules! your_code {
    ($($argument:ident),*) => {{
        $(let _ = &$argument;)*
        let (file, line, column) = (file!(), line!(), column!());
        eprintln!("thread panicked at {file}:{line}:{column}:\nthis function is yours to write");
        std::process::exit(101)
    }};
}

/// Stands in a function that a later exercise is about.
macro_rules! later {
    ($($argument:ident),*) => {{
        $(let _ = &$argument;)*
        panic!("a later exercise is about this function")
    }};
}

#[path = "../../../game-engine/islands-engine/src/admission.rs"]
mod admission;

#[path = "../../../game-engine/islands-engine/src/bots.rs"]
mod bots;

#[path = "../../../game-engine/islands-engine/src/call_error.rs"]
mod call_error;

#[path = "../../../game-engine/islands-engine/src/child.rs"]
mod child;

#[path = "../../../game-engine/islands-engine/src/command_id.rs"]
mod command_id;

#[path = "../../../game-engine/islands-engine/src/game_actor.rs"]
mod game_actor;

#[path = "../../../game-engine/islands-engine/src/game_config.rs"]
mod game_config;

#[path = "../../../game-engine/islands-engine/src/game_id.rs"]
mod game_id;

#[path = "../../../game-engine/islands-engine/src/game_process/mod.rs"]
mod game_process;

#[path = "../game_subscription.rs"]
mod game_subscription;

#[path = "../../../game-engine/islands-engine/src/games/mod.rs"]
mod games;

#[path = "../../../game-engine/islands-engine/src/journal/mod.rs"]
pub mod journal;

#[path = "../../../game-engine/islands-engine/src/metrics.rs"]
mod metrics;

#[path = "../../../game-engine/islands-engine/src/panics.rs"]
mod panics;

#[path = "../../../game-engine/islands-engine/src/published_event.rs"]
mod published_event;

#[path = "../../../game-engine/islands-engine/src/receipts.rs"]
mod receipts;

#[path = "../../../game-engine/islands-engine/src/recovery.rs"]
mod recovery;

#[path = "../../../game-engine/islands-engine/src/registry.rs"]
mod registry;

#[path = "../../../game-engine/islands-engine/src/restart.rs"]
mod restart;

#[path = "../../../game-engine/islands-engine/src/root/mod.rs"]
mod root;

#[path = "../../../game-engine/islands-engine/src/settings.rs"]
mod settings;

#[path = "../../../game-engine/islands-engine/src/subscribers.rs"]
mod subscribers;

#[path = "../../../game-engine/islands-engine/src/supervisor/mod.rs"]
mod supervisor;

#[path = "../../../game-engine/islands-engine/src/system.rs"]
mod system;

#[path = "../../../game-engine/islands-engine/src/testing/mod.rs"]
pub mod testing;

pub use call_error::CallError;
pub use command_id::{CommandId, InvalidCommandId};
pub use game_config::{Bot, GameConfig};
pub use game_process::Accepted;
pub use game_subscription::{GameSubscription, GameSubscriptionEvent};
pub use games::{COMPUTER_NAME, Games, Inspection, NewGame};
pub use panics::{catch_panic, install_panic_hook};
pub use published_event::PublishedEvent;
pub use restart::RestartBudget;
pub use settings::Settings;
pub use subscribers::{CatchUp, EventStream, Subscription};
pub use system::{GameStatus, PhaseCounts, SupervisorStatus, System};

#[path = "../../../chapters/walk/src/grid.rs"]
mod grid;

#[path = "../adapter.rs"]
pub mod adapter;
