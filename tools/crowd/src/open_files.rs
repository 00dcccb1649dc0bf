//! Limit of open files, and so of connections, per process.

use anyhow::{Result, ensure};

/// Files that a worker opens besides its connections.
const OTHER_FILES: u64 = 64;

/// Raises the limit of this process, which its workers inherit, to the maximum, and checks that the
/// limit is high enough for the connections of each worker.
///
/// # Errors
/// If the limit is too low.
pub(crate) fn raise_limit(connections: u64, processes: u64) -> Result<()> {
    check(connections, processes, raised_hard_limit())
}

fn check(connections: u64, processes: u64, limit: u64) -> Result<()> {
    let each = connections.div_ceil(processes);
    let room = limit.saturating_sub(OTHER_FILES).max(1);
    ensure!(
        each <= room,
        "a process may have {limit} files open, and each of {processes} would need {}: try \
         --processes {}",
        each.saturating_add(OTHER_FILES),
        connections.div_ceil(room)
    );
    Ok(())
}

#[cfg(unix)]
fn raised_hard_limit() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let highest = Rlimit {
        current: maximum,
        maximum,
    };
    match setrlimit(Resource::Nofile, highest) {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(_) => current.unwrap_or(u64::MAX),
    }
}

#[cfg(not(unix))]
fn raised_hard_limit() -> u64 {
    u64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_too_low_for_a_partition_is_refused() {
        assert!(check(1_000, 1, 1_064).is_ok());
        assert!(check(u64::MAX, 1, u64::MAX).is_err());
        let refused = check(40_000, 2, 20_000).expect_err("20,000 and some");
        let refused = refused.to_string();
        assert!(refused.ends_with("try --processes 3"), "{refused}");
    }
}
