//! A correct history must pass.

use history::{Batch, History};
use islands_core::{
    Command, Event, Facts, Game, GameId, Player, Reply, Viewer, apply, create, decide,
};

use crate::played::{Counts, GAME, Played};

#[test]
fn correct_games_pass_and_are_counted() {
    let mut all = Counts::default();
    for seed in 0..150 {
        let played = Played::with_views(seed);
        let report = played.check();
        assert_eq!(report.findings, [], "seed {seed}");
        let counted = Counts {
            acknowledged: report.acknowledged,
            refused: report.refused,
            unanswered: report.unanswered,
            carried_out: report.carried_out,
        };
        assert_eq!(counted, played.counts, "seed {seed}");
        assert_eq!((report.games, report.lost, report.invented), (1, 0, 0));
        all.refused += counted.refused;
        all.unanswered += counted.unanswered;
        all.carried_out += counted.carried_out;
    }
    assert!(all.refused > 0 && all.carried_out > 0 && all.unanswered > all.carried_out);
}

#[test]
fn the_computers_batches_need_no_command() {
    let (history, mut log) = opened();
    let join = Command::AddPlayer { name: "Bob".into() };
    let game = Game::new(&create("Ada").unwrap());
    let joined = decide(&game, Player::Two, join, &Facts::default()).unwrap();
    log.push(Batch::new(Player::Two, Some("~1"), joined));
    assert_eq!(history.check([(GAME, log.as_slice())]).invented, 1);
    history.computer(GAME, Player::Two);
    assert_eq!(history.check([(GAME, log.as_slice())]).findings, []);
}

#[test]
fn a_rematch_begins_with_both_players() {
    let game = Game::new(&create("Ada").unwrap());
    let join = Command::AddPlayer { name: "Bob".into() };
    let joined = decide(&game, Player::Two, join, &Facts::default()).unwrap();
    let game = joined.iter().fold(game, apply);
    let events = game.rematch().unwrap().into();
    let log = [Batch::new(Player::One, None, events)];
    let history = History::new();
    history.opened(GAME, "Bob", Some("Ada"));
    assert_eq!(history.check([(GAME, log.as_slice())]).findings, []);
}

#[test]
fn after_a_timeout_a_command_may_have_been_carried_out_or_not() {
    let (history, mut log) = opened();
    let bob = history.client(GAME, Viewer::Player(Player::Two));
    let join = Command::AddPlayer { name: "Bob".into() };
    bob.send(Some("1"), &join).refused("timeout");
    let report = history.check([(GAME, log.as_slice())]);
    assert_eq!((report.unanswered, report.carried_out), (1, 0));
    let game = Game::new(&create("Ada").unwrap());
    let joined = decide(&game, Player::Two, join.clone(), &Facts::default()).unwrap();
    log.push(Batch::new(Player::Two, Some("1"), joined));
    let report = history.check([(GAME, log.as_slice())]);
    assert_eq!((report.unanswered, report.carried_out), (1, 1));
    assert_eq!(report.findings, []);
    bob.send(Some("1"), &join).accepted(2, &Reply::Done {});
    let report = history.check([(GAME, log.as_slice())]);
    assert_eq!((report.unanswered, report.acknowledged), (0, 2));
}

#[test]
fn a_temporary_refusal_of_a_repeat_is_no_finding() {
    for (reason, findings) in [("quarantined", 0), ("busy", 0), ("game_full", 1)] {
        let (history, mut log) = opened();
        let bob = history.client(GAME, Viewer::Player(Player::Two));
        let join = Command::AddPlayer { name: "Bob".into() };
        bob.send(Some("1"), &join).accepted(2, &Reply::Done {});
        let game = Game::new(&create("Ada").unwrap());
        let joined = decide(&game, Player::Two, join.clone(), &Facts::default()).unwrap();
        log.push(Batch::new(Player::Two, Some("1"), joined));
        bob.send(Some("1"), &join).refused(reason);
        let report = history.check([(GAME, log.as_slice())]);
        assert_eq!(report.findings.len(), findings, "{reason}");
    }
}

#[test]
fn concurrent_clients_keep_the_order_of_each_game() {
    let history = History::new();
    let games: Vec<_> = (0..8).map(|n| GameId::from_bytes([n; 10])).collect();
    std::thread::scope(|scope| {
        for game in &games {
            let history = &history;
            scope.spawn(move || {
                let client = history.client(*game, Viewer::Spectator);
                for seq in 1..=1_000 {
                    client.resumed(seq);
                }
            });
        }
    });
    assert_eq!(history.games(), games);
    for game in &games {
        let entries = history.entries(*game);
        let numbers = entries.iter().map(|entry| match entry.kind {
            history::EntryKind::Resumed { since } => since,
            _ => panic!("an unexpected entry: {entry:?}"),
        });
        assert!(numbers.eq(1..=1_000));
    }
    assert_eq!(history.take_touched(), games);
    assert_eq!(history.take_touched(), []);
    history.opened(games[3], "Ada", None);
    assert_eq!(history.take_touched(), [games[3]]);
}

fn opened() -> (History, Vec<Batch>) {
    let history = History::new();
    history.opened(GAME, "Ada", None);
    let created = Event::GameCreated(create("Ada").expect("a name"));
    (history, vec![Batch::new(Player::One, None, vec![created])])
}
