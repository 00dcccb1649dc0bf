//! What a running game has in common with those who call it and with its
//! supervisor, who read it without asking the game.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Where callers wait for a game. The mailbox of an actor has no bound, so the
/// bound is here.
pub(crate) struct Reception {
    waiting: AtomicUsize,
    places: usize,
    opened: Instant,
    /// When the last command was stored or the last subscriber left, in
    /// milliseconds after it was opened.
    quiet_since_ms: AtomicU64,
}

/// One of the places, given back when it is dropped.
pub(crate) struct Place(Arc<Reception>);

impl Reception {
    /// With so many places.
    pub(crate) fn new(places: usize) -> Reception {
        Reception {
            waiting: AtomicUsize::new(0),
            places,
            opened: Instant::now(),
            quiet_since_ms: AtomicU64::new(0),
        }
    }

    /// Takes a place, if one is left.
    pub(crate) fn place(self: &Arc<Reception>) -> Option<Place> {
        let place = Place(Arc::clone(self));
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        (before < self.places).then_some(place)
    }

    /// How many callers wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire).min(self.places)
    }

    /// Something has happened in the game just now.
    pub(crate) fn stir(&self, now: Instant) {
        let ms = now.duration_since(self.opened).as_millis();
        let ms = u64::try_from(ms).unwrap_or(u64::MAX);
        self.quiet_since_ms.store(ms, Ordering::Release);
    }

    /// For how long nothing has happened.
    pub(crate) fn quiet_for(&self) -> Duration {
        let since = Duration::from_millis(self.quiet_since_ms.load(Ordering::Acquire));
        self.opened.elapsed().saturating_sub(since)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_so_many_places_and_each_can_be_taken_again() {
        let reception = Arc::new(Reception::new(2));
        let first = reception.place();
        let second = reception.place();
        assert!(first.is_some() && second.is_some());
        assert!(reception.place().is_none());
        assert_eq!(reception.waiting(), 2);
        drop(first);
        assert_eq!(reception.waiting(), 1);
        assert!(reception.place().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_game_is_quiet_from_its_start_and_anew_from_all_that_happens() {
        let reception = Reception::new(1);
        let minute = Duration::from_secs(60);
        tokio::time::advance(minute).await;
        assert_eq!(reception.quiet_for(), minute);
        reception.stir(Instant::now());
        tokio::time::advance(2 * minute).await;
        assert_eq!(reception.quiet_for(), 2 * minute);
    }
}
