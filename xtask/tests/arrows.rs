//! Checks the dependencies between the packages of this workspace, as cargo
//! describes them, against the arrows in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each package, and the packages of the workspace that it depends on.
const ARROWS: [(&str, &[&str]); 12] = [
    ("islands-core", &[]),
    ("islands-engine", &["islands-core"]),
    ("islands-journal", &["islands-core", "islands-engine"]),
    ("islands-seats", &["islands-core"]),
    ("axum-channels", &[]),
    (
        "islands-web",
        &[
            "axum-channels",
            "islands-core",
            "islands-engine",
            "islands-journal",
            "islands-seats",
        ],
    ),
    ("history", &["islands-core"]),
    (
        "chaos",
        &[
            "harness",
            "history",
            "islands-core",
            "islands-engine",
            "islands-journal",
        ],
    ),
    ("crowd", &[]),
    ("harness", &[]),
    ("measure", &["harness"]),
    ("xtask", &[]),
];

/// The same for the packages of the course. The rooms above do not depend on them.
const COURSE_ARROWS: [(&str, &[&str]); 12] = [
    ("book", &["exercises", "finder"]),
    ("walk", &[]),
    ("ch02", &["islands-core", "walk"]),
    ("ch03", &["islands-core", "walk"]),
    ("ch04", &["islands-core", "islands-engine", "trace", "walk"]),
    (
        "ch05",
        &[
            "islands-core",
            "islands-engine",
            "islands-journal",
            "trace",
            "walk",
        ],
    ),
    (
        "ch06",
        &["islands-core", "islands-engine", "islands-seats", "walk"],
    ),
    (
        "ch07",
        &[
            "axum-channels",
            "islands-core",
            "islands-engine",
            "islands-seats",
            "walk",
        ],
    ),
    ("trace", &["walk"]),
    ("exercises", &[]),
    ("learn", &["exercises"]),
    ("finder", &["exercises"]),
];

/// What a learner compiles first must be small: none of these, not even indirectly.
const LARGE: [&str; 6] = [
    "tokio",
    "ractor",
    "redb",
    "axum",
    "rusqlite",
    "mdbook-driver",
];

/// Libraries that shape a whole room, and the packages that may use them.
const RESERVED: [(&str, &[&str]); 3] = [
    ("ractor", &["islands-engine", "ch04"]),
    ("redb", &["islands-journal"]),
    ("axum", &["axum-channels", "islands-web", "ch06", "ch07"]),
];

/// The package that a plain `cargo run` starts.
const DEFAULT_RUN: &str = "islands-web";

/// Returns the workspace of the checkout that runs this test, which need not be
/// the one that compiled it.
fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs this");
    let root = Path::new(&xtask).parent();
    root.expect("it lies in the workspace").to_owned()
}

/// Returns the packages of the workspace by name, as cargo describes them.
fn packages() -> BTreeMap<String, Value> {
    let described = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo");
    let text = String::from_utf8_lossy(&described.stderr);
    assert!(described.status.success(), "cargo metadata: {text}");
    let described: Value = serde_json::from_slice(&described.stdout).expect("JSON");
    let packages = described["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| (text_of(&package["name"]), package.clone()))
        .collect()
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("a text").into()
}

/// Returns the normal dependencies of a package: not those of tests or build scripts.
fn dependencies(package: &Value) -> impl Iterator<Item = &Value> {
    let all = package["dependencies"].as_array().expect("dependencies");
    all.iter().filter(|dependency| dependency["kind"].is_null())
}

fn names(package: &Value) -> BTreeSet<String> {
    dependencies(package)
        .map(|dependency| text_of(&dependency["name"]))
        .collect()
}

#[test]
fn the_rooms_depend_on_each_other_as_listed() {
    let packages = packages();
    for (name, expected) in ARROWS.into_iter().chain(COURSE_ARROWS) {
        let package = packages
            .get(name)
            .unwrap_or_else(|| panic!("there is no {name}"));
        let ours = names(package)
            .into_iter()
            .filter(|name| packages.contains_key(name));
        assert_eq!(Vec::from_iter(ours), expected, "{name} depends on");
    }
}

#[test]
fn no_room_depends_on_tools_or_the_course() {
    let rooms = ARROWS.map(|(name, _)| name);
    for (name, package) in packages() {
        if !rooms.contains(&name.as_str()) {
            continue;
        }
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let local = !dependency["path"].is_null();
            let dependency = text_of(&dependency["name"]);
            let known = rooms.contains(&dependency.as_str());
            assert!(
                !local || known,
                "{name} depends on {dependency}, even if only in its tests"
            );
        }
    }
}

#[test]
fn reserved_dependencies_stay_in_their_rooms() {
    for (name, package) in packages() {
        for (reserved, rooms) in RESERVED {
            let used = names(&package).contains(reserved);
            // An exercise is built with the libraries of the crate that its module is from.
            assert!(
                !used || rooms.contains(&name.as_str()) || name.starts_with("ex0"),
                "{name} must not use {reserved}"
            );
        }
    }
}

#[test]
fn an_exercise_of_a_pure_chapter_depends_on_nothing() {
    let packages = packages();
    let is_pure = |name: &str| name.starts_with("ex02") || name.starts_with("ex03");
    let exercises = packages.iter().filter(|(name, _)| is_pure(name));
    for (name, package) in exercises {
        assert_eq!(names(package), BTreeSet::new(), "{name} depends on");
    }
}

#[test]
fn what_a_learner_compiles_first_is_small() {
    for package in ["xtask", "learn", "ch02", "ch03"] {
        let tree = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--prefix",
                "none",
                "--edges",
                "normal,build",
            ])
            .args(["--package", package])
            .current_dir(root())
            .output()
            .expect("cargo");
        assert!(tree.status.success(), "cargo tree --package {package}");
        let tree = String::from_utf8_lossy(&tree.stdout);
        let compiled: Vec<_> = tree
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        let large: Vec<_> = LARGE
            .iter()
            .filter(|name| compiled.contains(name))
            .collect();
        assert!(large.is_empty(), "{package} compiles {large:?}");
        assert!(compiled.contains(&package), "{tree}");
    }
}

#[test]
fn the_core_depends_on_nothing_but_optional_serde() {
    let packages = packages();
    let found: Vec<(String, bool)> = dependencies(&packages["islands-core"])
        .map(|it| (text_of(&it["name"]), it["optional"] == true))
        .collect();
    assert_eq!(found, [("serde".to_string(), true)]);
}

#[test]
fn cargo_run_starts_one_package() {
    // The exercises are no default members, so a plain `cargo run` does not see them.
    let members = packages()
        .into_iter()
        .filter(|(name, _)| !name.starts_with("ex0"));
    for (name, package) in members {
        let expected = match name == DEFAULT_RUN {
            true => "islands".into(),
            false => Value::Null,
        };
        assert_eq!(package["default_run"], expected, "default-run of {name}");
    }
}

/// Reads the manifests, since cargo does not say where a feature was chosen.
#[test]
fn versions_and_features_of_dependencies_are_chosen_at_the_root() {
    for (name, package) in packages() {
        let manifest = text_of(&package["manifest_path"]);
        let manifest = fs::read_to_string(manifest).expect("a manifest");
        let mut section = "";
        for line in manifest.lines().map(str::trim) {
            if line.starts_with('[') {
                section = line;
            }
            let lists = section.contains("dependencies");
            if !lists || line.is_empty() || line.starts_with(['[', '#']) {
                continue;
            }
            let inherited =
                line.contains(".workspace = true") || line.contains("workspace = true,");
            assert!(inherited, "{name}: `{line}` is not the workspace's");
            assert!(
                !line.contains("features"),
                "{name}: `{line}` chooses features"
            );
        }
    }
}
