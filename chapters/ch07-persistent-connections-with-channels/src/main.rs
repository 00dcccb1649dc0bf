//! Chapter 7's walk: `cargo run -p ch07`.

mod child;
mod client;
mod costs;
mod counted;
mod draw;
mod joining;
mod playing;
mod resuming;
mod serve;
mod site;
mod slow;
mod stock;

use std::future::Future;
use std::process::ExitCode;

use islands_engine::install_panic_hook;
use walk::{Chapter, Step};

const CHAPTER: Chapter = Chapter {
    package: "ch07",
    title: "Chapter 7 · Persistent connections with channels",
    question: "What does a connection buy?",
    sources: walk::sources![
        "joining.rs",
        "playing.rs",
        "slow.rs",
        "resuming.rs",
        "stock.rs",
        "costs.rs"
    ],
    steps: &[
        Step::new(
            "The handshake",
            "From a request to a connection",
            joining::the_handshake,
        ),
        Step::new("Five fields", "A frame", joining::five_fields),
        Step::new("Without a seat", "Who is asking?", joining::without_a_seat),
        Step::new(
            "Another game's seat",
            "Who is asking?",
            joining::another_games_seat,
        ),
        Step::new(
            "One guess, two clients",
            "Reply, push, broadcast",
            playing::one_guess,
        ),
        Step::new(
            "What a client may know",
            "What a client may know",
            playing::what_a_client_may_know,
        ),
        Step::new("A second tab", "Who is here?", playing::a_second_tab),
        Step::new(
            "A client that does not read",
            "A client that does not read",
            slow::by_hand,
        ),
        Step::new(
            "The same with a bound",
            "A client that does not read",
            slow::bounded,
        ),
        Step::new(
            "Three guesses missed",
            "Without a hole",
            resuming::three_guesses_missed,
        ),
        Step::new(
            "A crash in between",
            "Without a hole",
            resuming::a_crash_in_between,
        ),
        Step::new(
            "What a stock client expects",
            "What a stock client expects",
            stock::what_a_stock_client_expects,
        ),
        Step::new("Bytes", "What a connection saves", costs::bytes),
        Step::new("Time", "What a connection saves", costs::time),
    ],
    serve: Some(serve::serve),
};

fn main() -> ExitCode {
    child::run_if_child();
    install_panic_hook();
    walk::main(&CHAPTER)
}

/// Runs a step on one thread, with real sockets and the real clock.
fn block_on(step: impl Future<Output = walk::Result>) -> walk::Result {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(step)
}
