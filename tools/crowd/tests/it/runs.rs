//! Runs that succeed.

use serde_json::Value;
use tempfile::TempDir;

use crate::{crowd, report, server};

const SHORT: [&str; 4] = ["--warm-up", "50ms", "--for", "300ms"];

#[track_caller]
fn run(command: &str, flags: &[&str]) -> Value {
    let report = report(command, server::start(), flags);
    assert_eq!(
        report["opening"]["failed"],
        Value::Object([].into_iter().collect())
    );
    assert_eq!(report["lost"], Value::Object([].into_iter().collect()));
    assert_eq!(report["heartbeats_unanswered"], 0);
    report
}

fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("{value} is no count"))
}

#[test]
fn all_connections_join() {
    let report = run("join", &["--connections", "50", "--topics", "7"]);
    assert_eq!(report["opening"]["joined"], 50);
    assert_eq!(report["opening"]["join"]["count"], 50);
}

#[test]
fn every_push_of_an_open_loop_is_answered() {
    let report = run(
        "push",
        &[&SHORT[..], &["--connections", "50", "--rate", "1000"]].concat(),
    );
    let push = &report["push"];
    assert_eq!(push["due"], 350);
    assert_eq!(
        (&push["pushed"], &push["answered"]),
        (&350.into(), &350.into())
    );
    assert_eq!(push["round_trip"]["count"], 300, "without the warm-up");
}

#[test]
fn every_push_of_a_closed_loop_is_answered() {
    let report = run(
        "push",
        &[&SHORT[..], &["--connections", "10", "--in-flight", "2"]].concat(),
    );
    let push = &report["push"];
    assert!(number(&push["pushed"]) >= 20, "{push}");
    assert_eq!(push["pushed"], push["answered"]);
}

#[test]
fn every_broadcast_reaches_each_subscriber_once() {
    let crowd = ["--connections", "50", "--topics", "5"];
    for (how, at_a_rate) in [
        (["--rate", "100"], true),
        (["--until", "all"], false),
        (["--until", "own"], false),
    ] {
        let report = run("broadcast", &[&SHORT[..], &crowd, &how].concat());
        let broadcast = &report["broadcast"];
        let pushed = number(&broadcast["pushed"]);
        assert!(
            if at_a_rate { pushed == 35 } else { pushed > 5 },
            "{broadcast}"
        );
        assert_eq!(number(&broadcast["expected"]), 10 * pushed);
        assert_eq!(broadcast["received"], broadcast["expected"]);
        assert_eq!(
            (&broadcast["missing"], &broadcast["doubled"]),
            (&0.into(), &0.into())
        );
    }
}

#[test]
fn duplicate_deliveries_are_counted() {
    let flags = [
        "--connections",
        "10",
        "--event",
        "twice",
        "--arrives",
        "bcast",
        "--rate",
        "50",
    ];
    let report = run("broadcast", &[&SHORT[..], &flags].concat());
    let broadcast = &report["broadcast"];
    assert_eq!(broadcast["received"], broadcast["expected"]);
    assert!(number(&broadcast["doubled"]) > 0, "{broadcast}");
}

#[test]
fn held_connections_send_heartbeats_and_receive_the_broadcast() {
    let flags = [
        "--connections",
        "20",
        "--for",
        "500ms",
        "--heartbeat",
        "100ms",
    ];
    let report = run(
        "hold",
        &[&flags[..], &["--broadcast-after", "300ms"]].concat(),
    );
    assert!(number(&report["heartbeats"]) >= 20, "{report}");
    assert_eq!(report["broadcast"]["received"], 20);
    assert_eq!(report["broadcast"]["last_had_it"]["count"], 1);
}

#[test]
fn params_may_contain_the_connection_number() {
    let flags = [
        "--topic",
        "room:locked",
        "--params",
        r#"{"key":"17","n":{n}}"#,
    ];
    let report = run("join", &[&flags[..], &["--connections", "4"]].concat());
    assert_eq!(report["opening"]["joined"], 4);
}

#[test]
fn a_run_is_reported_as_text_and_chart() {
    let folder = TempDir::new().expect("a folder");
    let drawing = folder.path().join("push.svg");
    let mut crowd = crowd("push", server::start(), &SHORT);
    let output = crowd
        .args(["--connections", "10", "--rate", "100", "--threads", "2"])
        .arg("--svg")
        .arg(&drawing)
        .output()
        .expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(
        text.contains("pushes        35 of 35 due, 35 answered, 0 unanswered"),
        "{text}"
    );
    assert_eq!(output.stderr, b"");
    let drawing = std::fs::read_to_string(drawing).expect("a drawing");
    assert!(drawing.starts_with("<svg") && drawing.contains("round trip"));
}
