//! Tests of the session: which effects it returns, and in which order.

use serde_json::json;

use super::{
    ChannelId, Effect, EndReason, JoinOutcome, Limits, NextStep, Pattern, Reply, Serializer,
    Session, payload::Payload,
};

fn session() -> Session {
    let limits = Limits {
        channels: 8,
        waiting: 8,
        waiting_bytes: 10_000,
    };
    Session::new(Serializer::V2, limits, [Pattern::new("t:*")].into())
}

fn accepted() -> JoinOutcome {
    JoinOutcome::Accepted(Payload::new(&()).unwrap().into())
}

fn ok() -> Reply {
    Reply {
        status: "ok".into(),
        response: Payload::new(&()).unwrap().into(),
    }
}

fn refused() -> JoinOutcome {
    JoinOutcome::Refused(Payload::new(&json!({ "reason": "no" })).unwrap().into())
}

fn write(effect: &Effect) -> String {
    match effect {
        Effect::Send(frame) => format!("< {}", frame.as_text().unwrap()),
        Effect::Join { id, topic, .. } => format!("! join {} {topic}", id.0),
        Effect::StartDelivery(id) => format!("! start delivery {}", id.0),
        Effect::Handle { id, event, .. } => format!("! handle {} {event}", id.0),
        Effect::ReleaseReply(id) => format!("! release reply {}", id.0),
        Effect::Unsubscribe(id) => format!("! unsubscribe {}", id.0),
        Effect::Terminate(id, reason) => format!("! terminate {} {reason:?}", id.0),
        Effect::Discard(id) => format!("! discard {}", id.0),
    }
}

/// Plays a script. `>` is a frame from the client and `=` the end of a channel's callback. The lines
/// after it are all its effects: `<` for frames to the client, `!` for the others.
#[track_caller]
fn check(script: &str) {
    let mut session = session();
    for line in script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (kind, rest) = line.split_at(2);
        if kind == "> " || kind == "= " {
            assert!(
                session.next_effect().is_none(),
                "more happens before {line}"
            );
        }
        if kind == "> " {
            session.receive(Serializer::V2.decode(rest, 9).unwrap());
        } else if kind == "= " {
            let (id, what) = rest.split_once(' ').unwrap();
            let id = ChannelId(id.parse().unwrap());
            match what {
                "joined" => session.join_finished(id, &accepted()),
                "refused" => session.join_finished(id, &refused()),
                "handled" => session.handler_finished(id, Some(&ok()), NextStep::Continue),
                "failed" => session.channel_ended(id, EndReason::Failed),
                _ => panic!("unknown: {line}"),
            }
        } else {
            assert_eq!(
                session.next_effect().as_ref().map(write).as_deref(),
                Some(line)
            );
        }
    }
    assert!(session.next_effect().is_none(), "more happens at the end");
}

#[test]
fn delivery_starts_after_the_join_reply() {
    check(
        r#"
        > ["1","1","t:a","phx_join",{}]
        ! join 1 t:a
        = 1 joined
        < ["1","1","t:a","phx_reply",{"status":"ok","response":{}}]
        ! start delivery 1
        "#,
    );
}

#[test]
fn a_leave_unsubscribes_replies_closes_and_terminates_in_this_order() {
    check(
        r#"
        > ["1","1","t:a","phx_join",{}]
        ! join 1 t:a
        = 1 joined
        < ["1","1","t:a","phx_reply",{"status":"ok","response":{}}]
        ! start delivery 1
        > ["1","2","t:a","phx_leave",{}]
        ! unsubscribe 1
        < ["1","2","t:a","phx_reply",{"status":"ok","response":{}}]
        < ["1","1","t:a","phx_close",{}]
        ! terminate 1 Left
        "#,
    );
}

#[test]
fn a_second_join_discards_the_first_channel_and_its_waiting_events() {
    check(
        r#"
        > ["1","1","t:a","phx_join",{}]
        ! join 1 t:a
        = 1 joined
        < ["1","1","t:a","phx_reply",{"status":"ok","response":{}}]
        ! start delivery 1
        > ["1","2","t:a","e",{}]
        ! handle 1 e
        > ["1","3","t:a","e",{}]
        > ["4","4","t:a","phx_join",{}]
        ! discard 1
        ! join 2 t:a
        = 1 handled
        = 2 joined
        < ["4","4","t:a","phx_reply",{"status":"ok","response":{}}]
        < ["1","1","t:a","phx_close",{}]
        ! start delivery 2
        "#,
    );
}

#[test]
fn frames_behind_a_waiting_join_go_to_the_new_channel() {
    check(
        r#"
        > ["1","1","t:a","phx_join",{}]
        ! join 1 t:a
        > ["2","2","t:a","phx_join",{}]
        > ["2","3","t:a","e",{}]
        = 1 joined
        < ["1","1","t:a","phx_reply",{"status":"ok","response":{}}]
        ! start delivery 1
        ! discard 1
        ! join 2 t:a
        = 2 joined
        < ["2","2","t:a","phx_reply",{"status":"ok","response":{}}]
        < ["1","1","t:a","phx_close",{}]
        ! start delivery 2
        ! handle 2 e
        = 2 handled
        < ["2","3","t:a","phx_reply",{"status":"ok","response":{}}]
        "#,
    );
}

#[test]
fn a_waiting_leave_is_answered_before_a_second_join() {
    check(
        r#"
        > ["1","1","t:a","phx_join",{}]
        ! join 1 t:a
        = 1 joined
        < ["1","1","t:a","phx_reply",{"status":"ok","response":{}}]
        ! start delivery 1
        > ["1","2","t:a","e",{}]
        ! handle 1 e
        > [null,"3","t:a","phx_leave",{}]
        ! release reply 1
        > ["4","4","t:a","phx_join",{}]
        ! unsubscribe 1
        < ["1","3","t:a","phx_reply",{"status":"ok","response":{}}]
        < ["1","1","t:a","phx_close",{}]
        ! terminate 1 Left
        ! join 2 t:a
        "#,
    );
}

#[test]
fn a_leave_behind_a_handler_releases_its_reply() {
    check(
        r#"
        > ["1","1","t:a","phx_join",{}]
        ! join 1 t:a
        = 1 joined
        < ["1","1","t:a","phx_reply",{"status":"ok","response":{}}]
        ! start delivery 1
        > ["1","2","t:a","e",{}]
        ! handle 1 e
        > ["1","3","t:a","phx_leave",{}]
        ! release reply 1
        = 1 handled
        < ["1","2","t:a","phx_reply",{"status":"ok","response":{}}]
        ! unsubscribe 1
        < ["1","3","t:a","phx_reply",{"status":"ok","response":{}}]
        < ["1","1","t:a","phx_close",{}]
        ! terminate 1 Left
        "#,
    );
}

#[test]
fn frames_that_waited_for_a_failed_channel_are_answered() {
    check(
        r#"
        > ["1","1","t:a","phx_join",{}]
        ! join 1 t:a
        = 1 joined
        < ["1","1","t:a","phx_reply",{"status":"ok","response":{}}]
        ! start delivery 1
        > ["1","2","t:a","e",{}]
        ! handle 1 e
        > ["1","3","t:a","e",{}]
        = 1 failed
        ! unsubscribe 1
        < ["1","1","t:a","phx_error",{"reason":"channel_crash"}]
        ! terminate 1 Failed
        < [null,"3","t:a","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]
        "#,
    );
}

#[test]
fn a_full_queue_accepts_one_leave_for_each_waiting_join() {
    check(
        r#"
        > ["1","1","t:a","phx_join",{}]
        ! join 1 t:a
        > ["1","2","t:a","e",{}]
        > ["1","3","t:a","e",{}]
        > ["1","4","t:a","e",{}]
        > ["1","5","t:a","e",{}]
        > ["1","6","t:a","e",{}]
        > ["1","7","t:a","e",{}]
        > ["0","8","t:a","phx_leave",{}]
        > ["2","9","t:a","phx_join",{}]
        > ["1","10","t:a","phx_leave",{}]
        < ["1","10","t:a","phx_reply",{"status":"error","response":{"reason":"busy"}}]
        > ["2","11","t:a","phx_leave",{}]
        > ["2","12","t:a","phx_leave",{}]
        < ["2","12","t:a","phx_reply",{"status":"error","response":{"reason":"busy"}}]
        "#,
    );
}
