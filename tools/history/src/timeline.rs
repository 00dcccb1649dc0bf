//! Folds a log into the game's state after each event.

use islands_core::{Event, Game, ReplayError, apply, replay};

use crate::batch::Batch;

/// The game after each event of a log, up to the first impossible one.
pub(crate) struct Timeline<'l> {
    events: Vec<&'l Event>,
    games: Vec<Game>,
    /// The first event that the rules do not allow.
    pub(crate) wrong: Option<ReplayError>,
}

impl<'l> Timeline<'l> {
    pub(crate) fn of(log: &'l [Batch]) -> Timeline<'l> {
        let events: Vec<&Event> = log.iter().flat_map(|batch| &batch.events).collect();
        let copies: Vec<Event> = events.iter().copied().cloned().collect();
        let wrong = replay(&copies).err().filter(|_| !events.is_empty());
        let good = wrong.as_ref().map_or(u64::MAX, |wrong| wrong.seq - 1);
        let mut games: Vec<Game> = Vec::new();
        for event in &events {
            if games.len() as u64 >= good {
                break;
            }
            match (games.last(), event) {
                (Some(game), event) => games.push(apply(game.clone(), event)),
                (None, Event::GameCreated(created)) => games.push(Game::new(created)),
                (None, _) => break,
            }
        }
        Timeline {
            events,
            games,
            wrong,
        }
    }

    /// Returns the number of events in the log.
    pub(crate) fn len(&self) -> u64 {
        self.events.len() as u64
    }

    /// Returns the event with this number and the game just after it; `None` past
    /// the log's end, and from the first impossible event on.
    pub(crate) fn at(&self, seq: u64) -> Option<(&'l Event, &Game)> {
        let place = usize::try_from(seq.checked_sub(1)?).ok()?;
        Some((*self.events.get(place)?, self.games.get(place)?))
    }

    /// Returns the game after the event with this number, as [`at`](Timeline::at)
    /// does.
    pub(crate) fn after(&self, seq: u64) -> Option<&Game> {
        self.at(seq).map(|(_, game)| game)
    }
}
