//! What the tests share that make up their own input.
//!
//! `FUZZ_SECONDS=600 cargo test -p axum-channels --lib fuzz` lets each go on for as long.

use std::time::{Duration, Instant};

/// Numbers that look random and are the same in every run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // Knuth's multiplier for a linear congruential generator modulo 2^64; the high bits count.
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

/// Checks so many inputs, or for the time that is set.
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
