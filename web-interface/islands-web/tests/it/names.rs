//! Names in requests. The rules themselves are tested in `name.rs`.

use serde_json::{Value, json};

use crate::client::Client;
use crate::running::Running;
use crate::table::text;

async fn open(server: &Running, body: Value) -> (u16, String) {
    let answer = server.post("/api/games", &body).await;
    let message = match answer.status {
        201 => text(&answer.json()["game"]),
        _ => answer.reason(),
    };
    (answer.status, message)
}

#[tokio::test]
async fn an_invisible_name_is_refused() {
    let server = Running::start().await;
    for name in [
        "",
        "   ",
        "a\u{7}b",
        &"x".repeat(33),
        "\u{200D}",
        "\u{3164}",
        "\u{2800}",
        "\u{AD}",
        "\u{115F}",
        "\u{E0041}",
        "\u{FE0F}",
        "Ada\u{200D}",
    ] {
        let refused = open(&server, json!({"name": name})).await;
        assert_eq!(refused, (422, "invalid_name".into()), "{name:?}");
    }
    let refused = server
        .post("/api/games", &json!({"name": "\u{3164}"}))
        .await;
    let message = text(&refused.json()["message"]);
    assert!(message.contains("can be seen"), "{message}");
}

#[tokio::test]
async fn names_of_all_scripts_are_taken_and_shown() {
    let server = Running::start().await;
    for name in [
        "مریم",
        "नेहा",
        "क्\u{200D}ष",
        "👩\u{200D}🚀",
        "Zoë",
        "  Ada  ",
        &"ü".repeat(32),
    ] {
        let (status, game) = open(&server, json!({"name": name})).await;
        assert_eq!(status, 201, "{name}");
        let view = server.get(&format!("/api/games/{game}")).await.json();
        assert_eq!(view["players"]["player1"]["name"], name.trim());
    }
}

#[tokio::test]
async fn a_guest_name_confusable_with_the_hosts_is_refused() {
    let server = Running::start().await;
    for (host, guest) in [
        ("Ada", "Ada"),
        ("Ada", "ADA"),
        ("Zoé", "Zoe\u{301}"),
        ("Zoe\u{301}", "zoé"),
        ("Ada L", "ada\u{A0}l"),
        ("می\u{200C}خواهم", "میخواهم"),
        ("❤\u{FE0F}", "❤"),
    ] {
        let (_, game) = open(&server, json!({"name": host})).await;
        let seats = format!("/api/games/{game}/players");
        let taken = server.post(&seats, &json!({"name": guest})).await;
        let refused = (taken.status, taken.reason());
        assert_eq!(refused, (409, "name_taken".into()), "{host} and {guest}");
        let seen = server.post(&seats, &json!({"name": "\u{2800}"})).await;
        assert_eq!((seen.status, seen.reason()), (422, "invalid_name".into()));
        let joined = server.post(&seats, &json!({"name": "Bob"})).await;
        assert_eq!(joined.status, 201);
        // Whatever the name is, the refusal says that the seat is taken.
        for name in [guest, "\u{2800}"] {
            let full = server.post(&seats, &json!({"name": name})).await;
            assert_eq!((full.status, full.reason()), (409, "game_full".into()));
        }
    }
}

#[tokio::test]
async fn a_seat_that_was_taken_under_an_id_is_given_again_whatever_the_name() {
    let server = Running::start().await;
    let (_, game) = open(&server, json!({"name": "Ada"})).await;
    let seats = format!("/api/games/{game}/players");
    let id = "0123456789abcdef0123";
    let taken = server.post(&seats, &json!({"name": "Bob", "id": id})).await;
    let repeated = server.post(&seats, &json!({"name": "Ada", "id": id})).await;
    assert_eq!((taken.status, repeated.status), (201, 201));
    assert_eq!(taken.body, repeated.body);
}

#[tokio::test]
async fn a_player_cannot_take_the_name_of_the_computer() {
    let server = Running::start().await;
    for name in ["Computer", "computer", "COMPUTER"] {
        let body = json!({"name": name, "opponent": "random"});
        assert_eq!(open(&server, body).await, (409, "name_taken".into()));
        let body = json!({"name": name});
        assert_eq!(open(&server, body).await.0, 201, "against a person");
    }
}

#[tokio::test]
async fn the_lobby_applies_the_same_name_rules() {
    let server = Running::start().await;
    let mut client = Client::connect(server.address).await;
    client.join("lobby", json!({})).await.unwrap();
    let unseen = json!({"name": "\u{3164}", "listed": true});
    let refused = client.call("lobby", "new_game", unseen).await.unwrap_err();
    assert_eq!(refused["reason"], "invalid_name");
    let seen = json!({"name": "Zoe\u{301}", "listed": true});
    client.call("lobby", "new_game", seen).await.unwrap();
    let frame = client.next_push().await;
    assert_eq!(frame.event, "game_opened");
    assert!(
        frame.payload.to_string().contains("Zoé"),
        "{}",
        frame.payload
    );
}
