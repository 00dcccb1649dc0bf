//! Helpers for the fuzz tests.
//!
//! `FUZZ_SECONDS=600 cargo test -p axum-channels --lib fuzz` runs each for 600 seconds.

use std::time::{Duration, Instant};

/// A pseudo-random generator with a fixed seed, so that every run is the same.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // A linear congruential generator modulo 2^64 with Knuth's multiplier; the low bits are
        // not random enough.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % bound
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Runs `check` `count` times, or for `FUZZ_SECONDS` seconds if that is set.
pub(super) fn rounds(seed: u64, count: usize, mut check: impl FnMut(&mut Random)) {
    let mut random = Random(seed);
    let seconds = std::env::var("FUZZ_SECONDS").ok();
    let seconds = seconds.map(|text| text.parse().expect("FUZZ_SECONDS is a number"));
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut done = 0;
    while end.map_or(done < count, |end| Instant::now() < end) {
        check(&mut random);
        done += 1;
    }
}
