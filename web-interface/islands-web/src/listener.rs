//! A subscription that heals itself.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, stream};
use islands_core::{GameId, Viewer};
use islands_engine::{CallError, Events, Games, Published, Start};

/// The first pause before a subscription that failed is tried again; it doubles
/// up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// ListenerEvent of a game.
pub(crate) enum ListenerEvent {
    /// It has moved on.
    Event(Arc<Published>),
    /// It has been set aside, and will not move on until a person sees to it.
    Unavailable(CallError),
    /// It is back after a person has seen to it, or what this client has seen is
    /// not in its log: the client has to start anew.
    StartAnew,
}

/// Follows a game beyond the end of its process: when the events end, because
/// the game crashed or this listener was too slow, it subscribes again from the
/// last number it has seen, and so gets exactly what it missed. A game that has
/// been set aside is asked for until it is back.
pub(crate) struct Listener {
    games: Games,
    game: GameId,
    viewer: Viewer,
    seen: u64,
    missed: std::vec::IntoIter<Arc<Published>>,
    events: Option<Events>,
    pause: Duration,
    /// The client has been told that the game is set aside.
    set_aside: bool,
    over: bool,
}

impl Listener {
    /// Goes on from a subscription that told of everything up to `seen`.
    pub(crate) fn new(
        games: Games,
        game: GameId,
        viewer: Viewer,
        seen: u64,
        events: Events,
    ) -> Listener {
        Listener {
            games,
            game,
            viewer,
            seen,
            missed: Vec::new().into_iter(),
            events: Some(events),
            pause: FIRST_PAUSE,
            set_aside: false,
            over: false,
        }
    }

    /// All news as a stream.
    pub(crate) fn into_stream(self) -> impl Stream<Item = ListenerEvent> + Send {
        stream::unfold(self, |mut listener| async move {
            let news = listener.next().await?;
            Some((news, listener))
        })
    }

    async fn next(&mut self) -> Option<ListenerEvent> {
        while !self.over {
            if let Some(published) = self.next_event().await {
                self.seen = published.seq();
                return Some(ListenerEvent::Event(published));
            }
            if let Err(news) = self.subscribe().await {
                self.over = matches!(news, ListenerEvent::StartAnew);
                return Some(news);
            }
        }
        None
    }

    async fn next_event(&mut self) -> Option<Arc<Published>> {
        match self.missed.next() {
            Some(published) => Some(published),
            None => self.events.as_mut()?.next().await,
        }
    }

    /// Subscribes again, however long it takes: the game may be starting, the
    /// journal may be away, or a person may have to see to it.
    async fn subscribe(&mut self) -> Result<(), ListenerEvent> {
        self.events = None;
        loop {
            let subscribed = self
                .games
                .subscribe(self.game, self.viewer, Some(self.seen));
            match subscribed.await {
                // A client that was told that its game is set aside learns from a
                // new join, and from nothing else, that it is not any more.
                Ok(_) if self.set_aside => return Err(ListenerEvent::StartAnew),
                Ok(subscription) => {
                    let Start::Missed(missed) = subscription.start else {
                        return Err(ListenerEvent::StartAnew);
                    };
                    self.missed = missed.into_iter();
                    self.events = Some(subscription.events);
                    self.pause = FIRST_PAUSE;
                    return Ok(());
                }
                Err(refusal @ CallError::Quarantined { .. }) if !self.set_aside => {
                    self.set_aside = true;
                    return Err(ListenerEvent::Unavailable(refusal));
                }
                Err(CallError::NoSuchGame) => return Err(ListenerEvent::StartAnew),
                Err(_) => {
                    tokio::time::sleep(self.pause).await;
                    self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }
}
