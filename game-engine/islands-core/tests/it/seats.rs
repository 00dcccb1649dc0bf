//! Taking the seats of a game.

use islands_core::{Event, Player, PlayerName, Rejection, StateName, View, Viewer, create};

use crate::commands::add_player;
use crate::fixture::Fixture;

#[test]
fn a_game_begins_with_a_name_and_its_first_event() {
    let fixture = Fixture::initialized();
    assert_eq!(fixture.game.seq(), 1);
    assert_eq!(
        fixture.game.name(Player::One).map(PlayerName::as_str),
        Some("Ada")
    );
    assert_eq!(fixture.game.name(Player::Two), None);
    assert_eq!(create("  "), Err(Rejection::InvalidName));
}

#[test]
fn the_joining_player_is_player_2() {
    let fixture = Fixture::initialized().accept(Player::Two, add_player("  Bob "));
    assert_eq!(
        fixture.game.name(Player::Two).map(PlayerName::as_str),
        Some("Bob")
    );
    let View::Spectator(view) = View::of(&fixture.game, Viewer::Spectator) else {
        panic!("a spectator sees what spectators see");
    };
    assert_eq!(view.public.state, StateName::PlayersSet);
}

#[test]
fn player_2_cannot_take_player_1s_name_whatever_space_is_around_it() {
    let fixture = Fixture::initialized();
    for name in ["Ada", " Ada", "Ada\t", "\u{2003}Ada  "] {
        let refused = fixture.reject(Player::Two, add_player(name));
        assert_eq!(refused, Rejection::NameTaken, "{name:?}");
    }
    fixture.accept(Player::Two, add_player("ada"));
}

#[test]
fn a_name_must_be_a_name() {
    let fixture = Fixture::initialized();
    for name in ["", "  ", "B\0b", &"b".repeat(33)] {
        let refused = fixture.reject(Player::Two, add_player(name));
        assert_eq!(refused, Rejection::InvalidName, "{name:?}");
    }
}

#[test]
fn a_game_has_two_seats() {
    let fixture = Fixture::joined();
    let refused = fixture.reject(Player::Two, add_player("Grace"));
    assert_eq!(refused, Rejection::GameFull);
    // The seat is checked before the name.
    let refused = fixture.reject(Player::Two, add_player(""));
    assert_eq!(refused, Rejection::GameFull);
}

#[test]
fn a_rematch_opens_with_seats_swapped() {
    assert_eq!(Fixture::initialized().game.rematch(), None);
    let fixture = Fixture::over();
    let [created, added] = fixture.game.rematch().unwrap();
    let bob = create("Bob").unwrap();
    assert_eq!(created, Event::GameCreated(bob));
    let name = PlayerName::new("Ada").unwrap();
    assert_eq!(added, Event::PlayerAdded { name });
}
