//! Compares the generated files of the exercises with what the generator would write now.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use exercises::{Course, root};
use finder::package;

#[test]
fn the_packages_and_stubs_are_as_they_would_be_written_today() {
    for exercise in Course::read(&root()).unwrap().exercises {
        let differing = package::differing(&exercise).unwrap();
        assert!(
            differing.is_empty(),
            "run `cargo x generate`; these differ: {differing:?}"
        );
    }
}
