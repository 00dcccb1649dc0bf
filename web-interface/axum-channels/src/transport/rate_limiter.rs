//! Limits how fast a client may send: frames, bytes and joins per second.

use std::time::Duration;

use crate::api::settings::Settings;

/// What happens to a frame, by how far its client is ahead of its rates; the variants are in the
/// order of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// Within the rates and the burst.
    Admitted,
    /// Ahead by the burst or more: a frame other than a leave is refused with `too fast`, and the
    /// client is not read for this many nanoseconds.
    TooFast(u64),
    /// Past twice the burst: the socket is closed.
    Flood,
}

/// The rate limiter of one client.
///
/// It holds for each rate the time up to which the rate is used up: a token bucket stored as a time
/// (the generic cell rate algorithm of ATM networks, ITU-T I.371). Times are nanoseconds since an
/// arbitrary origin.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RateLimiter {
    frames_until: u64,
    bytes_until: u64,
    joins_until: u64,
}

/// The cost of each frame, byte and join, and the burst, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Costs {
    frame: f64,
    byte: f64,
    join: f64,
    burst: u64,
}

impl Costs {
    pub(crate) fn new(settings: &Settings) -> Self {
        let each = |per_second: u32| 1e9 / f64::from(per_second.max(1));
        Self {
            frame: each(settings.frames_per_second),
            byte: each(settings.bytes_per_second),
            join: each(settings.joins_per_second),
            burst: nanoseconds(settings.burst),
        }
    }
}

impl RateLimiter {
    /// Charges one frame of `bytes` bytes. A refused frame is charged too, so a client that sends
    /// on after a refusal gets further ahead.
    pub(crate) fn charge(
        &mut self,
        now: Duration,
        bytes: usize,
        is_join: bool,
        costs: &Costs,
    ) -> Verdict {
        let now = nanoseconds(now);
        let joins = f64::from(u8::from(is_join));
        let verdicts = [
            charge(&mut self.frames_until, now, costs.frame, costs.burst),
            charge(
                &mut self.bytes_until,
                now,
                costs.byte * bytes as f64,
                costs.burst,
            ),
            charge(&mut self.joins_until, now, costs.join * joins, costs.burst),
        ];
        verdicts.into_iter().max().unwrap_or(Verdict::Admitted)
    }
}

/// Charges `cost` to one rate. The verdict counts only what was charged before, so that a single
/// frame is never too large.
fn charge(until: &mut u64, now: u64, cost: f64, burst: u64) -> Verdict {
    let before = (*until).max(now);
    *until = before.saturating_add(cost as u64);
    match before - now {
        // A frame that is no join must not be refused for earlier joins.
        _ if cost == 0.0 => Verdict::Admitted,
        ahead if ahead < burst => Verdict::Admitted,
        // A refused frame adds its whole cost and pauses for half of it, so a client that sends on
        // after every pause gets further ahead, and is closed in the end.
        ahead if ahead < 2 * burst => Verdict::TooFast((cost / 2.0) as u64),
        _ => Verdict::Flood,
    }
}

/// Converts to nanoseconds, and saturates after five centuries.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs() -> Costs {
        Costs::new(&Settings {
            frames_per_second: 10,
            bytes_per_second: 1000,
            joins_per_second: 5,
            burst: Duration::from_secs(2),
            ..Settings::default()
        })
    }

    /// Sends frames until a flood. Returns how many were admitted, and how many came before it.
    fn run(
        rate_limiter: &mut RateLimiter,
        now: Duration,
        bytes: usize,
        is_join: bool,
    ) -> (usize, usize) {
        let verdicts =
            std::iter::repeat_with(|| rate_limiter.charge(now, bytes, is_join, &costs()));
        let until_closed: Vec<_> = verdicts.take_while(|it| *it < Verdict::Flood).collect();
        let admitted = until_closed.iter().filter(|it| **it == Verdict::Admitted);
        (admitted.count(), until_closed.len())
    }

    #[test]
    fn frames_within_the_burst_pass_up_to_twice_the_burst_are_refused_and_beyond_is_a_flood() {
        let now = Duration::from_secs(7);
        assert_eq!(run(&mut RateLimiter::default(), now, 1, false), (20, 40));
        assert_eq!(run(&mut RateLimiter::default(), now, 1, true), (10, 20));
        assert_eq!(run(&mut RateLimiter::default(), now, 500, false), (4, 8));
    }

    #[test]
    fn a_client_within_its_rate_is_never_refused() {
        let mut rate_limiter = RateLimiter::default();
        for tenth in 0..1000 {
            let now = Duration::from_millis(100 * tenth);
            assert_eq!(
                rate_limiter.charge(now, 100, false, &costs()),
                Verdict::Admitted
            );
        }
    }

    #[test]
    fn a_client_that_pauses_is_admitted_again() {
        let mut rate_limiter = RateLimiter::default();
        run(&mut rate_limiter, Duration::ZERO, 1, false);
        let later = |millis| Duration::from_millis(millis);
        let verdict = rate_limiter.charge(later(1900), 1, false, &costs());
        assert_eq!(
            verdict,
            Verdict::TooFast(50_000_000),
            "half of what it takes"
        );
        assert_eq!(run(&mut rate_limiter, later(60_000), 1, false), (20, 40));
    }

    #[test]
    fn one_large_frame_alone_is_not_too_large() {
        let mut rate_limiter = RateLimiter::default();
        assert_eq!(
            rate_limiter.charge(later(0), 64 * 1024, false, &costs()),
            Verdict::Admitted
        );
        assert_eq!(
            rate_limiter.charge(later(1), 1, false, &costs()),
            Verdict::Flood
        );
    }

    fn later(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }
}
