//! One connection of a client: it joins, receives events, and sends commands.

use std::time::Duration;

use harness::{Frame, Received, Socket};
use islands_core::Command;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until, timeout};

use super::{OpenCommand, Participant, Sending, VisitEnd};
use crate::cut::Cut;
use crate::wire::{self, PATIENCE, plain, plain_view, told};

/// Maximum milliseconds that a client thinks before it acts.
const THINKS_MS: u64 = 150;

/// While cutting is on, one frame in this many is sent with a [`Cut`].
const CUTS: u32 = 4;

/// A client with nothing to do requests a view one time in this many.
const LOOKS: u32 = 30;

/// The close code of a server that is going down: Service Restart.
const COME_BACK: u16 = 1012;

/// Refusals after which a command may be repeated as it is.
const FOR_NOW: [&str; 3] = ["busy", "timeout", "journal_unavailable"];

/// Refusals that a well-behaved client never gets.
const NEVER: [&str; 6] = [
    "quarantined",
    "no_such_game",
    "unauthorized",
    "not_a_player",
    "bad_payload",
    "unknown event",
];

impl Participant {
    pub(super) async fn visit(&mut self, mut socket: Socket) -> VisitEnd {
        let topic = self.role.topic();
        match wire::join(&mut socket, &topic, self.role.seat.as_deref()).await {
            Some(Ok(joined)) => {
                let (seq, view, next) = plain_view(joined);
                self.notes.began(seq, &view);
                self.game_model.look(&view, &next);
            }
            Some(Err(refusal)) => {
                self.wonder_at(&refusal);
                return VisitEnd::Gone;
            }
            None => return VisitEnd::Gone,
        }
        let mut act_at = Some(self.thought());
        let mut is_ending = false;
        loop {
            if self.may_leave() {
                return self.leave(socket).await;
            }
            let sending = self.open.as_ref().and_then(|open| open.sending.as_ref());
            let answer_by = sending.map(|sending| sending.until);
            tokio::select! {
                heard = socket.receive() => {
                    match heard {
                        Received::Frame(frame) => self.take_in(frame),
                        Received::End(code) => {
                            self.ended(code);
                            return VisitEnd::Gone;
                        }
                    }
                    if act_at.is_none() {
                        act_at = Some(self.thought());
                    }
                }
                () = at(act_at) => {
                    act_at = None;
                    match self.act(socket).await {
                        Some(still_open) => socket = still_open,
                        None => return VisitEnd::Gone,
                    }
                }
                () = self.world.ending(), if !is_ending => is_ending = true,
                () = at(answer_by) => {
                    self.trouble("a command was not answered on an open connection");
                    return VisitEnd::Gone;
                }
            }
        }
    }

    fn thought(&mut self) -> Instant {
        Instant::now() + Duration::from_millis(self.chance.u64(..THINKS_MS))
    }

    /// Returns whether there is nothing more to do and to see.
    fn may_leave(&self) -> bool {
        let waits = self
            .role
            .computer
            .is_some_and(|it| self.game_model.waits_for(it));
        let is_finished = self.game_model.is_done() || (self.world.is_ending() && !waits);
        self.open.is_none() && is_finished
    }

    /// Requests a last view once no player will send anything more.
    async fn leave(&mut self, mut socket: Socket) -> VisitEnd {
        if !self.is_quiet && self.role.seat.is_some() {
            self.is_quiet = true;
            self.quiet.add();
        }
        if !self.game_model.is_done() {
            self.quiet.all().await;
        }
        let looking = wire::send(&mut socket, &self.role.topic(), "view", &json!({})).await;
        let Some(looking) = looking else {
            return VisitEnd::Gone;
        };
        loop {
            match socket.receive().await {
                Received::Frame(frame) if frame.answers(&looking) => match frame.into_response() {
                    Ok(seen) => {
                        let (seq, view, _) = plain_view(seen);
                        self.notes.viewed_last(seq, &view);
                        return VisitEnd::Left;
                    }
                    refused => self.looked(refused),
                },
                Received::Frame(frame) => self.take_in(frame),
                Received::End(code) => {
                    self.ended(code);
                    return VisitEnd::Gone;
                }
            }
        }
    }

    /// Records a frame, and updates the model of the game by it.
    fn take_in(&mut self, frame: Frame) {
        if frame.event != "phx_reply" {
            return self.hear(&frame.event, frame.payload);
        }
        match self.sending(&frame) {
            Some(sending) => self.answered(sending, frame.into_response()),
            None => self.looked(frame.into_response()),
        }
    }

    fn hear(&mut self, event: &str, payload: Value) {
        if payload.get("seq").is_none() {
            if ["game_unavailable", "phx_error", "phx_close"].contains(&event) {
                self.trouble(&format!("{event} {payload}"));
            }
            return;
        }
        let (seq, content, seat) = plain(payload);
        self.notes.saw(seq, event, &content);
        self.game_model.hear(event, &content, seat);
    }

    fn looked(&mut self, response: Result<Value, Value>) {
        match response {
            Ok(seen) => {
                let (seq, view, _) = plain_view(seen);
                self.notes.viewed(seq, &view);
            }
            Err(refusal) => self.wonder_at(&refusal),
        }
    }

    /// Takes the attempt of the open command, if this is its reply.
    fn sending(&mut self, reply: &Frame) -> Option<Sending> {
        let sending = &mut self.open.as_mut()?.sending;
        sending.take_if(|sending| reply.answers(&sending.reference))
    }

    fn answered(&mut self, sending: Sending, response: Result<Value, Value>) {
        match response {
            Ok(accepted) => {
                let (seq, reply, _) = plain(accepted);
                sending.sent.accepted(seq, &reply);
                self.world.was_acknowledged();
                self.open = None;
            }
            Err(refusal) => {
                let reason = refusal["reason"].as_str().unwrap_or_default();
                sending.sent.refused(reason);
                self.wonder_at(&refusal);
                if !FOR_NOW.contains(&reason) {
                    self.open = None;
                }
            }
        }
    }

    /// Sends the next frame, if there is one. Returns the socket, unless the
    /// connection was cut or is gone.
    async fn act(&mut self, mut socket: Socket) -> Option<Socket> {
        if self.open.is_none() && !self.world.is_ending() {
            let command = self.game_model.command(&mut self.chance);
            self.open = command.map(|command| self.begin(command));
        }
        let (event, payload) = match &self.open {
            Some(open) if open.sending.is_none() => told(&open.command, &open.id),
            None if self.chance.u32(..LOOKS) == 0 => ("view", json!({})),
            Some(_) | None => return Some(socket),
        };
        let (reference, text) = socket.frame(&self.role.topic(), event, &payload);
        if let Some(open) = &mut self.open {
            open.sending = Some(Sending {
                reference,
                sent: self.notes.send(Some(&open.id), &open.command),
                until: Instant::now() + PATIENCE,
                _under_way: self.world.command_under_way(),
            });
        }
        if self.world.is_cutting() && self.chance.u32(..CUTS) == 0 {
            let cut = Cut::ALL[self.chance.usize(..Cut::ALL.len())];
            cut.make(socket.into_stream(), &text, &self.world).await;
            return None;
        }
        let sent = timeout(PATIENCE, socket.send_text(text)).await;
        sent.ok()?.ok()?;
        Some(socket)
    }

    fn begin(&mut self, command: Command) -> OpenCommand {
        self.commands += 1;
        OpenCommand {
            id: format!("c{}", self.commands),
            command,
            sending: None,
        }
    }

    /// Judges an end of the connection that the client did not cause.
    fn ended(&self, code: Option<u16>) {
        match code {
            Some(COME_BACK) if self.world.is_draining() => self.world.was_sent_elsewhere(),
            None if self.world.is_draining() => {
                self.trouble("a server that was told to go down hung up without a word");
            }
            None => {}
            Some(code) => self.trouble(&format!("the server closed with {code}")),
        }
    }

    fn wonder_at(&self, refusal: &Value) {
        let reason = refusal["reason"].as_str().unwrap_or_default();
        if NEVER.contains(&reason) {
            self.trouble(&refusal.to_string());
        }
    }

    fn trouble(&self, what: &str) {
        let (game, viewer) = (self.role.game, self.role.viewer);
        self.world
            .trouble(format!("game {game}, {viewer:?}: {what}"));
    }
}

/// Waits until this time; for ever if it is `None`.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
