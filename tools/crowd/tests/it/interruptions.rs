//! Runs that are interrupted.
#![cfg(target_os = "linux")]

use std::process::{Child, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::{crowd, server, stderr};

/// Starts a run that would last for minutes; returns it and its two workers.
fn begin() -> (Child, Vec<Pid>) {
    let flags = ["--connections", "10", "--for", "5m"];
    let mut crowd = crowd("hold", server::start(), &flags);
    let crowd = crowd.stdout(Stdio::piped()).stderr(Stdio::piped());
    let crowd = crowd.spawn().expect("it starts");
    let workers = eventually("two workers", || {
        let children = format!("/proc/{0}/task/{0}/children", crowd.id());
        let children = std::fs::read_to_string(children).ok()?;
        let children = children.split_whitespace().map(|pid| pid.parse().ok());
        let workers: Vec<Pid> = children
            .map(|pid| Pid::from_raw(pid?))
            .collect::<Option<_>>()?;
        (workers.len() == 2).then_some(workers)
    });
    (crowd, workers)
}

fn eventually<T>(what: &str, probe: impl Fn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "not soon: {what}"
        );
        sleep(Duration::from_millis(10));
    }
}

#[track_caller]
fn assert_fails_with_workers(crowd: Child, workers: &[Pid]) -> Output {
    let output = crowd.wait_with_output().expect("it ends");
    assert!(!output.status.success());
    eventually("the end of all workers", || {
        workers.iter().copied().all(has_ended).then_some(())
    });
    output
}

/// Whether a process has ended. A zombie counts: its new parent may not have reaped it yet.
fn has_ended(pid: Pid) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    state.map_or(true, |state| state.contains(") Z "))
}

fn kill(pid: Pid, signal: Signal) {
    kill_process(pid, signal).expect("it can be killed");
}

#[test]
fn a_worker_that_dies_is_named_and_ends_the_run() {
    let (crowd, workers) = begin();
    kill(workers[1], Signal::KILL);
    let output = assert_fails_with_workers(crowd, &workers);
    assert_eq!(
        stderr(&output),
        "crowd: worker 1 has died: signal: 9 (SIGKILL)"
    );
}

#[test]
fn an_interrupt_ends_the_workers() {
    let (crowd, workers) = begin();
    kill(Pid::from_child(&crowd), Signal::INT);
    assert_eq!(
        stderr(&assert_fails_with_workers(crowd, &workers)),
        "crowd: interrupted"
    );
}

#[test]
fn workers_do_not_outlive_the_program() {
    let (crowd, workers) = begin();
    kill(Pid::from_child(&crowd), Signal::KILL);
    assert_fails_with_workers(crowd, &workers);
}
