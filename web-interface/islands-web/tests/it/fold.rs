//! Folds events into a view, as a client does.

use serde_json::{Value, json};

use crate::client::Frame;

/// Returns the view after an event, which must have the next number.
#[track_caller]
pub(crate) fn fold(view: Value, frame: &Frame) -> Value {
    fold_event(view, &frame.event, &frame.payload)
}

/// As [`fold`], for an event from a list.
#[track_caller]
pub(crate) fn fold_event(mut view: Value, name: &str, event: &Value) -> Value {
    assert_eq!(event["seq"], view["seq"].as_u64().unwrap() + 1, "{event}");
    view["seq"] = event["seq"].clone();
    let player = event["player"].as_str().unwrap_or_default();
    match name {
        "player_added" => {
            let name = &event["name"];
            view["players"][player] = json!({"name": name, "islands_set": false});
            view["state"] = "players_set".into();
        }
        "island_positioned" | "islands_positioned" => {
            if let Some(islands) = event.get("islands") {
                view["board"] = islands.clone();
            }
        }
        "player_set_islands" => {
            view["players"][player]["islands_set"] = true.into();
            if view["players"][other(player)]["islands_set"] == true {
                view["state"] = "player1_turn".into();
            }
        }
        "player_guessed_coordinate" => {
            let mut guess = event.clone();
            guess
                .as_object_mut()
                .unwrap()
                .retain(|key, _| !["seq", "event", "cells"].contains(&key.as_str()));
            if let Some(island) = event["forested"].as_str() {
                view["forested"][other(player)][island] = event["cells"].clone();
            }
            view["moves"].as_array_mut().unwrap().push(guess);
            view["state"] = format!("{}_turn", other(player)).into();
        }
        "game_over" => {
            view["state"] = "game_over".into();
            view["winner"] = json!({"player": event["winner"], "reason": event["reason"]});
            view["boards"] = event["boards"].clone();
        }
        "rematch_requested" => view["rematch"].as_array_mut().unwrap().push(player.into()),
        "rematch_started" => {
            let mut next = event.clone();
            next.as_object_mut().unwrap().remove("seq");
            view["next"] = next;
        }
        other => panic!("an unknown event: {other}"),
    }
    view
}

fn other(player: &str) -> &'static str {
    match player {
        "player1" => "player2",
        "player2" => "player1",
        _ => panic!("`{player}` is no player"),
    }
}
