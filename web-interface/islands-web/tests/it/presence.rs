//! Presence: the players and spectators at a table.

use std::collections::BTreeMap;

use islands_core::Player;
use serde_json::Value;

use crate::running::Running;
use crate::table::{Guest, Table};

/// Returns the number of presences under each key, from all frames that the guest has
/// received.
async fn presence(guest: &mut Guest) -> BTreeMap<String, i64> {
    guest.client.heartbeat().await;
    let mut presence = BTreeMap::new();
    let mut add = |side: &Value, by: i64| {
        for (key, entry) in side.as_object().unwrap() {
            let metas = entry["metas"].as_array().unwrap();
            for meta in metas {
                assert!(meta["phx_ref"].is_string(), "{meta}");
            }
            *presence.entry(key.clone()).or_default() += by * metas.len() as i64;
        }
    };
    let joined = guest.client.presence.iter();
    let state = joined.clone().position(|it| it.event == "presence_state");
    let (state, after) = joined.as_slice().split_at(state.unwrap() + 1);
    add(&state.last().unwrap().payload, 1);
    for diff in after {
        assert_eq!(diff.event, "presence_diff");
        add(&diff.payload["joins"], 1);
        add(&diff.payload["leaves"], -1);
    }
    presence.retain(|_, count| *count != 0);
    presence
}

fn expected(counts: &[(&str, i64)]) -> BTreeMap<String, i64> {
    let counts = counts.iter();
    counts
        .map(|(key, count)| ((*key).to_owned(), *count))
        .collect()
}

#[tokio::test]
async fn players_and_spectators_see_presence() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let mut ada = table.join_as(Player::One).await;
    assert_eq!(presence(&mut ada).await, expected(&[("player1", 1)]));
    let mut bob = table.join_as(Player::Two).await;
    let (watcher, mut other) = (
        table.join_as_spectator().await,
        table.join_as_spectator().await,
    );
    let all = expected(&[("player1", 1), ("player2", 1), ("spectators", 2)]);
    for guest in [&mut ada, &mut bob, &mut other] {
        assert_eq!(presence(guest).await, all);
    }
    let tab = table.join_as(Player::One).await;
    let all = expected(&[("player1", 2), ("player2", 1), ("spectators", 2)]);
    assert_eq!(presence(&mut bob).await, all);
    for gone in [tab, watcher, ada] {
        gone.client.disconnect().await;
    }
    let left = expected(&[("player2", 1), ("spectators", 1)]);
    assert_eq!(presence(&mut bob).await, left);
}

#[tokio::test]
async fn a_refused_join_is_not_present() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let mut ada = table.join_as(Player::One).await;
    let forged = serde_json::json!({ "seat": "forged" });
    let mut eve = table.join_as_spectator().await;
    eve.client.join(&table.topic(), forged).await.unwrap_err();
    assert_eq!(presence(&mut ada).await, expected(&[("player1", 1)]));
}
