//! Where clients write down what they do and what they are told.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use islands_core::{Command, GameId, Player, Viewer};
use parking_lot::{Mutex, MutexGuard};
use serde::Serialize;

use crate::batch::Batch;
use crate::canonical_json::CanonicalJson;
use crate::check::check;
use crate::entry::{Entry, What};
use crate::report::Report;

/// A history that many clients of many games write at once. Clones are the same
/// history. It grows with what is written: about 200 bytes an entry.
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
    /// A history in which nothing has happened.
    pub fn new() -> History {
        History::default()
    }

    /// A client opened this game for these players and was told so. A guest is
    /// named if the game begins with one: a computer's or a rematch.
    pub fn opened(&self, game: GameId, host: &str, guest: Option<&str>) {
        let opened = What::Opened {
            host: host.into(),
            guest: guest.map(str::to_owned),
        };
        self.client(game, Viewer::Player(Player::One)).add(opened);
    }

    /// The computer sits here: what this player does need not have been sent.
    pub fn computer(&self, game: GameId, seat: Player) {
        let computer = What::Computer { seat };
        self.client(game, Viewer::Player(seat)).add(computer);
    }

    /// A new client of this game, which the server takes for this viewer. What it
    /// is told of events has to be in order.
    pub fn client(&self, game: GameId, viewer: Viewer) -> Client {
        Client {
            history: self.clone(),
            game,
            viewer,
            number: self.0.clients.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// The games of which something was written down, in order.
    pub fn games(&self) -> Vec<GameId> {
        let mut games: Vec<GameId> = self.records().keys().copied().collect();
        games.sort();
        games
    }

    /// The games of which something was written down since this was last asked.
    pub fn take_touched(&self) -> Vec<GameId> {
        let mut records = self.records();
        let touched = records
            .iter_mut()
            .filter_map(|(game, record)| std::mem::take(&mut record.touched).then_some(*game));
        let mut games: Vec<GameId> = touched.collect();
        games.sort();
        games
    }

    /// What was written down of a game so far.
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

    /// Adds what was written down of a game elsewhere.
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

/// Someone who takes part in a game and writes it down.
#[derive(Clone)]
pub struct Client {
    history: History,
    game: GameId,
    viewer: Viewer,
    number: u32,
}

impl Client {
    /// Which game.
    pub fn game(&self) -> GameId {
        self.game
    }

    /// Whom the server takes it for.
    pub fn viewer(&self) -> Viewer {
        self.viewer
    }

    /// To be called before a command is sent; its answer, if there is one, is
    /// told to what this returns. A repeat is sent under the same id.
    pub fn send(&self, id: Option<&str>, command: &Command) -> PendingCommand {
        let attempts = &self.history.0.attempts;
        let attempt = attempts.fetch_add(1, Ordering::Relaxed);
        self.add(What::Sent {
            attempt,
            id: id.map(Into::into),
            command: Box::new(command.clone()),
        });
        PendingCommand {
            client: self.clone(),
            attempt,
        }
    }

    /// It listens from this view on, whose last event has this number.
    pub fn began(&self, seq: u64, view: &impl Serialize) {
        let view = CanonicalJson::of(view);
        self.add(What::Began { seq, view });
    }

    /// It listens again, from the first event after this number on.
    pub fn resumed(&self, since: u64) {
        self.add(What::Resumed { since });
    }

    /// It was told of the event with this number: its name and its content, as
    /// `public_event` has it.
    pub fn saw(&self, seq: u64, name: &str, event: &impl Serialize) {
        let (name, told) = (name.into(), CanonicalJson::of(event));
        self.add(What::Saw { seq, name, told });
    }

    /// It had a look at the game.
    pub fn viewed(&self, seq: u64, view: &impl Serialize) {
        self.look(seq, view, false);
    }

    /// It had a look after the last thing that happened in the game.
    pub fn viewed_last(&self, seq: u64, view: &impl Serialize) {
        self.look(seq, view, true);
    }

    fn look(&self, seq: u64, view: &impl Serialize, last: bool) {
        let view = CanonicalJson::of(view);
        self.add(What::Viewed { seq, view, last });
    }

    fn add(&self, what: What) {
        let entry = Entry {
            client: self.number,
            viewer: self.viewer,
            what,
        };
        self.history.extend(self.game, [entry]);
    }
}

/// A command on its way. One that is never answered is dropped.
pub struct PendingCommand {
    client: Client,
    attempt: u64,
}

impl PendingCommand {
    /// It was acknowledged, with the number of its last event and the reply.
    pub fn accepted(self, seq: u64, reply: &impl Serialize) {
        let (attempt, reply) = (self.attempt, CanonicalJson::of(reply));
        self.client.add(What::Accepted {
            attempt,
            seq,
            reply,
        });
    }

    /// It was refused for the reason of this stable name. After `timeout` it may
    /// have been carried out all the same, as if there were no answer.
    pub fn refused(self, reason: &str) {
        let (attempt, reason) = (self.attempt, reason.into());
        self.client.add(What::Refused { attempt, reason });
    }
}
