//! Records what actors send each other while a step of a walk runs.
//!
//! The messages come from `tracing`, so a drawing shows what ran:
//!
//! - An event with the fields `from` and `to` is a message; its text is the label.
//! - The product's span `command` is a message from the player `by` to the game, and its end the
//!   answer. The command's id is the label, so a walk chooses readable ids.
//! - The product's span `append` is a message from the game to the journal and the answer.
//! - A crash of a game is a message from the game to its supervisor, a quarantine something that
//!   the supervisor does. The span `recover` is a start by the supervisor, after which the game
//!   loads its log.
//!
//! Times are those of tokio's clock, which a walk pauses. The recorder belongs to the thread, so
//! everything has to run on it: use a current-thread runtime.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};
use walk::Sequence;

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The time since the recording began.
    pub at: Duration,
    /// The sender.
    pub from: String,
    /// The receiver.
    pub to: String,
    /// What was sent.
    pub label: String,
}

/// Records from its start until it is dropped.
pub struct Recorder {
    sent: Arc<Mutex<Vec<Sent>>>,
    _guard: DefaultGuard,
}

impl Recorder {
    /// Starts to record what happens on this thread. Call it within a runtime.
    pub fn start() -> Recorder {
        let sent = Arc::default();
        let recording = Recording {
            began: Instant::now(),
            sent: Arc::clone(&sent),
        };
        Recorder {
            sent,
            _guard: tracing::subscriber::set_default(Registry::default().with(recording)),
        }
    }

    /// Records nothing until the returned guard is dropped.
    pub fn pause(&self) -> DefaultGuard {
        tracing::subscriber::set_default(tracing::subscriber::NoSubscriber::default())
    }

    /// Returns the messages so far, in order.
    pub fn sent(&self) -> Vec<Sent> {
        lock(&self.sent).clone()
    }

    /// Returns the messages between these participants as a sequence.
    pub fn sequence(&self, participants: &[&str]) -> Sequence {
        let mut sequence = Sequence::new(participants);
        for Sent {
            at,
            from,
            to,
            label,
        } in self.sent()
        {
            sequence.message(at, &from, &to, &label);
        }
        sequence
    }
}

/// Records a message.
pub fn message(from: &str, to: &str, label: &str) {
    tracing::debug!(from, to, "{label}");
}

fn lock(sent: &Mutex<Vec<Sent>>) -> MutexGuard<'_, Vec<Sent>> {
    sent.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Recording {
    began: Instant,
    sent: Arc<Mutex<Vec<Sent>>>,
}

/// The answer to a span, sent when it ends.
struct Answer {
    from: String,
    to: String,
    label: &'static str,
}

impl Recording {
    fn add(&self, from: &str, to: &str, label: &str) {
        lock(&self.sent).push(Sent {
            at: self.began.elapsed(),
            from: from.to_owned(),
            to: to.to_owned(),
            label: label.to_owned(),
        });
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recording {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let message = fields.get("message").unwrap_or_default();
        match (fields.get("from"), fields.get("to"), message) {
            (Some(from), Some(to), label) => self.add(from, to, label),
            (.., "a game has crashed") => self.add("game", "supervisor", "crash"),
            (.., "a game is quarantined") => self.add("supervisor", "supervisor", "quarantine"),
            _ => {}
        }
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let (from, to, label, answer) = match attributes.metadata().name() {
            "command" => {
                let by = fields.get("by").unwrap_or_default();
                (player(by), "game", fields.get("id").unwrap_or_default(), "")
            }
            "append" => ("game", "journal", "append", "stored"),
            "recover" => {
                self.add("supervisor", "game", "start");
                ("game", "journal", "load", "log")
            }
            _ => return,
        };
        self.add(from, to, label);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Answer {
                from: to.to_owned(),
                to: from.to_owned(),
                label: answer,
            });
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(Answer { from, to, label }) = span.extensions().get()
        {
            self.add(from, to, label);
        }
    }
}

/// The walks' names of the players.
fn player(by: &str) -> &str {
    match by {
        "player1" => "Ada",
        "player2" => "Bob",
        other => other,
    }
}

/// The fields of an event or a span, as text.
#[derive(Default)]
struct Fields(Vec<(&'static str, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(field, _)| *field == name)?;
        Some(value)
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn messages_are_recorded_with_the_time_of_the_runtime() {
        let recorder = Recorder::start();
        message("Ada", "game", "guess");
        sleep(Duration::from_millis(200)).await;
        let span = tracing::debug_span!("append");
        drop(span);
        let sent = recorder.sent();
        let texts: Vec<_> = sent
            .iter()
            .map(|it| format!("{} {} {} {}", it.at.as_millis(), it.from, it.to, it.label))
            .collect();
        let expected = [
            "0 Ada game guess",
            "200 game journal append",
            "200 journal game stored",
        ];
        assert_eq!(texts, expected);
    }
}
