//! The addresses that connections come from.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

/// Connections per address. Linux has some 28,000 ephemeral ports for each; a few stay free.
const CONNECTIONS_PER_ADDRESS: u64 = 25_000;

/// Maximum addresses, so that all of them lie within 127.0.0.0/16.
const MAX_SOURCES: u64 = 65_000;

/// The addresses 127.0.0.1, 127.0.0.2 and so on, used in turn.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Sources(u32);

impl Sources {
    /// Chooses as many addresses as were asked for, or as the connections need. Returns `None`,
    /// which lets the system choose, if one address is enough or the server is on another machine.
    ///
    /// # Errors
    /// If addresses were asked for and the server is not on 127.0.0.0/8, or if their number is out
    /// of bounds.
    pub(crate) fn choose(
        requested: Option<u64>,
        connections: u64,
        target: IpAddr,
    ) -> Result<Option<Sources>> {
        let is_loopback = matches!(target, IpAddr::V4(target) if target.is_loopback());
        ensure!(
            is_loopback || requested.is_none(),
            "--sources is for a server on 127.0.0.1, not on {target}"
        );
        let count = requested.unwrap_or(connections.div_ceil(CONNECTIONS_PER_ADDRESS));
        ensure!(
            (1..=MAX_SOURCES).contains(&count),
            "--sources may be 1 to {MAX_SOURCES}, not {count}"
        );
        Ok((is_loopback && count > 1).then_some(Sources(count as u32)))
    }

    /// Returns the address of a connection.
    pub(crate) fn of(self, number: u64) -> IpAddr {
        let turn = (number % u64::from(self.0)) as u32;
        IpAddr::V4(Ipv4Addr::from_bits(Ipv4Addr::LOCALHOST.to_bits() + turn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const REMOTE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn chosen(requested: Option<u64>, connections: u64, target: IpAddr) -> Option<Sources> {
        Sources::choose(requested, connections, target).expect("sources")
    }

    #[test]
    fn as_many_addresses_are_chosen_as_the_connections_need() {
        assert_eq!(chosen(None, 25_000, LOOPBACK), None);
        assert_eq!(chosen(None, 25_001, LOOPBACK), Some(Sources(2)));
        assert_eq!(chosen(Some(3), 10, LOOPBACK), Some(Sources(3)));
        assert_eq!(chosen(None, 100_000, REMOTE), None);
    }

    #[test]
    fn several_addresses_need_a_server_on_loopback() {
        assert!(Sources::choose(Some(2), 10, REMOTE).is_err());
        assert!(Sources::choose(Some(0), 10, LOOPBACK).is_err());
        assert!(Sources::choose(Some(100_000), 10, LOOPBACK).is_err());
    }

    #[test]
    fn connections_use_the_addresses_in_turn() {
        let found = [0, 1, 2, 299, 300].map(|number| Sources(300).of(number).to_string());
        let expected = [
            "127.0.0.1",
            "127.0.0.2",
            "127.0.0.3",
            "127.0.1.44",
            "127.0.0.1",
        ];
        assert_eq!(found, expected);
    }
}
