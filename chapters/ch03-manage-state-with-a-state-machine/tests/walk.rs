//! The walk's output, straight through.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn the_walk_prints_what_the_book_shows() {
    let walk = Command::new(env!("CARGO_BIN_EXE_ch03"))
        .args(["--all", "--figures"])
        .output()
        .unwrap();
    assert!(walk.status.success(), "{walk:?}");
    let output = String::from_utf8(walk.stdout).unwrap();
    let widest = output.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "a line has {widest:?} columns");
    insta::assert_snapshot!(output);
}
