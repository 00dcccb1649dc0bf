//! One connection of a client: it joins, receives events, and sends commands.

use std::time::Duration;

use harness::{Frame, Received, Socket};
use islands_core::Command;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until, timeout};

use super::{Attempt, ConnectionEnd, OpenCommand, Participant};
use crate::cut::Cut;
use crate::wire::{self, PATIENCE, event_and_payload, split_message, split_view};

/// Maximum milliseconds that a client thinks before it acts.
const MAX_THINK_MS: u64 = 150;

/// While cutting is on, one frame in this many is sent with a [`Cut`].
const ONE_IN_CUT: u32 = 4;

/// A client with nothing to do requests a view one time in this many.
const ONE_IN_VIEW: u32 = 30;

/// The close code of a server that is going down: Service Restart.
const SERVICE_RESTART: u16 = 1012;

/// Refusals after which a command may be repeated as it is.
const RETRYABLE: [&str; 3] = ["busy", "timeout", "journal_unavailable"];

/// Refusals that a well-behaved client never gets.
const UNEXPECTED: [&str; 6] = [
    "quarantined",
    "no_such_game",
    "unauthorized",
    "not_a_player",
    "bad_payload",
    "unknown event",
];

impl Participant {
    pub(super) async fn run_connection(&mut self, mut socket: Socket) -> ConnectionEnd {
        let topic = self.role.topic();
        match wire::join(&mut socket, &topic, self.role.seat.as_deref()).await {
            Some(Ok(joined)) => {
                let (seq, view, next) = split_view(joined);
                self.recorder.began(seq, &view);
                self.game_model.reset(&view, &next);
            }
            Some(Err(refusal)) => {
                self.check_refusal(&refusal);
                return ConnectionEnd::Gone;
            }
            None => return ConnectionEnd::Gone,
        }
        let mut act_at = Some(self.next_action_time());
        let mut is_ending = false;
        loop {
            if self.may_leave() {
                return self.leave(socket).await;
            }
            let attempt = self.open.as_ref().and_then(|open| open.attempt.as_ref());
            let answer_by = attempt.map(|attempt| attempt.until);
            tokio::select! {
                received = socket.receive() => {
                    match received {
                        Received::Frame(frame) => self.handle_frame(frame),
                        Received::End(code) => {
                            self.check_close(code);
                            return ConnectionEnd::Gone;
                        }
                    }
                    if act_at.is_none() {
                        act_at = Some(self.next_action_time());
                    }
                }
                () = sleep_until_some(act_at) => {
                    act_at = None;
                    match self.act(socket).await {
                        Some(still_open) => socket = still_open,
                        None => return ConnectionEnd::Gone,
                    }
                }
                () = self.shared.ending(), if !is_ending => is_ending = true,
                () = sleep_until_some(answer_by) => {
                    self.report_failure("a command was not answered on an open connection");
                    return ConnectionEnd::Gone;
                }
            }
        }
    }

    fn next_action_time(&mut self) -> Instant {
        Instant::now() + Duration::from_millis(self.rng.u64(..MAX_THINK_MS))
    }

    /// Returns whether there is nothing more to do and to see.
    fn may_leave(&self) -> bool {
        let waits = self
            .role
            .computer
            .is_some_and(|it| self.game_model.waits_for(it));
        let is_finished = self.game_model.is_done() || (self.shared.is_ending() && !waits);
        self.open.is_none() && is_finished
    }

    /// Requests a last view once no player will send anything more.
    async fn leave(&mut self, mut socket: Socket) -> ConnectionEnd {
        if !self.has_finished && self.role.seat.is_some() {
            self.has_finished = true;
            self.finished.add();
        }
        if !self.game_model.is_done() {
            self.finished.all().await;
        }
        let view_ref = wire::send(&mut socket, &self.role.topic(), "view", &json!({})).await;
        let Some(view_ref) = view_ref else {
            return ConnectionEnd::Gone;
        };
        loop {
            match socket.receive().await {
                Received::Frame(frame) if frame.is_reply_to(&view_ref) => {
                    match frame.into_response() {
                        Ok(response) => {
                            let (seq, view, _) = split_view(response);
                            self.recorder.viewed_last(seq, &view);
                            return ConnectionEnd::Left;
                        }
                        refused => self.handle_view_reply(refused),
                    }
                }
                Received::Frame(frame) => self.handle_frame(frame),
                Received::End(code) => {
                    self.check_close(code);
                    return ConnectionEnd::Gone;
                }
            }
        }
    }

    /// Records a frame, and updates the model of the game by it.
    fn handle_frame(&mut self, frame: Frame) {
        if frame.event != "phx_reply" {
            return self.handle_push(&frame.event, frame.payload);
        }
        match self.take_attempt(&frame) {
            Some(attempt) => self.handle_command_reply(attempt, frame.into_response()),
            None => self.handle_view_reply(frame.into_response()),
        }
    }

    fn handle_push(&mut self, event: &str, payload: Value) {
        if payload.get("seq").is_none() {
            if ["game_unavailable", "phx_error", "phx_close"].contains(&event) {
                self.report_failure(&format!("{event} {payload}"));
            }
            return;
        }
        let (seq, content, seat) = split_message(payload);
        self.recorder.saw(seq, event, &content);
        self.game_model.apply(event, &content, seat);
    }

    fn handle_view_reply(&mut self, response: Result<Value, Value>) {
        match response {
            Ok(response) => {
                let (seq, view, _) = split_view(response);
                self.recorder.viewed(seq, &view);
            }
            Err(refusal) => self.check_refusal(&refusal),
        }
    }

    /// Takes the attempt of the open command, if this is its reply.
    fn take_attempt(&mut self, reply: &Frame) -> Option<Attempt> {
        let attempt = &mut self.open.as_mut()?.attempt;
        attempt.take_if(|attempt| reply.is_reply_to(&attempt.reference))
    }

    fn handle_command_reply(&mut self, attempt: Attempt, response: Result<Value, Value>) {
        match response {
            Ok(accepted) => {
                let (seq, reply, _) = split_message(accepted);
                attempt.sent.accepted(seq, &reply);
                self.shared.count_acknowledged();
                self.open = None;
            }
            Err(refusal) => {
                let reason = refusal["reason"].as_str().unwrap_or_default();
                attempt.sent.refused(reason);
                self.check_refusal(&refusal);
                if !RETRYABLE.contains(&reason) {
                    self.open = None;
                }
            }
        }
    }

    /// Sends the next frame, if there is one. Returns the socket, unless the
    /// connection was cut or is gone.
    async fn act(&mut self, mut socket: Socket) -> Option<Socket> {
        if self.open.is_none() && !self.shared.is_ending() {
            let command = self.game_model.command(&mut self.rng);
            self.open = command.map(|command| self.begin(command));
        }
        let (event, payload) = match &self.open {
            Some(open) if open.attempt.is_none() => event_and_payload(&open.command, &open.id),
            None if self.rng.u32(..ONE_IN_VIEW) == 0 => ("view", json!({})),
            Some(_) | None => return Some(socket),
        };
        let (reference, text) = socket.frame(&self.role.topic(), event, &payload);
        if let Some(open) = &mut self.open {
            open.attempt = Some(Attempt {
                reference,
                sent: self.recorder.send(Some(&open.id), &open.command),
                until: Instant::now() + PATIENCE,
                _under_way: self.shared.count_under_way(),
            });
        }
        if self.shared.is_cutting() && self.rng.u32(..ONE_IN_CUT) == 0 {
            let cut = Cut::ALL[self.rng.usize(..Cut::ALL.len())];
            cut.make(socket.into_stream(), &text, &self.shared).await;
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
            attempt: None,
        }
    }

    /// Judges an end of the connection that the client did not cause.
    fn check_close(&self, code: Option<u16>) {
        match code {
            Some(SERVICE_RESTART) if self.shared.is_draining() => self.shared.count_close_1012(),
            None if self.shared.is_draining() => {
                self.report_failure("a draining server ended the connection without a close frame");
            }
            None => {}
            Some(code) => self.report_failure(&format!("the server closed with {code}")),
        }
    }

    fn check_refusal(&self, refusal: &Value) {
        let reason = refusal["reason"].as_str().unwrap_or_default();
        if UNEXPECTED.contains(&reason) {
            self.report_failure(&refusal.to_string());
        }
    }

    fn report_failure(&self, what: &str) {
        let (game, viewer) = (self.role.game, self.role.viewer);
        self.shared
            .report_failure(format!("game {game}, {viewer:?}: {what}"));
    }
}

/// Waits until this time; for ever if it is `None`.
async fn sleep_until_some(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
