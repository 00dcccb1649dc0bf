//! Limits for one address, so that no address can fill the server and keep other
//! clients out.
//!
//! By default an address may use a quarter of every bound; a school behind one
//! address needs that much. These bounds limit what it can bring into memory:
//!
//! | resource | all addresses | one address |
//! | --- | --- | --- |
//! | connections that are no sockets, and requests by way of a proxy | 4,000 | 1,000 |
//! | sockets | 20,000 | 5,000 |
//! | games that its sockets have joined | 100,000 | 25,000 |
//!
//! A limit on sockets does not bound games: 5,000 sockets with 10 joins each reach
//! 50,000. So games have a limit of their own, which counts a game once however many
//! sockets of the address have joined it. A game that an address only opens (30 a
//! minute) or reads has no subscriber: it leaves memory when it has been idle, and
//! within seconds when the games are at their limit.
//!
//! An entry exists while its count is above zero, so these maps never hold more
//! addresses than there are connections, sockets and joins.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use islands_core::GameId;
use parking_lot::Mutex;

use crate::proxy::address_key;

/// `percent` of `all`, at least 1.
pub(crate) fn percent_of(all: usize, percent: u8) -> usize {
    let share = all as u128 * u128::from(percent) / 100;
    usize::try_from(share).unwrap_or(all).max(1)
}

/// A semaphore for each address, with `limit` permits. Clones share the permits.
#[derive(Clone)]
pub(crate) struct AddressSemaphore {
    limit: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One permit of an address: an RAII guard, released on drop.
pub(crate) struct AddressPermit {
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl AddressSemaphore {
    /// With `limit` permits for each address.
    pub(crate) fn new(limit: usize) -> AddressSemaphore {
        AddressSemaphore {
            limit,
            taken: Arc::default(),
        }
    }

    /// The number of permits of one address.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Acquires a permit for `address`, or returns `None` if it has none left.
    pub(crate) fn try_acquire(&self, address: IpAddr) -> Option<AddressPermit> {
        let address = address_key(address);
        let mut taken = self.taken.lock();
        if taken.get(&address).is_some_and(|it| *it >= self.limit) {
            return None;
        }
        *taken.entry(address).or_default() += 1;
        Some(AddressPermit {
            address,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl Drop for AddressPermit {
    fn drop(&mut self) {
        let mut taken = self.taken.lock();
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// For each address the joined games, with the number of joins of each.
type Joined = HashMap<IpAddr, HashMap<GameId, usize>>;

/// A limit on the number of different games that one address has joined.
#[derive(Clone)]
pub(crate) struct GamesPerAddress {
    limit: usize,
    joined: Arc<Mutex<Joined>>,
}

/// A join of a game: an RAII guard, undone on drop.
pub(crate) struct JoinedGame {
    address: IpAddr,
    game: GameId,
    joined: Arc<Mutex<Joined>>,
}

impl GamesPerAddress {
    /// With `limit` games for each address.
    pub(crate) fn new(limit: usize) -> GamesPerAddress {
        GamesPerAddress {
            limit,
            joined: Arc::default(),
        }
    }

    /// The number of games that one address may join.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Counts a join of `game`, or returns `None` if the address has joined `limit`
    /// other games.
    pub(crate) fn join(&self, address: IpAddr, game: GameId) -> Option<JoinedGame> {
        let address = address_key(address);
        let mut joined = self.joined.lock();
        let games = joined.entry(address).or_default();
        // A new address has no game yet, and the limit is at least one.
        if games.len() >= self.limit && !games.contains_key(&game) {
            return None;
        }
        *games.entry(game).or_default() += 1;
        Some(JoinedGame {
            address,
            game,
            joined: Arc::clone(&self.joined),
        })
    }
}

impl Drop for JoinedGame {
    fn drop(&mut self) {
        let mut joined = self.joined.lock();
        let Some(games) = joined.get_mut(&self.address) else {
            return;
        };
        if let Some(count) = games.get_mut(&self.game) {
            *count -= 1;
            if *count == 0 {
                games.remove(&self.game);
            }
        }
        if games.is_empty() {
            joined.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn game(number: u8) -> GameId {
        GameId::from_bytes([number; 10])
    }

    #[test]
    fn a_share_is_never_nothing_and_never_more_than_all() {
        assert_eq!(percent_of(1_000, 25), 250);
        assert_eq!(percent_of(1, 25), 1);
        assert_eq!(percent_of(7, 100), 7);
        assert_eq!(percent_of(usize::MAX, 100), usize::MAX);
    }

    #[test]
    fn an_address_has_its_permits_until_it_gives_something_back() {
        let semaphore = AddressSemaphore::new(2);
        let [ada, bob] = ["192.0.2.1", "192.0.2.2"].map(address);
        let first = semaphore.try_acquire(ada).unwrap();
        let _second = semaphore.try_acquire(ada).unwrap();
        assert!(semaphore.try_acquire(ada).is_none(), "a third permit");
        assert!(semaphore.try_acquire(bob).is_some(), "another address");
        drop(first);
        assert!(
            semaphore.try_acquire(ada).is_some(),
            "a permit is free again"
        );
    }

    #[test]
    fn one_ipv6_network_is_one_address() {
        let semaphore = AddressSemaphore::new(1);
        let _permit = semaphore.try_acquire(address("2001:db8::1")).unwrap();
        assert!(semaphore.try_acquire(address("2001:db8::2")).is_none());
        assert!(semaphore.try_acquire(address("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn a_game_is_counted_once_however_often_it_is_joined() {
        let limit = GamesPerAddress::new(2);
        let ada = address("192.0.2.1");
        let join = |number| limit.join(ada, game(number));
        let (first, again) = (join(1).unwrap(), join(1).unwrap());
        let _second = join(2).unwrap();
        assert!(join(3).is_none(), "a third game");
        drop(first);
        assert!(join(3).is_none(), "the first is still joined");
        drop(again);
        assert!(join(3).is_some());
    }

    #[test]
    fn an_address_that_has_nothing_is_forgotten() {
        let (semaphore, games) = (AddressSemaphore::new(1), GamesPerAddress::new(1));
        let ada = address("192.0.2.1");
        let kept = (semaphore.try_acquire(ada), games.join(ada, game(1)));
        assert!(games.join(ada, game(2)).is_none());
        drop(kept);
        assert!(semaphore.taken.lock().is_empty());
        assert!(games.joined.lock().is_empty());
    }
}
