//! Folding `apply` over the events yields the game.

use islands_core::{
    Chance, Command, Event, Facts, Game, Player, PlayerView, Rejection, View, Viewer, apply,
    create, decide, public_event, replay,
};

use crate::monkey;
use crate::scene::Scene;

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
        let scene = monkey::play(seed, |_| {});
        assert_eq!(fold(&scene.log), scene.game, "seed {seed}");
        assert_eq!(replay(&scene.log), Ok(scene.game.clone()), "seed {seed}");
        over += usize::from(scene.game.is_over());
    }
    assert!(over > 150, "{over} of 200 games were played to an end");
}

#[test]
fn the_monkeys_see_every_event_and_every_refusal() {
    let mut happened = Vec::new();
    let mut refused: Vec<&str> = Vec::new();
    for seed in 0..200 {
        let mut chance = Chance::new(seed);
        let mut scene = Scene::initialized();
        for _ in 0..500 {
            let (by, command) = monkey::next(&mut chance, &scene);
            if let Err(rejection) = scene.tries(by, command) {
                refused.push(rejection.reason());
            }
        }
        happened.extend(scene.names());
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
        let scene = monkey::play(seed, |scene| {
            assert_eq!(scene.game.seq(), scene.log.len() as u64);
        });
        for count in 1..=scene.log.len() {
            assert_eq!(fold(&scene.log[..count]).seq(), count as u64);
        }
    }
}

#[test]
fn a_refusal_changes_nothing() {
    for seed in 0..100 {
        let mut chance = Chance::new(seed);
        let mut scene = Scene::initialized();
        for _ in 0..300 {
            let before = scene.clone();
            let (by, command) = monkey::next(&mut chance, &scene);
            if scene.tries(by, command).is_err() {
                assert_eq!(scene.game, before.game);
                assert_eq!(scene.log, before.log);
            }
        }
    }
}

/// Any event can be applied to any game, even if it does not fit. The result can
/// still be viewed, and takes commands.
#[test]
fn apply_takes_any_event_in_any_state() {
    let seen: Vec<Scene> = (0..12).map(|seed| monkey::play(seed, |_| {})).collect();
    let events: Vec<&Event> = seen
        .iter()
        .flat_map(|scene| scene.log.iter().step_by(7))
        .collect();
    for scene in &seen {
        for count in (1..scene.log.len()).step_by(5) {
            let game = fold(&scene.log[..count]);
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
    let scene = monkey::play(3, |_| {});
    let (last, earlier) = scene.log.split_last().unwrap();
    assert_eq!(apply(fold(earlier), last), scene.game);
}

#[test]
fn a_game_opened_without_a_name_is_not_opened() {
    assert_eq!(create("\t"), Err(Rejection::InvalidName));
}
