//! The server under test, in this process.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Parser;
use islands_engine::journal::{Journal, MemoryJournal};
use islands_engine::testing::FaultyJournal;
use islands_web::{Config, Server};
use serde_json::Value;

use crate::http::{Response, get, post};

pub(crate) struct Running {
    server: Server,
    pub(crate) address: SocketAddr,
}

impl Running {
    pub(crate) async fn start() -> Running {
        Running::with_flags(&[]).await
    }

    pub(crate) async fn with_flags(flags: &[&str]) -> Running {
        Running::with(flags, Arc::new(MemoryJournal::new())).await
    }

    pub(crate) async fn with_journal(journal: &FaultyJournal) -> Running {
        Running::with(&[], Arc::new(journal.clone())).await
    }

    pub(crate) async fn with(flags: &[&str], journal: Arc<dyn Journal>) -> Running {
        let usual = ["islands", "--listen", "127.0.0.1:0", "--journal", "memory"];
        let config = Config::parse_from(usual.iter().chain(flags));
        let server = Server::start_with(&config, journal).await.unwrap();
        let address = server.address();
        Running { server, address }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        get(self.address, path).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        post(self.address, path, &body.to_string()).await
    }

    pub(crate) async fn shut_down(self) {
        self.server.shut_down().await;
    }
}
