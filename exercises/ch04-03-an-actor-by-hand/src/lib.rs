//! Written by `cargo x generate`; changes here are lost.
//!
//! The modules are those of `chapters/ch04-wrap-it-up-in-an-actor`, except the learner's `by_hand.rs`.

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

#[path = "../by_hand.rs"]
pub mod by_hand;

#[path = "../../../chapters/ch04-wrap-it-up-in-an-actor/src/calls_itself.rs"]
pub mod calls_itself;

#[path = "../../../chapters/ch04-wrap-it-up-in-an-actor/src/disk.rs"]
pub mod disk;

#[path = "../../../chapters/ch04-wrap-it-up-in-an-actor/src/games.rs"]
pub mod games;

#[path = "../../../chapters/ch04-wrap-it-up-in-an-actor/src/locks.rs"]
pub mod locks;

#[path = "../../../chapters/ch04-wrap-it-up-in-an-actor/src/mutex.rs"]
pub mod mutex;

#[path = "../../../chapters/ch04-wrap-it-up-in-an-actor/src/on_ractor.rs"]
pub mod on_ractor;

#[path = "../../../chapters/walk/src/grid.rs"]
mod grid;

#[path = "../adapter.rs"]
pub mod adapter;
