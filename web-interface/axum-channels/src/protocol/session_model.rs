//! The session against a model, over frames that no test's author would think of.

use std::collections::{HashMap, HashSet};

use super::{Effect, Frame, JoinAnswer, Limits, MemberId, Pattern, Serializer, Session};
use crate::{outcome::Outcome, payload::Payload};

/// Frames in each test.
const FRAMES: usize = 5_000;

/// Numbers that look random and are the same in every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // Knuth's multiplier for a linear congruential generator modulo 2^64; the high bits count.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % bound
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn frame(&mut self, reference: usize) -> Sent {
        Sent {
            join_ref: self.pick(&[None, Some(1), Some(2), Some(3)]),
            reference,
            topic: self.pick(&["t:a", "t:b", "other"]),
            event: self.pick(&["phx_join", "phx_leave", "e", "e"]),
        }
    }
}

/// A frame that the client sends.
#[derive(Clone, Copy, Debug)]
struct Sent {
    join_ref: Option<usize>,
    reference: usize,
    topic: &'static str,
    event: &'static str,
}

impl Sent {
    fn frame(self) -> Frame {
        let Self {
            join_ref,
            reference,
            topic,
            event,
        } = self;
        let text = format!(
            r#"[{},{reference},"{topic}","{event}",{{}}]"#,
            show(join_ref)
        );
        Serializer::V2.decode(&text, 9).unwrap()
    }
}

fn show(reference: Option<usize>) -> String {
    reference.map_or("null".to_owned(), |reference| reference.to_string())
}

fn session() -> Session {
    let limits = Limits {
        channels: 8,
        waiting: 8,
        waiting_bytes: 10_000,
    };
    Session::new(Serializer::V2, limits, [Pattern::new("t:*")].into())
}

fn accepted() -> JoinAnswer {
    JoinAnswer::Accepted(Payload::new(&()).unwrap().into())
}

/// The rules for a server that does everything at once: which topic is joined, and with which
/// reference.
#[derive(Default)]
struct Model(HashMap<&'static str, Option<usize>>);

impl Model {
    fn answers(&mut self, sent: Sent) -> Vec<String> {
        let Sent {
            join_ref,
            reference,
            topic,
            event,
        } = sent;
        let reply = |join_ref, answer: &str| {
            format!(
                r#"[{},{reference},"{topic}","phx_reply",{answer}]"#,
                show(join_ref)
            )
        };
        let close = |old| format!(r#"[{0},{0},"{topic}","phx_close",{{}}]"#, show(old));
        let ok = r#"{"status":"ok","response":{}}"#;
        let unmatched = r#"{"status":"error","response":{"reason":"unmatched topic"}}"#;
        let current = self.0.get(topic).copied();
        let stale = current.is_some_and(|current| join_ref.is_some() && join_ref != current);
        match (event, current) {
            ("phx_join", _) if topic == "other" => vec![reply(None, unmatched)],
            ("phx_join", old) => {
                self.0.insert(topic, join_ref);
                std::iter::once(reply(join_ref, ok))
                    .chain(old.map(close))
                    .collect()
            }
            _ if stale => vec![],
            ("phx_leave", Some(current)) => {
                self.0.remove(topic);
                vec![reply(current, ok), close(current)]
            }
            ("phx_leave", None) => vec![reply(join_ref, ok)],
            (_, Some(current)) => vec![reply(current, ok)],
            (_, None) => vec![reply(None, unmatched)],
        }
    }
}

#[test]
fn a_server_that_answers_at_once_does_as_the_model_does() {
    let mut random = Random(1);
    let mut session = session();
    let mut model = Model::default();
    for reference in 0..FRAMES {
        let sent = random.frame(reference);
        session.receive(sent.frame());
        let mut answers = Vec::new();
        while let Some(effect) = session.next_effect() {
            match effect {
                Effect::Send(frame) => answers.push(frame.into_text().unwrap().to_string()),
                Effect::Join { member, .. } => session.join_finished(member, &accepted()),
                Effect::Handle { member, .. } => {
                    session.handled(member, &Outcome::ok(&()));
                }
                _ => {}
            }
        }
        assert_eq!(answers, model.answers(sent), "{sent:?}");
    }
}

/// What the socket knows of its members.
#[derive(Default)]
struct Members {
    joining: HashSet<MemberId>,
    idle: HashSet<MemberId>,
    busy: HashSet<MemberId>,
    replied: HashSet<String>,
}

impl Members {
    /// Holds an effect to the life that a member may lead.
    fn check(&mut self, effect: Effect) {
        match effect {
            Effect::Join { member, .. } => assert!(self.joining.insert(member)),
            Effect::Open(member) => assert!(self.idle.contains(&member)),
            Effect::Handle { member, .. } => {
                assert!(self.idle.remove(&member) && self.busy.insert(member));
            }
            Effect::Silence(member) | Effect::Release(member) => {
                assert!(self.idle.contains(&member) || self.busy.contains(&member));
            }
            Effect::Terminate(member, _) | Effect::Forget(member) => {
                assert!(self.idle.remove(&member) || self.busy.remove(&member));
            }
            Effect::Send(frame) => {
                let Frame {
                    event, reference, ..
                } = Serializer::V2.decode(frame.to_text().unwrap(), 9).unwrap();
                let first = event != "phx_reply" || self.replied.insert(reference.to_string());
                assert!(first, "a second reply to {reference}");
            }
        }
        let members = self.joining.len() + self.idle.len() + self.busy.len();
        assert!(members <= 2, "one member for each topic that can be joined");
    }
}

#[test]
fn whenever_callbacks_end_members_live_once_and_events_are_answered_once() {
    let mut random = Random(2);
    let mut session = session();
    let mut members = Members::default();
    for reference in 0..FRAMES {
        let mut running: Vec<_> = members.joining.union(&members.busy).copied().collect();
        running.sort_unstable_by_key(|member| member.0);
        if running.is_empty() || random.below(3) > 0 {
            session.receive(random.frame(reference).frame());
        } else {
            let member = random.pick(&running);
            members.idle.insert(member);
            if members.joining.remove(&member) {
                let refused = JoinAnswer::Refused(Payload::new(&()).unwrap().into());
                let answer = if random.below(4) == 0 {
                    refused
                } else {
                    accepted()
                };
                session.join_finished(member, &answer);
            } else {
                members.busy.remove(&member);
                let outcome = random.pick(&[Outcome::none, Outcome::stop, Outcome::fail])();
                session.handled(member, &outcome);
            }
        }
        while let Some(effect) = session.next_effect() {
            members.check(effect);
        }
    }
}
