//! The open sessions of a mount, by their tokens.

use std::{collections::HashMap, sync::Arc};

use data_encoding::BASE64URL_NOPAD;
use parking_lot::Mutex;

use super::session::Session;

/// Bytes of a token: who guesses it has the session.
const TOKEN: usize = 16;

/// Finds sessions. There are at most as many as `Settings::max_sockets`, of which each is one.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Arc<Mutex<Table>>);

type Table = HashMap<String, Session>;

/// A session's guard in the table, given back when it is dropped.
#[derive(Debug)]
pub(super) struct SessionGuard {
    token: String,
    table: Arc<Mutex<Table>>,
}

impl Sessions {
    pub(super) fn find(&self, token: &str) -> Option<Session> {
        self.0.lock().get(token).cloned()
    }

    /// Gives a session a token of its own; `None` if the system has no random numbers to give.
    pub(super) fn add(&self, session: Session) -> Option<(String, SessionGuard)> {
        let mut bytes = [0; TOKEN];
        getrandom::fill(&mut bytes).ok()?;
        let token = BASE64URL_NOPAD.encode(&bytes);
        self.0.lock().insert(token.clone(), session);
        let guard = SessionGuard {
            token: token.clone(),
            table: Arc::clone(&self.0),
        };
        Some((token, guard))
    }
}

impl Drop for SessionGuard {
    fn drop(&mut self) {
        self.table.lock().remove(&self.token);
    }
}
