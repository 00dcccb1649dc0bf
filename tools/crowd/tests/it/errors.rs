//! Each error is reported in one line.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use crate::{crowd, report, server, stderr_of_failure};

#[test]
fn a_refused_connection_is_reported() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let stderr = stderr_of_failure(crowd("hold", address, &["--connections", "10"]));
    let expected = format!("crowd: no connection has joined {address}: 10 × cannot connect: ");
    assert!(
        stderr.starts_with(&expected) && stderr.contains("refused"),
        "{stderr}"
    );
}

#[test]
fn a_refused_handshake_is_reported() {
    let mut crowd = std::process::Command::new(env!("CARGO_BIN_EXE_crowd"));
    let url = format!("ws://{}/socket/websocket?reject=1", server::start());
    crowd.args(["join", &url, "--connections", "10", "--quiet"]);
    let stderr = stderr_of_failure(crowd);
    let expected = ": 10 × the handshake was refused: 403 Forbidden not you";
    assert!(stderr.ends_with(expected), "{stderr}");
}

#[test]
fn a_refused_join_is_reported() {
    let flags = ["--connections", "10", "--topic", "room:locked"];
    let stderr = stderr_of_failure(crowd("push", server::start(), &flags));
    let expected = r#": 10 × the join was refused: error {"reason":"locked"}"#;
    assert!(stderr.ends_with(expected), "{stderr}");
}

#[test]
fn a_silent_server_is_reported() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    let flags = ["--connections", "2", "--patience", "200ms"];
    let stderr = stderr_of_failure(crowd("join", address, &flags));
    let expected = ": 2 × no answer to the handshake in 200ms";
    assert!(stderr.ends_with(expected), "{stderr}");
}

#[test]
fn pushes_that_are_refused_are_counted_by_reason() {
    let flags = ["--connections", "4", "--event", "fail", "--rate", "100"];
    let time = ["--warm-up", "0s", "--for", "200ms"];
    let report = report("push", server::start(), &[&flags[..], &time].concat());
    assert_eq!(report["push"]["errors"][r#"error {"reason":"no"}"#], 20);
    assert_eq!(report["push"]["round_trip"]["count"], 0);
}

#[test]
fn contradictory_flags_are_refused_before_the_run() {
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    for (flags, expected) in [
        (
            &["--connections", "1"][..],
            "2 processes, more than connections",
        ),
        (
            &["--topics", "9", "--topic", "room:a"],
            "--topics needs a place for the number",
        ),
        (
            &["--connections", "3", "--topics", "4"],
            "4 topics, more than connections",
        ),
        (
            &["--json", "/does/not/exist"],
            "cannot write /does/not/exist",
        ),
        (&["--params", "{"], "not JSON"),
    ] {
        let stderr = stderr_of_failure(crowd("join", nowhere, flags));
        assert!(stderr.contains(expected), "{flags:?}: {stderr}");
    }
}
