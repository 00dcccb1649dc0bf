//! Records what clients send and receive.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use islands_core::{Command, GameId, Player, Viewer};
use parking_lot::{Mutex, MutexGuard};
use serde::Serialize;

use crate::batch::Batch;
use crate::canonical_json::CanonicalJson;
use crate::check::check;
use crate::entry::{Entry, EntryKind};
use crate::report::Report;

/// A history that many clients of many games write at once.
///
/// Clones share one history. It grows without a bound, by about 200 bytes an entry.
#[derive(Clone, Default)]
pub struct History(Arc<Shared>);

#[derive(Default)]
struct Shared {
    games: Mutex<HashMap<GameId, GameRecord>>,
    clients: AtomicU32,
    attempts: AtomicU64,
}

#[derive(Default)]
struct GameRecord {
    entries: Vec<Entry>,
    touched: bool,
}

impl History {
    /// Creates an empty history.
    pub fn new() -> History {
        History::default()
    }

    /// Records that a client opened this game and the server acknowledged it.
    ///
    /// `guest` is the name of player 2 if the game opens with both players: against
    /// the computer, or as a rematch.
    pub fn opened(&self, game: GameId, host: &str, guest: Option<&str>) {
        let opened = EntryKind::Opened {
            host: host.into(),
            guest: guest.map(str::to_owned),
        };
        self.client(game, Viewer::Player(Player::One)).add(opened);
    }

    /// Records that the computer plays this seat, so its batches need no command.
    pub fn computer(&self, game: GameId, seat: Player) {
        let computer = EntryKind::Computer { seat };
        self.client(game, Viewer::Player(seat)).add(computer);
    }

    /// Creates a client of this game for this viewer.
    ///
    /// The events that one client receives must follow one another without a hole.
    pub fn client(&self, game: GameId, viewer: Viewer) -> Client {
        Client {
            history: self.clone(),
            game,
            viewer,
            number: self.0.clients.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Returns the games that have a record, sorted by id.
    pub fn games(&self) -> Vec<GameId> {
        let mut games: Vec<GameId> = self.records().keys().copied().collect();
        games.sort();
        games
    }

    /// Returns the games with new entries since the last call, sorted by id.
    pub fn take_touched(&self) -> Vec<GameId> {
        let mut records = self.records();
        let touched = records
            .iter_mut()
            .filter_map(|(game, record)| std::mem::take(&mut record.touched).then_some(*game));
        let mut games: Vec<GameId> = touched.collect();
        games.sort();
        games
    }

    /// Returns the entries of a game so far.
    pub fn entries(&self, game: GameId) -> Vec<Entry> {
        let records = self.records();
        let record = records.get(&game);
        record.map_or_else(Vec::new, |record| record.entries.clone())
    }

    /// Checks these games against their logs.
    pub fn check<'l>(&self, logs: impl IntoIterator<Item = (GameId, &'l [Batch])>) -> Report {
        let mut report = Report::default();
        for (game, log) in logs {
            report.add(check(game, &self.entries(game), log));
        }
        report
    }

    /// Adds entries that were recorded elsewhere.
    pub fn extend(&self, game: GameId, entries: impl IntoIterator<Item = Entry>) {
        let mut records = self.records();
        let record = records.entry(game).or_default();
        record.entries.extend(entries);
        record.touched = true;
    }

    fn records(&self) -> MutexGuard<'_, HashMap<GameId, GameRecord>> {
        self.0.games.lock()
    }
}

/// A client that records what it does in a game.
#[derive(Clone)]
pub struct Client {
    history: History,
    game: GameId,
    viewer: Viewer,
    number: u32,
}

impl Client {
    /// Returns the client's game.
    pub fn game(&self) -> GameId {
        self.game
    }

    /// Returns the client's role: one of the players, or a spectator.
    pub fn viewer(&self) -> Viewer {
        self.viewer
    }

    /// Records a command; call it before the command is sent.
    ///
    /// Pass the answer, if one comes, to the [`PendingCommand`]. A repeat has the
    /// same id.
    pub fn send(&self, id: Option<&str>, command: &Command) -> PendingCommand {
        let attempts = &self.history.0.attempts;
        let attempt = attempts.fetch_add(1, Ordering::Relaxed);
        self.add(EntryKind::Sent {
            attempt,
            id: id.map(Into::into),
            command: Box::new(command.clone()),
        });
        PendingCommand {
            client: self.clone(),
            attempt,
        }
    }

    /// Records a new subscription that starts with this view; `seq` is the number
    /// of the last event in the view.
    pub fn began(&self, seq: u64, view: &impl Serialize) {
        let view = CanonicalJson::of(view);
        self.add(EntryKind::Began { seq, view });
    }

    /// Records a subscription that resumes after event number `since`.
    pub fn resumed(&self, since: u64) {
        self.add(EntryKind::Resumed { since });
    }

    /// Records an event that the client received: its number, its name, and its
    /// content as [`public_event`](islands_core::public_event) has it.
    pub fn saw(&self, seq: u64, name: &str, event: &impl Serialize) {
        let (name, event) = (name.into(), CanonicalJson::of(event));
        self.add(EntryKind::Saw { seq, name, event });
    }

    /// Records a view that the client requested.
    pub fn viewed(&self, seq: u64, view: &impl Serialize) {
        self.add_view(seq, view, false);
    }

    /// Records a view that the client requested after the game's last event.
    pub fn viewed_last(&self, seq: u64, view: &impl Serialize) {
        self.add_view(seq, view, true);
    }

    fn add_view(&self, seq: u64, view: &impl Serialize, last: bool) {
        let view = CanonicalJson::of(view);
        self.add(EntryKind::Viewed { seq, view, last });
    }

    fn add(&self, kind: EntryKind) {
        let entry = Entry {
            client: self.number,
            viewer: self.viewer,
            kind,
        };
        self.history.extend(self.game, [entry]);
    }
}

/// A command that awaits its answer; drop it if none comes.
pub struct PendingCommand {
    client: Client,
    attempt: u64,
}

impl PendingCommand {
    /// Records the acknowledgement: the number of the last event, and the reply.
    pub fn accepted(self, seq: u64, reply: &impl Serialize) {
        let (attempt, reply) = (self.attempt, CanonicalJson::of(reply));
        self.client.add(EntryKind::Accepted {
            attempt,
            seq,
            reply,
        });
    }

    /// Records the refusal, with the stable name of its reason.
    ///
    /// After `timeout` the command may have been carried out all the same, so the
    /// check treats it as unanswered.
    pub fn refused(self, reason: &str) {
        let (attempt, reason) = (self.attempt, reason.into());
        self.client.add(EntryKind::Refused { attempt, reason });
    }
}
