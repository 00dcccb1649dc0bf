//! Fuzz tests of the session, against a model of the dispatch rules and of a channel's lifecycle.

use std::collections::{HashMap, HashSet};

use super::{
    ChannelId, Effect, Frame, JoinOutcome, Limits, NextStep, Pattern, Reply, Serializer, Session,
    fuzz::{Random, rounds},
    payload::Payload,
};

/// Sockets in each test, unless `FUZZ_SECONDS` is set.
const SOCKETS: usize = 50;

/// Frames that a socket receives.
const FRAMES: usize = 200;

/// Maximum topics joined at a time, of the three that exist.
const CHANNELS: usize = 2;

/// A frame that the client sends.
#[derive(Clone, Copy, Debug)]
struct ClientFrame {
    join_ref: Option<usize>,
    reference: usize,
    topic: &'static str,
    event: &'static str,
}

impl ClientFrame {
    fn any(random: &mut Random, reference: usize) -> Self {
        Self {
            join_ref: random.pick(&[None, Some(1), Some(2), Some(3)]),
            reference,
            topic: random.pick(&["t:a", "t:a", "t:b", "t:b", "t:c", "other", "phoenix"]),
            event: random.pick(&["phx_join", "phx_join", "phx_leave", "e", "e", "heartbeat"]),
        }
    }

    fn frame(self) -> Frame {
        let Self {
            join_ref,
            reference,
            topic,
            event,
        } = self;
        let join_ref = show(join_ref);
        let text = format!(r#"[{join_ref},{reference},"{topic}","{event}",{{}}]"#);
        Serializer::V2.decode(&text, 9).unwrap()
    }
}

fn show(reference: Option<usize>) -> String {
    reference.map_or("null".to_owned(), |reference| reference.to_string())
}

fn session() -> Session {
    let limits = Limits {
        channels: CHANNELS,
        waiting: 8,
        waiting_bytes: 10_000,
    };
    Session::new(Serializer::V2, limits, [Pattern::new("t:*")].into())
}

/// The result of a join.
#[derive(Clone, Copy, Debug)]
enum Join {
    Accepted,
    Refused,
    Crashed,
}

impl Join {
    fn any(random: &mut Random) -> Self {
        random.pick(&[Self::Accepted, Self::Accepted, Self::Refused, Self::Crashed])
    }

    fn outcome(self) -> JoinOutcome {
        let empty = || Payload::new(&()).unwrap().into();
        match self {
            Self::Accepted => JoinOutcome::Accepted(empty()),
            Self::Refused => JoinOutcome::Refused(empty()),
            Self::Crashed => JoinOutcome::Crashed,
        }
    }
}

/// The result of an event: whether it gets a reply, and the last event if the channel then ends.
#[derive(Clone, Copy, Debug)]
struct Handled {
    reply: bool,
    end: Option<&'static str>,
}

impl Handled {
    fn any(random: &mut Random) -> Self {
        Self {
            reply: random.below(2) > 0,
            end: random.pick(&[None, None, None, Some("phx_close"), Some("phx_error")]),
        }
    }

    fn apply(self, session: &mut Session, id: ChannelId) {
        let reply = self.reply.then(|| Reply {
            status: "ok".into(),
            response: Payload::new(&()).unwrap().into(),
        });
        let next_step = match self.end {
            None => NextStep::Continue,
            Some("phx_close") => NextStep::Stop,
            Some(_) => NextStep::Fail,
        };
        session.handler_finished(id, reply.as_ref(), next_step);
    }
}

/// A model of a server whose callbacks finish immediately: the `join_ref` of each joined topic.
#[derive(Default)]
struct Model(HashMap<&'static str, Option<usize>>);

impl Model {
    /// Returns the frames sent after this one arrives, given the result of its callback.
    fn expected(&mut self, sent: ClientFrame, join: Join, handled: Handled) -> Vec<String> {
        let ClientFrame {
            join_ref,
            reference,
            topic,
            event,
        } = sent;
        let reply = |join_ref, outcome: &str| {
            let join_ref = show(join_ref);
            format!(r#"[{join_ref},{reference},"{topic}","phx_reply",{outcome}]"#)
        };
        let last = |event: &str, old| {
            let why = match event {
                "phx_error" => r#"{"reason":"channel_crash"}"#,
                _ => "{}",
            };
            format!(r#"[{0},{0},"{topic}","{event}",{why}]"#, show(old))
        };
        let ok = r#"{"status":"ok","response":{}}"#;
        let refused = r#"{"status":"error","response":{}}"#;
        let error =
            |reason: &str| format!(r#"{{"status":"error","response":{{"reason":"{reason}"}}}}"#);
        let current = self.0.get(topic).copied();
        let stale = current.is_some_and(|current| join_ref.is_some() && join_ref != current);
        match (topic, event, current) {
            ("phoenix", "heartbeat", _) => vec![reply(None, ok)],
            ("phoenix", ..) | ("other", "phx_join", _) => {
                vec![reply(None, &error("unmatched topic"))]
            }
            (_, "phx_join", None) if self.0.len() == CHANNELS => {
                vec![reply(join_ref, &error("too many channels joined"))]
            }
            (_, "phx_join", old) => {
                self.0.remove(topic);
                let outcome = match join {
                    Join::Accepted => {
                        self.0.insert(topic, join_ref);
                        ok
                    }
                    Join::Refused => refused,
                    Join::Crashed => &error("join crashed"),
                };
                let closed = old.map(|old| last("phx_close", old));
                [Some(reply(join_ref, outcome)), closed]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            _ if stale => vec![],
            (_, "phx_leave", Some(current)) => {
                self.0.remove(topic);
                vec![reply(current, ok), last("phx_close", current)]
            }
            (_, "phx_leave", None) => vec![reply(join_ref, ok)],
            (_, _, Some(current)) => {
                if handled.end.is_some() {
                    self.0.remove(topic);
                }
                let reply = handled.reply.then(|| reply(current, ok));
                let last = handled.end.map(|event| last(event, current));
                [reply, last].into_iter().flatten().collect()
            }
            (_, _, None) => vec![reply(None, &error("unmatched topic"))],
        }
    }
}

#[test]
fn a_session_whose_callbacks_finish_immediately_agrees_with_the_model() {
    rounds(1, SOCKETS, |random| {
        let mut session = session();
        let mut model = Model::default();
        for reference in 0..FRAMES {
            let sent = ClientFrame::any(random, reference);
            let (join, handled) = (Join::any(random), Handled::any(random));
            session.receive(sent.frame());
            let mut frames = Vec::new();
            while let Some(effect) = session.next_effect() {
                match effect {
                    Effect::Send(frame) => frames.push(frame.as_text().unwrap().to_owned()),
                    Effect::Join { id, .. } => session.join_finished(id, &join.outcome()),
                    Effect::Handle { id, .. } => handled.apply(&mut session, id),
                    _ => {}
                }
            }
            let expected = model.expected(sent, join, handled);
            assert_eq!(frames, expected, "{sent:?} {join:?} {handled:?}");
        }
    });
}

/// The channels of a socket, by phase, and the references that have a reply.
#[derive(Default)]
struct Channels {
    joining: HashSet<ChannelId>,
    idle: HashSet<ChannelId>,
    busy: HashSet<ChannelId>,
    replied: HashSet<String>,
}

impl Channels {
    /// Checks that a channel's lifecycle allows an effect, and moves the channel to its next phase.
    fn check(&mut self, effect: Effect) {
        match effect {
            Effect::Join { id, .. } => assert!(self.joining.insert(id)),
            Effect::StartDelivery(id) => assert!(self.idle.contains(&id)),
            Effect::Handle { id, .. } => {
                assert!(self.idle.remove(&id) && self.busy.insert(id));
            }
            Effect::Unsubscribe(id) | Effect::ReleaseReply(id) => {
                assert!(self.idle.contains(&id) || self.busy.contains(&id));
            }
            Effect::Terminate(id, _) | Effect::Discard(id) => {
                assert!(self.idle.remove(&id) || self.busy.remove(&id));
            }
            Effect::Send(frame) => {
                let Frame {
                    event, reference, ..
                } = Serializer::V2.decode(frame.as_text().unwrap(), 9).unwrap();
                let first = event != "phx_reply" || self.replied.insert(reference.to_string());
                assert!(first, "a second reply to {reference}");
            }
        }
        let channels = self.joining.len() + self.idle.len() + self.busy.len();
        assert!(
            channels <= CHANNELS,
            "one channel for each topic, within the bound"
        );
    }
}

#[test]
fn whenever_callbacks_end_channels_live_once_and_events_are_answered_once() {
    rounds(2, SOCKETS, |random| {
        let mut session = session();
        let mut channels = Channels::default();
        for reference in 0..FRAMES {
            let mut running: Vec<_> = channels.joining.union(&channels.busy).copied().collect();
            running.sort_unstable_by_key(|id| id.0);
            if running.is_empty() || random.below(3) > 0 {
                session.receive(ClientFrame::any(random, reference).frame());
            } else {
                let id = random.pick(&running);
                channels.idle.insert(id);
                if channels.joining.remove(&id) {
                    session.join_finished(id, &Join::any(random).outcome());
                } else {
                    channels.busy.remove(&id);
                    Handled::any(random).apply(&mut session, id);
                }
            }
            while let Some(effect) = session.next_effect() {
                channels.check(effect);
            }
        }
    });
}
