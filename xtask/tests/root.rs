//! `cargo x` runs the tasks of its own checkout, even if two share a target folder.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;

/// Runs the program as cargo does in each checkout, and looks where `ci` has run.
#[test]
fn tasks_run_in_the_checkout_of_the_caller() {
    let folder = tempfile::tempdir().unwrap();
    for checkout in ["one", "two"] {
        let checkout = folder.path().join(checkout);
        fs::create_dir_all(checkout.join(".ci")).unwrap();
        fs::write(checkout.join(".ci/run"), "pwd -P > it-ran-here\n").unwrap();
        let ran = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("ci")
            .env("CARGO_MANIFEST_DIR", checkout.join("xtask"))
            .current_dir(folder.path())
            .status();
        assert!(ran.unwrap().success());
        let ran_in = fs::read_to_string(checkout.join("it-ran-here")).unwrap();
        let checkout = checkout.canonicalize().unwrap();
        assert_eq!(ran_in.trim_end(), checkout.display().to_string());
    }
}
