// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use super::*;

const SHAPE: &str = "
//! Shapes.

/// A square.
pub struct Square {
    side: u32,
}

impl Square {
    /// Returns the area.
    #[must_use]
    pub fn area(&self, mut scale: u32) -> u32 {
        scale *= self.side;
        scale * self.side
    }

    pub fn named((name, _): (u32, u32)) -> u32 {
        name
    }
}

impl std::fmt::Display for Square {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, \"{}\", self.area(1))
    }
}

pub trait Side {}

fn side(square: &Square) -> u32 {
    square.side
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_learner_sees_this() {}
}
";

fn shape() -> Source {
    Source::parse(Path::new("shape.rs"), SHAPE.to_owned()).unwrap()
}

#[test]
fn an_item_is_quoted_with_its_docs_and_without_its_indentation() {
    let quoted = "/// Returns the area.
#[must_use]
pub fn area(&self, mut scale: u32) -> u32 {
    scale *= self.side;
    scale * self.side
}";
    assert_eq!(shape().quote("Square::area").unwrap(), quoted);
    assert_eq!(shape().quote("Side").unwrap(), "pub trait Side {}");
    assert!(
        shape()
            .quote("Square")
            .unwrap()
            .starts_with("/// A square.\n")
    );
    assert!(shape().quote("Square::fmt").unwrap().contains("write!"));
}

#[test]
fn a_missing_item_is_named_with_its_file() {
    let error = shape().quote("Square::volume").unwrap_err();
    assert_eq!(
        error.to_string(),
        "shape.rs: there is no item `Square::volume`"
    );
}

#[test]
fn a_stub_uses_its_arguments_and_has_no_tests() {
    let stub = shape()
        .hollow(&["Square::area".into()], &["side".into()])
        .unwrap();
    let area =
        "    pub fn area(&self, mut scale: u32) -> u32 {\n        your_code!(self, scale)\n    }\n";
    assert!(stub.contains(area), "{stub}");
    assert!(stub.ends_with("fn side(square: &Square) -> u32 {\n    later!(square)\n}\n"));
    assert!(!stub.contains("cfg(test)"));
}

#[test]
fn what_cannot_become_a_stub_is_refused() {
    let named = shape().hollow(&["Square::named".into()], &[]).unwrap_err();
    assert!(named.to_string().contains("is a pattern"));
    let square = shape().hollow(&["Square".into()], &[]).unwrap_err();
    assert!(square.to_string().contains("not a function with a body"));
}

#[test]
fn a_version_has_the_bodies_of_the_other_file() {
    let wrong =
        "//! Adds.\n\nimpl Square { fn area(&self, scale: u32) -> u32 { self.side + scale } }";
    let wrong = Source::parse(Path::new("adds.rs"), wrong.to_owned()).unwrap();
    assert_eq!(wrong.summary(), "Adds.");
    let version = shape().with_bodies_of(&wrong).unwrap();
    assert!(
        version.contains("mut scale: u32) -> u32 { self.side + scale }\n"),
        "{version}"
    );
    assert!(version.contains("square.side"));
}

#[test]
fn a_file_that_is_not_rust_is_named_with_the_line() {
    let error = Source::parse(Path::new("a.rs"), "fn a() {}\nfn 1() {}".to_owned()).err();
    assert!(error.unwrap().to_string().starts_with("a.rs:2: "));
}

#[test]
fn functions_that_are_not_named_stay_as_they_are() {
    let other = "impl Square { fn area(&self, scale: u32) -> u32 { 1 } }\nfn side(square: &Square) -> u32 { 2 }";
    let other = Source::parse(Path::new("other.rs"), other.to_owned()).unwrap();
    let merged = shape().with_functions_of(&other, &["side".into()]).unwrap();
    assert!(merged.contains("scale * self.side"), "{merged}");
    assert!(
        merged.ends_with("fn side(square: &Square) -> u32 { 2 }\n"),
        "{merged}"
    );
}

#[test]
fn variants_arms_and_functions_are_added() {
    let parse = |text: &str| Source::parse(Path::new("a.rs"), text.to_owned()).unwrap();
    let ours = parse(
        "enum Command {
    Guess,
}

impl Game {
    fn decide(&self, command: Command) -> u8 {
        let by = 1;
        match command {
            Command::Guess => by,
        }
    }
}
",
    );
    let added = parse(
        "enum Command {
    /// Gives up.
    Resign,
}

impl Game {
    fn decide() {
        match command {
            Command::Resign => self.resign(),
        }
    }

    fn resign(&self) -> u8 {
        0
    }
}
",
    );
    let expected = "enum Command {
    Guess,
    /// Gives up.
    Resign,
}

impl Game {
    fn decide(&self, command: Command) -> u8 {
        let by = 1;
        match command {
            Command::Resign => self.resign(),
            Command::Guess => by,
        }
    }

    fn resign(&self) -> u8 {
        0
    }
}
";
    assert_eq!(ours.with_additions_of(&added).unwrap(), expected);
    let unknown = parse("enum Event {\n    Draw,\n}\n");
    let error = ours.with_additions_of(&unknown).unwrap_err();
    assert_eq!(error.to_string(), "a.rs: there is no item `Event`");
}
