//! Chapter 6's walk: `cargo run -p ch06`.

mod crates;
mod looking;
mod pages;
mod refusals;
mod serve;
mod site;
mod twice;

use std::future::Future;
use std::process::ExitCode;

use islands_engine::install_panic_hook;
use walk::{Chapter, Step};

const CHAPTER: Chapter = Chapter {
    package: "ch06",
    title: "Chapter 6 · A new web interface with axum",
    question: "How thin can the web be?",
    sources: walk::sources![
        "pages.rs",
        "refusals.rs",
        "twice.rs",
        "crates.rs",
        "looking.rs"
    ],
    steps: &[
        Step::new("A page", "A function from a request", pages::a_page),
        Step::new("A game", "Post, redirect, get", pages::a_game),
        Step::new(
            "An empty name",
            "Who can do something about it?",
            refusals::an_empty_name,
        ),
        Step::new(
            "Out of turn",
            "Who can do something about it?",
            refusals::out_of_turn,
        ),
        Step::new(
            "A journal that fails",
            "Who can do something about it?",
            refusals::journal_fails,
        ),
        Step::new(
            "Not there",
            "Who can do something about it?",
            refusals::not_there,
        ),
        Step::new("A seat", "Who is asking?", pages::a_seat),
        Step::new(
            "A name with markup",
            "A page is a function of a view",
            pages::markup,
        ),
        Step::new("Islands", "A page is a function of a view", pages::islands),
        Step::new("A double click", "Sent twice", twice::a_double_click),
        Step::new(
            "Rules in the handler",
            "A handler that decides",
            twice::rules_in_the_handler,
        ),
        Step::new(
            "Who knows what",
            "The engine knows no web",
            crates::who_knows_what,
        ),
        Step::new(
            "What looking costs",
            "What looking costs",
            looking::what_looking_costs,
        ),
    ],
    serve: Some(serve::serve),
};

fn main() -> ExitCode {
    install_panic_hook();
    walk::main(&CHAPTER)
}

/// Runs a step on one thread. The clock stands still while there is anything to do, and jumps to
/// the next timer when there is not.
fn block_on(step: impl Future<Output = walk::Result>) -> walk::Result {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build()?;
    runtime.block_on(step)
}
