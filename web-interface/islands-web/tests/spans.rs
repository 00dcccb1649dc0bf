//! The spans of one command on its way through the program.
//!
//! A test binary of its own: tracing caches for the whole process whether a span is
//! enabled, and the other tests enable none.

// A test may panic on an unexpected error. This binary uses only a part of the shared
// helpers.
#![allow(clippy::unwrap_used, dead_code)]

#[path = "it/client.rs"]
mod client;
#[path = "it/http.rs"]
mod http;
#[path = "it/running.rs"]
mod running;
#[path = "it/table.rs"]
mod table;

use std::sync::Arc;

use islands_core::Player;
use parking_lot::{Mutex, MutexGuard};
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

use crate::running::Running;
use crate::table::{Table, cell_json, land};

/// A span that was opened.
#[derive(Clone, Debug)]
struct Opened {
    name: &'static str,
    fields: Vec<(&'static str, String)>,
    /// The names of the enclosing spans, the outermost first.
    within: Vec<&'static str>,
}

/// Records every span that passes the filter.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Opened>>>);

impl Recorder {
    /// Records on this thread, where the whole server runs, until the guards are
    /// dropped. The lock makes tests record one after the other.
    fn start(filter: &str) -> (Recorder, (DefaultGuard, MutexGuard<'static, ()>)) {
        static SERIAL: Mutex<()> = Mutex::new(());
        let turn = SERIAL.lock();
        let recorder = Recorder::default();
        let filter = EnvFilter::new(filter);
        let subscriber = Registry::default().with(recorder.clone().with_filter(filter));
        (recorder, (set_default(subscriber), turn))
    }

    fn opened(&self) -> Vec<Opened> {
        self.0.lock().clone()
    }
}

impl Opened {
    #[track_caller]
    fn field(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(field, _)| *field == name);
        &field.unwrap_or_else(|| panic!("no {name} in {self:?}")).1
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let span = context.span(id).unwrap();
        let around = span.scope().from_root().map(|span| span.name());
        let mut within: Vec<_> = around.collect();
        within.pop();
        self.0.lock().push(Opened {
            name: span.name(),
            fields: fields.0,
            within,
        });
    }
}

#[derive(Default)]
struct Fields(Vec<(&'static str, String)>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.into()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}

/// A table where Ada has guessed once, and the reference of her guess.
async fn guessed() -> (Running, Table, String) {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, _bob) = table.begin().await;
    let mut guess = cell_json(land(Player::Two)[0]);
    guess["id"] = "the-guess".into();
    let reference = ada.send("guess_coordinate", guess).await;
    ada.client.reply(&reference).await.unwrap();
    (server, table, reference)
}

#[tokio::test]
async fn a_command_is_followed_from_the_socket_to_the_journal() {
    let (recorder, _guard) = Recorder::start("ractor=warn,debug");
    let (_server, table, reference) = guessed().await;
    let opened = recorder.opened();
    let event = opened.iter().rfind(|span| span.name == "event").unwrap();
    assert_eq!(event.field("topic"), table.topic());
    assert_eq!(event.field("event"), "guess_coordinate");
    assert_eq!(event.field("ref"), format!("\"{reference}\""));
    let command = opened.iter().rfind(|span| span.name == "command").unwrap();
    assert_eq!(command.within, ["event"]);
    assert_eq!(command.field("game"), table.game);
    assert_eq!(command.field("id"), "the-guess");
    let append = opened.iter().rfind(|span| span.name == "append").unwrap();
    assert_eq!(append.within, ["event", "command"]);

    let join = opened.iter().find(|span| span.name == "join").unwrap();
    assert_eq!(join.field("topic"), table.topic());
}

#[tokio::test]
async fn spans_are_off_unless_enabled() {
    let (recorder, _guard) = Recorder::start("ractor=warn,info");
    guessed().await;
    let opened = recorder.opened();
    assert!(opened.is_empty(), "{opened:?}");
}
