//! The order of faults.

use fastrand::Rng;

/// A fault that a round injects into the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `kill -9`.
    Kill,
    /// SIGTERM; the server must end in time.
    Terminate,
    /// SIGSTOP, some seconds of silence, SIGCONT; then `kill -9`.
    Stop,
    /// Clients cut connections in mid-frame or without a close frame; then `kill -9`.
    Cut,
}

impl Fault {
    pub(crate) const ALL: [Fault; 4] = [Fault::Kill, Fault::Terminate, Fault::Stop, Fault::Cut];
}

/// Plain kills before each other fault, once each kind has come.
const KILLS_BETWEEN_OTHERS: usize = 12;

/// Returns an endless sequence of faults: first each kind once, in random order.
pub(crate) fn faults(rng: &mut Rng) -> impl Iterator<Item = Fault> + use<> {
    let mut first = Fault::ALL;
    rng.shuffle(&mut first);
    let others = first.into_iter().filter(|fault| *fault != Fault::Kill);
    let then = others.cycle().flat_map(|other| {
        let kills = std::iter::repeat_n(Fault::Kill, KILLS_BETWEEN_OTHERS);
        kills.chain([other])
    });
    first.into_iter().chain(then)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_comes_first_once_then_again_and_most_are_kills() {
        for seed in 0..50 {
            let all: Vec<Fault> = faults(&mut Rng::with_seed(seed)).take(54).collect();
            for fault in Fault::ALL {
                assert!(all[..4].contains(&fault), "seed {seed}: {all:?}");
                assert!(all[4..].contains(&fault), "seed {seed}: {all:?}");
            }
            let kills = all.iter().filter(|fault| **fault != Fault::Terminate);
            assert!(kills.count() >= 50, "seed {seed}: {all:?}");
        }
    }
}
