//! The open sessions of a mount, by their tokens.

use std::{collections::HashMap, sync::Arc};

use data_encoding::BASE64URL_NOPAD;
use parking_lot::Mutex;

use super::session::LongPollSession;

/// Random bytes in a token. The token alone opens a session, so it must be hard to guess.
const TOKEN_LEN: usize = 16;

/// The sessions of a mount. Each counts as a socket, so there are at most `Settings::max_sockets`.
#[derive(Debug, Default)]
pub(crate) struct LongPollSessions(Arc<Mutex<Table>>);

type Table = HashMap<String, LongPollSession>;

/// An RAII guard that removes its session from the table on drop.
#[derive(Debug)]
pub(super) struct LongPollSessionGuard {
    token: String,
    table: Arc<Mutex<Table>>,
}

impl LongPollSessions {
    pub(super) fn find(&self, token: &str) -> Option<LongPollSession> {
        self.0.lock().get(token).cloned()
    }

    /// Adds a session under a random token; `None` if the system has no random numbers.
    pub(super) fn add(&self, session: LongPollSession) -> Option<(String, LongPollSessionGuard)> {
        let mut bytes = [0; TOKEN_LEN];
        getrandom::fill(&mut bytes).ok()?;
        let token = BASE64URL_NOPAD.encode(&bytes);
        self.0.lock().insert(token.clone(), session);
        let guard = LongPollSessionGuard {
            token: token.clone(),
            table: Arc::clone(&self.0),
        };
        Some((token, guard))
    }
}

impl Drop for LongPollSessionGuard {
    fn drop(&mut self) {
        self.table.lock().remove(&self.token);
    }
}
