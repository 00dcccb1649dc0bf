//! Rate-limits the games that one address may open in a minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::proxy::address_key;

/// Maximum addresses that are counted in one minute. Past it a new address has to wait
/// for the next minute: limits by address cannot stop a flood from that many.
const MAX_ADDRESSES: usize = 100_000;

const MINUTE: Duration = Duration::from_secs(60);

/// A rate limiter with a fixed window: counts games by address, in windows of one minute.
pub(crate) struct GameRateLimiter {
    limit: u32,
    counts: Mutex<Counts>,
}

struct Counts {
    since: Instant,
    by_address: HashMap<IpAddr, u32>,
}

impl GameRateLimiter {
    /// With `limit` games for each address and minute.
    pub(crate) fn new(limit: u32) -> GameRateLimiter {
        GameRateLimiter {
            limit,
            counts: Mutex::new(Counts {
                since: Instant::now(),
                by_address: HashMap::new(),
            }),
        }
    }

    /// The number of games that one address may open in a minute.
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// Counts a game of `address`; `false` if the address has reached its limit.
    pub(crate) fn admit(&self, address: IpAddr) -> bool {
        let mut counts = self.counts.lock();
        if counts.since.elapsed() >= MINUTE {
            counts.since = Instant::now();
            counts.by_address.clear();
        }
        let address = address_key(address);
        let known = counts.by_address.contains_key(&address);
        if !known && counts.by_address.len() >= MAX_ADDRESSES {
            return false;
        }
        let count = counts.by_address.entry(address).or_default();
        if *count >= self.limit {
            return false;
        }
        *count += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_address_has_its_limit_each_minute() {
        let limiter = GameRateLimiter::new(2);
        let [ada, bob] = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse().unwrap());
        assert!(limiter.admit(ada) && limiter.admit(ada));
        assert!(!limiter.admit(ada), "a third game");
        assert!(limiter.admit(bob), "another address");
        tokio::time::advance(MINUTE).await;
        assert!(limiter.admit(ada), "a minute later");
    }

    #[tokio::test(start_paused = true)]
    async fn one_ipv6_network_is_one_address() {
        let limiter = GameRateLimiter::new(1);
        assert!(limiter.admit("2001:db8::1".parse().unwrap()));
        assert!(!limiter.admit("2001:db8::2".parse().unwrap()));
        assert!(limiter.admit("2001:db8:0:1::1".parse().unwrap()));
    }
}
