//! The metrics, as Prometheus reads them.

use std::collections::{BTreeMap, BTreeSet};

use islands_core::Player;
use serde_json::json;

use crate::client::Client;
use crate::http::{get, request};
use crate::program::Program;
use crate::running::Running;
use crate::table::{Table, cell_json, land};

/// A family: its name, its type and the labels of its samples.
type Family = (&'static str, &'static str, &'static [&'static str]);

const FAMILIES: [Family; 25] = [
    ("islands_append_seconds", "histogram", &["le"]),
    ("islands_busy", "counter", &[]),
    ("islands_commands", "counter", &["outcome"]),
    ("islands_connections", "gauge", &[]),
    ("islands_games", "gauge", &["state"]),
    ("islands_http_responses", "counter", &["status"]),
    ("islands_joins", "counter", &["outcome"]),
    ("islands_mailbox_high_water", "gauge", &[]),
    ("islands_processes", "gauge", &["phase"]),
    ("islands_recovery_seconds", "histogram", &["le"]),
    ("islands_restarts", "counter", &[]),
    ("islands_sockets", "gauge", &[]),
    ("islands_supervisor_restarts", "counter", &[]),
    ("islands_turned_away", "counter", &["reason"]),
    ("islands_wire_broadcasts", "counter", &[]),
    ("islands_wire_bytes_in", "counter", &[]),
    ("islands_wire_bytes_out", "counter", &[]),
    ("islands_wire_deliveries", "counter", &[]),
    ("islands_wire_encodings", "counter", &[]),
    ("islands_wire_floods_closed", "counter", &[]),
    ("islands_wire_frames_in", "counter", &[]),
    ("islands_wire_frames_out", "counter", &[]),
    ("islands_wire_joins", "counter", &[]),
    ("islands_wire_outbox_high_water", "gauge", &[]),
    ("islands_wire_slow_closed", "counter", &[]),
];

/// Additional families when the journal is a file.
const JOURNAL_FILE_FAMILIES: [Family; 4] = [
    ("islands_journal_batch_size", "histogram", &["le"]),
    ("islands_journal_commit_seconds", "histogram", &["le"]),
    ("islands_journal_failures", "counter", &[]),
    ("islands_journal_reopenings", "counter", &[]),
];

/// All samples of one scrape, by name and labels as written.
type Samples = BTreeMap<String, f64>;

async fn read(server: &Running) -> Samples {
    let answer = server.get("/metrics").await;
    assert_eq!(answer.status, 200);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(answer.header("content-type"), Some(kind));
    parse(&answer.body, &FAMILIES)
}

/// Parses the text. Every line must be valid, and the families must be exactly these.
#[track_caller]
fn parse(text: &str, families: &[Family]) -> Samples {
    let body = text.strip_suffix("# EOF\n").expect("an end");
    let mut samples = Samples::new();
    let mut seen = BTreeSet::new();
    let mut family = "";
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let words: Vec<&str> = comment.splitn(3, ' ').collect();
            match words[..] {
                ["HELP", name, help] => {
                    assert!(help.len() > 20, "{line}");
                    family = name;
                }
                ["TYPE", name, kind] => {
                    assert!(seen.insert(name), "{name} comes twice");
                    assert_eq!(name, family, "{line}");
                    assert_eq!(kind, family_of(families, name).1, "{line}");
                }
                ["UNIT", name, unit] => assert_eq!((name, unit), (family, "seconds")),
                _ => panic!("{line}"),
            }
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').expect("a sample");
        let value: f64 = value.parse().expect("a number");
        check_sample(family_of(families, family), sample);
        assert!(value >= 0.0, "{line}");
        assert_eq!(samples.insert(sample.into(), value), None, "{line}");
    }
    let family_of: BTreeSet<&str> = families.iter().map(|(name, ..)| *name).collect();
    assert_eq!(seen, family_of);
    samples
}

#[track_caller]
fn family_of(families: &[Family], name: &str) -> Family {
    let mut families = families.iter();
    let family_of = families.find(|(family_of, ..)| *family_of == name);
    *family_of.unwrap_or_else(|| panic!("{name} is not known"))
}

/// Checks that a sample's name is its family's with a suffix of its type, and its
/// labels are allowed.
#[track_caller]
fn check_sample((family, kind, allowed): Family, sample: &str) {
    let (name, labels) = sample.split_once('{').unwrap_or((sample, "}"));
    let endings: &[&str] = match kind {
        "counter" => &["_total"],
        "gauge" => &[""],
        _ => &["_sum", "_count", "_bucket"],
    };
    let ending = name.strip_prefix(family).expect(sample);
    assert!(endings.contains(&ending), "{sample}");
    let labels = labels.strip_suffix('}').expect(sample);
    for label in labels.split(',').filter(|label| !label.is_empty()) {
        let (name, value) = label.split_once('=').expect(sample);
        assert!(allowed.contains(&name), "{sample}");
        let value = value.trim_matches('"');
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.+-".contains(c);
        assert!(!value.is_empty() && value.chars().all(plain), "{sample}");
    }
}

/// Checks by how much a sample has grown between two scrapes.
#[track_caller]
fn check(before: &Samples, after: &Samples, sample: &str, by: f64) {
    let value = |samples: &Samples| samples.get(sample).copied().unwrap_or(0.0);
    assert_eq!(value(after) - value(before), by, "{sample}");
}

#[tokio::test]
async fn requests_joins_and_commands_are_counted() {
    let server = Running::start().await;
    let before = read(&server).await;
    let table = Table::open(server.address).await;
    let (mut ada, _bob) = table.begin().await;
    let _watcher = table.join_as_spectator().await;
    ada.call_ok("guess_coordinate", cell_json(land(Player::Two)[0]))
        .await;
    ada.call_refused("guess_coordinate", cell_json(land(Player::Two)[1]))
        .await;
    let forged = json!({"seat": "forged"});
    ada.client.join(&table.topic(), forged).await.unwrap_err();
    assert_eq!(server.get("/nothing").await.status, 404);

    let after = read(&server).await;
    for (sample, by) in [
        ("islands_sockets", 3.0),
        ("islands_joins_total{outcome=\"player\"}", 2.0),
        ("islands_joins_total{outcome=\"spectator\"}", 1.0),
        ("islands_joins_total{outcome=\"unauthorized\"}", 1.0),
        ("islands_wire_joins_total", 3.0),
        ("islands_http_responses_total{status=\"1xx\"}", 3.0),
        // A game opened, a seat taken, and the previous scrape.
        ("islands_http_responses_total{status=\"2xx\"}", 3.0),
        ("islands_http_responses_total{status=\"4xx\"}", 1.0),
        ("islands_commands_total{outcome=\"accepted\"}", 6.0),
        ("islands_commands_total{outcome=\"not_your_turn\"}", 1.0),
        ("islands_games{state=\"player2_turn\"}", 1.0),
        ("islands_processes{phase=\"running\"}", 1.0),
        // Bob's join, two boards of two appends each, and a guess.
        ("islands_append_seconds_count", 6.0),
    ] {
        check(&before, &after, sample, by);
    }
    assert!(after["islands_connections"] >= 1.0, "this one at least");
    for sample in [
        "frames_in",
        "bytes_in",
        "frames_out",
        "bytes_out",
        "broadcasts",
    ] {
        let sample = format!("islands_wire_{sample}_total");
        assert!(after[&sample] > before[&sample], "{sample}");
    }
}

#[tokio::test]
async fn refusals_are_counted_by_reason() {
    let flags = [
        ["--games-per-minute", "3"],
        ["--max-games", "1"],
        ["--max-connections", "2"],
        ["--address-share", "50"],
        ["--trusted-proxy", "127.0.0.1"],
    ];
    let server = Running::with_flags(flags.as_flattened()).await;
    let try_connect = async |from: &str, origin: &str| {
        let headers = [("x-forwarded-for", from), ("origin", origin)];
        Client::try_connect(server.address, &headers).await
    };
    let own = format!("http://{}", server.address);
    let mut topics = Vec::new();
    for expected in [201, 201, 201, 429] {
        let opened = server.post("/api/games", &json!({"name": "Ada"})).await;
        assert_eq!(opened.status, expected);
        topics.push(format!(
            "game:{}",
            opened.json()["game"].as_str().unwrap_or("")
        ));
    }
    let mut first = try_connect("192.0.2.1", &own).await.unwrap();
    assert_eq!(try_connect("192.0.2.1", &own).await.err(), Some(429));
    assert_eq!(
        try_connect("192.0.2.2", "https://evil.example").await.err(),
        Some(403)
    );
    let mut second = try_connect("192.0.2.2", &own).await.unwrap();
    assert_eq!(try_connect("192.0.2.3", &own).await.err(), Some(503));
    let plain = request(server.address, "GET /socket/websocket", "").await;
    assert_eq!(plain.status, 400);
    first.join(&topics[0], json!({})).await.unwrap();
    first.join(&topics[1], json!({})).await.unwrap_err();
    second.join(&topics[1], json!({})).await.unwrap_err();

    let samples = read(&server).await;
    for reason in [
        "games_per_minute",
        "address_sockets",
        "origin",
        "max_connections",
        "handshake",
        "address_games",
        "max_games",
    ] {
        let sample = format!("islands_turned_away_total{{reason=\"{reason}\"}}");
        assert_eq!(samples[&sample], 1.0, "{reason}");
    }
}

#[tokio::test]
async fn a_journal_file_has_metrics_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &[]);
    Table::open(program.address).await;
    let text = get(program.address, "/metrics").await.body.clone();
    let families = [&FAMILIES[..], &JOURNAL_FILE_FAMILIES].concat();
    let samples = parse(&text, &families);
    // A game opened and a seat taken.
    assert_eq!(samples["islands_journal_batch_size_sum"], 2.0);
    assert_eq!(samples["islands_journal_failures_total"], 0.0);
}
