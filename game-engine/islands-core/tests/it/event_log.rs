//! Folding `apply` over the events yields the game.

use islands_core::{
    Command, Event, Facts, Game, Player, PlayerView, Rejection, Rng, View, Viewer, apply, create,
    decide, public_event, replay,
};

use crate::fixture::Fixture;
use crate::monkey;

fn fold(log: &[Event]) -> Game {
    let Some((Event::GameCreated(created), rest)) = log.split_first() else {
        panic!("a log begins with GameCreated");
    };
    rest.iter().fold(Game::new(created), apply)
}

#[test]
fn the_fold_over_the_events_is_the_game_and_so_is_the_replay() {
    let mut over = 0;
    for seed in 0..200 {
        let fixture = monkey::play(seed, |_| {});
        assert_eq!(fold(&fixture.log), fixture.game, "seed {seed}");
        assert_eq!(
            replay(&fixture.log),
            Ok(fixture.game.clone()),
            "seed {seed}"
        );
        over += usize::from(fixture.game.is_over());
    }
    assert!(over > 150, "{over} of 200 games were played to an end");
}

#[test]
fn random_play_reaches_every_event_and_every_rejection() {
    let mut happened = Vec::new();
    let mut refused: Vec<&str> = Vec::new();
    for seed in 0..200 {
        let mut rng = Rng::new(seed);
        let mut fixture = Fixture::initialized();
        for _ in 0..500 {
            let (by, command) = monkey::next_command(&mut rng, &fixture);
            if let Err(rejection) = fixture.try_command(by, command) {
                refused.push(rejection.reason());
            }
        }
        happened.extend(fixture.names());
    }
    happened.sort_unstable();
    happened.dedup();
    assert_eq!(happened.len(), 11, "{happened:?}");
    refused.sort_unstable();
    refused.dedup();
    // The monkeys never reach the bound of 200 positionings.
    assert_eq!(refused.len(), 15, "{refused:?}");
}

#[test]
fn every_event_has_its_number() {
    for seed in 0..50 {
        let fixture = monkey::play(seed, |fixture| {
            assert_eq!(fixture.game.seq(), fixture.log.len() as u64);
        });
        for count in 1..=fixture.log.len() {
            assert_eq!(fold(&fixture.log[..count]).seq(), count as u64);
        }
    }
}

#[test]
fn a_rejected_command_changes_nothing() {
    for seed in 0..100 {
        let mut rng = Rng::new(seed);
        let mut fixture = Fixture::initialized();
        for _ in 0..300 {
            let before = fixture.clone();
            let (by, command) = monkey::next_command(&mut rng, &fixture);
            if fixture.try_command(by, command).is_err() {
                assert_eq!(fixture.game, before.game);
                assert_eq!(fixture.log, before.log);
            }
        }
    }
}

/// Any event can be applied to any game, even if it does not fit. The result can
/// still be viewed, and takes commands.
#[test]
fn apply_takes_any_event_in_any_state() {
    let seen: Vec<Fixture> = (0..12).map(|seed| monkey::play(seed, |_| {})).collect();
    let events: Vec<&Event> = seen
        .iter()
        .flat_map(|fixture| fixture.log.iter().step_by(7))
        .collect();
    for fixture in &seen {
        for count in (1..fixture.log.len()).step_by(5) {
            let game = fold(&fixture.log[..count]);
            let foreign = events.iter().skip(count % 5).step_by(5);
            let after = foreign.fold(game, |game, event| {
                let seq = game.seq();
                let game = apply(game, event);
                assert_eq!(game.seq(), seq + 1);
                let _shown = public_event(&game, event, Viewer::Player(Player::One));
                game
            });
            let _views = [
                View::of(&after, Viewer::Spectator),
                View::Player(PlayerView::of(&after, Player::Two)),
            ];
            let _decided = decide(&after, Player::Two, Command::Resign, &Facts::default());
        }
    }
}

#[test]
fn undo_is_a_shorter_log() {
    let fixture = monkey::play(3, |_| {});
    let (last, earlier) = fixture.log.split_last().unwrap();
    assert_eq!(apply(fold(earlier), last), fixture.game);
}

#[test]
fn a_game_opened_without_a_name_is_not_opened() {
    assert_eq!(create("\t"), Err(Rejection::InvalidName));
}
