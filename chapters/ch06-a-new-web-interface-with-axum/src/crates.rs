//! Step 12: which crate knows which library.

use walk::Page;

/// The manifest of each crate, as cargo reads it.
const CRATES: [(&str, &str); 6] = [
    (
        "islands-core",
        include_str!("../../../game-engine/islands-core/Cargo.toml"),
    ),
    (
        "islands-engine",
        include_str!("../../../game-engine/islands-engine/Cargo.toml"),
    ),
    (
        "islands-journal",
        include_str!("../../../game-engine/islands-journal/Cargo.toml"),
    ),
    (
        "axum-channels",
        include_str!("../../../web-interface/axum-channels/Cargo.toml"),
    ),
    ("ch06", include_str!("../Cargo.toml")),
    (
        "islands-web",
        include_str!("../../../web-interface/islands-web/Cargo.toml"),
    ),
];

const LIBRARIES: [&str; 6] = [
    "islands-core",
    "islands-engine",
    "tokio",
    "ractor",
    "redb",
    "axum",
];

pub(crate) fn who_knows_what(page: &mut Page<'_>) -> walk::Result {
    page.say(
        "This chapter has put a second web interface in front of the engine. Here is what the manifests of the crates list, as they were compiled.",
    );
    let engine = page.choose(
        "What does `islands-engine` know about HTTP?",
        &[
            "Requests and responses",
            "The status of each refusal",
            "Nothing",
        ],
    );
    page.draw(&table());
    page.reveal(
        &engine,
        if knows("islands-engine", "axum") {
            0_u64
        } else {
            2
        },
    );
    page.say(
        "The column `axum` has three marks, all of them at the edge. Write `use axum::Json;` in `game-engine/islands-engine/src/games/mod.rs` and build it: `unresolved import`. A rule that the compiler enforces needs no reviewer.",
    );
    Ok(())
}

fn knows(name: &str, library: &str) -> bool {
    let manifest = CRATES.iter().find(|(it, _)| *it == name);
    manifest.is_some_and(|(_, manifest)| {
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default();
        let mut lines = dependencies.lines();
        lines.any(|line| line.split(['.', ' ']).next() == Some(library))
    })
}

fn table() -> String {
    let mut lines = vec![format!("{:<16}{}", "", LIBRARIES.join("  "))];
    for (name, _) in CRATES {
        let mut line = format!("{name:<16}");
        for library in LIBRARIES {
            let mark = if knows(name, library) { "●" } else { "·" };
            line += &format!("{mark:^width$}  ", width = library.len());
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}
