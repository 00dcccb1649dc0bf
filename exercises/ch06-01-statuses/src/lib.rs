//! Written by `cargo x generate`; changes here are lost.
//!
//! The modules are those of `chapters/ch06-a-new-web-interface-with-axum`, except the learner's `status.rs`.

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

#[path = "../../../chapters/ch06-a-new-web-interface-with-axum/src/exchange.rs"]
pub mod exchange;

#[path = "../../../chapters/ch06-a-new-web-interface-with-axum/src/form.rs"]
pub mod form;

#[path = "../../../chapters/ch06-a-new-web-interface-with-axum/src/forms.rs"]
pub mod forms;

#[path = "../../../chapters/ch06-a-new-web-interface-with-axum/src/html.rs"]
pub mod html;

#[path = "../../../chapters/ch06-a-new-web-interface-with-axum/src/refusal.rs"]
pub mod refusal;

#[path = "../../../chapters/ch06-a-new-web-interface-with-axum/src/rules_in_handler.rs"]
pub mod rules_in_handler;

#[path = "../status.rs"]
pub mod status;

#[path = "../../../chapters/walk/src/grid.rs"]
mod grid;

#[path = "../adapter.rs"]
pub mod adapter;
