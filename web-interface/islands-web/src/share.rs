//! What one address may have of what there is for all, so that it can neither
//! fill the server nor keep others out.
//!
//! By default an address has a quarter of everything, which leaves room for a
//! school behind one address. Added up, it can bring this into memory:
//!
//! | what | for all | for one address |
//! | --- | --- | --- |
//! | connections that are no sockets, and requests by way of a proxy | 4,000 | 1,000 |
//! | sockets | 20,000 | 5,000 |
//! | games that its sockets have joined | 100,000 | 25,000 |
//!
//! Sockets alone would not bound games: 5,000 of them that join 10 games each
//! reach 50,000. So games are counted by themselves, each once however many
//! sockets of the address have joined it. What an address merely opens (30 games a
//! minute) or looks at, nobody listens to: it leaves memory by itself, and within
//! seconds when memory is full.
//!
//! A count is there for as long as something is counted, so there are never more
//! addresses in these maps than there are connections, sockets and joins.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use islands_core::GameId;
use parking_lot::Mutex;

use crate::proxy::subscriber;

/// So many percent of all, but never nothing.
pub(crate) fn share_of(all: usize, percent: u8) -> usize {
    let share = all as u128 * u128::from(percent) / 100;
    usize::try_from(share).unwrap_or(all).max(1)
}

/// Places, of which each address may have so many at a time. Clones are the same
/// places.
#[derive(Clone)]
pub(crate) struct Shares {
    limit: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A place, given back when it is dropped.
pub(crate) struct Place {
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Shares {
    /// So many places for each address.
    pub(crate) fn new(limit: usize) -> Shares {
        Shares {
            limit,
            taken: Arc::default(),
        }
    }

    /// How many places one address may have.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// One more place for this address, unless it has its share.
    pub(crate) fn take(&self, address: IpAddr) -> Option<Place> {
        let address = subscriber(address);
        let mut taken = self.taken.lock();
        if taken.get(&address).is_some_and(|it| *it >= self.limit) {
            return None;
        }
        *taken.entry(address).or_default() += 1;
        Some(Place {
            address,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl Drop for Place {
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

/// The games that are joined from each address, and how often each of them is.
type Joined = HashMap<IpAddr, HashMap<GameId, usize>>;

/// Games, of which each address may have joined so many at a time.
#[derive(Clone)]
pub(crate) struct GameShares {
    limit: usize,
    joined: Arc<Mutex<Joined>>,
}

/// A join of a game, over when it is dropped.
pub(crate) struct JoinedGame {
    address: IpAddr,
    game: GameId,
    joined: Arc<Mutex<Joined>>,
}

impl GameShares {
    /// So many games for each address.
    pub(crate) fn new(limit: usize) -> GameShares {
        GameShares {
            limit,
            joined: Arc::default(),
        }
    }

    /// How many games one address may have joined.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// One more join of this game from this address, unless that has its share of
    /// other games.
    pub(crate) fn join(&self, address: IpAddr, game: GameId) -> Option<JoinedGame> {
        let address = subscriber(address);
        let mut joined = self.joined.lock();
        let games = joined.entry(address).or_default();
        // An address that is new here has no game, and may have one at least.
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
        assert_eq!(share_of(1_000, 25), 250);
        assert_eq!(share_of(1, 25), 1);
        assert_eq!(share_of(7, 100), 7);
        assert_eq!(share_of(usize::MAX, 100), usize::MAX);
    }

    #[test]
    fn an_address_has_its_share_until_it_gives_something_back() {
        let shares = Shares::new(2);
        let [ada, bob] = ["192.0.2.1", "192.0.2.2"].map(address);
        let first = shares.take(ada).unwrap();
        let _second = shares.take(ada).unwrap();
        assert!(shares.take(ada).is_none(), "a third place");
        assert!(shares.take(bob).is_some(), "another address");
        drop(first);
        assert!(shares.take(ada).is_some(), "a place is free again");
    }

    #[test]
    fn one_ipv6_network_is_one_address() {
        let shares = Shares::new(1);
        let _place = shares.take(address("2001:db8::1")).unwrap();
        assert!(shares.take(address("2001:db8::2")).is_none());
        assert!(shares.take(address("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn a_game_is_counted_once_however_often_it_is_joined() {
        let shares = GameShares::new(2);
        let ada = address("192.0.2.1");
        let join = |number| shares.join(ada, game(number));
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
        let (places, games) = (Shares::new(1), GameShares::new(1));
        let ada = address("192.0.2.1");
        let kept = (places.take(ada), games.join(ada, game(1)));
        assert!(games.join(ada, game(2)).is_none());
        drop(kept);
        assert!(places.taken.lock().is_empty());
        assert!(games.joined.lock().is_empty());
    }
}
