//! Games that end without a last guess, and commands after the end.

use islands_core::{
    Command, Ending, Event, GameId, MIN_AWAY_MS, Player, PlayerView, Reason, Rejection,
};

use crate::commands::{NEXT, claim_win, guess, rematch_in};
use crate::fixture::{Fixture, land};

fn ending(fixture: &Fixture) -> Option<Ending> {
    PlayerView::of(&fixture.game, Player::One).public.winner
}

fn asked(fixture: &Fixture) -> Vec<Player> {
    PlayerView::of(&fixture.game, Player::One).public.rematch
}

#[test]
fn resigning_loses_in_every_running_state() {
    let on_turn = Fixture::battle;
    let off_turn = || Fixture::battle().accept(Player::One, guess("A1"));
    for fixture in [
        Fixture::joined(),
        Fixture::arranged(),
        on_turn(),
        off_turn(),
    ] {
        for by in Player::BOTH {
            let over = fixture.clone().accept(by, Command::Resign);
            let winner = by.opponent();
            let reason = Reason::Resigned;
            assert_eq!(ending(&over), Some(Ending { winner, reason }));
            assert_eq!(over.game.seq(), fixture.game.seq() + 1, "it ends alone");
        }
    }
}

#[test]
fn an_end_shows_islands_that_were_still_being_arranged() {
    let fixture = Fixture::arranged().accept(Player::One, Command::Resign);
    let boards = PlayerView::of(&fixture.game, Player::One).public.boards;
    assert_eq!(
        boards.map(|boards| boards[Player::Two].land()),
        Some(land(Player::Two))
    );
}

#[test]
fn a_win_is_claimed_from_120_000_milliseconds_on() {
    assert_eq!(MIN_AWAY_MS, 120_000);
    let fixture = Fixture::battle();
    for by in Player::BOTH {
        for (away_ms, wait_ms) in [(0, 120_000), (1, 119_999), (119_999, 1)] {
            let refused = fixture.reject(by, claim_win(away_ms));
            assert_eq!(refused, Rejection::OpponentPresent { wait_ms });
        }
        for away_ms in [120_000, 120_001, u64::MAX] {
            let over = fixture.clone().accept(by, claim_win(away_ms));
            let winner = by;
            let reason = Reason::Abandoned;
            assert_eq!(ending(&over), Some(Ending { winner, reason }));
            assert_eq!(over.game.seq(), fixture.game.seq() + 1, "it ends alone");
        }
    }
}

#[test]
fn a_rematch_starts_when_both_have_asked() {
    let mut fixture = Fixture::over();
    let events = fixture
        .try_command(Player::Two, Command::RequestRematch)
        .unwrap();
    assert_eq!(events, [Event::RematchRequested { by: Player::Two }]);
    assert_eq!(asked(&fixture), [Player::Two]);

    let events = fixture
        .try_command(Player::One, Command::RequestRematch)
        .unwrap();
    assert_eq!(
        events,
        [
            Event::RematchRequested { by: Player::One },
            Event::RematchStarted { game: NEXT },
        ]
    );
    assert_eq!(asked(&fixture), Player::BOTH);
    let view = PlayerView::of(&fixture.game, Player::Two);
    assert_eq!(
        view.public.next,
        Some(NEXT),
        "an absent player finds the rematch later"
    );
}

#[test]
fn the_second_request_decides_the_rematch_id() {
    let first = GameId::from_bytes([1; 10]);
    let fixture = Fixture::over()
        .accept(Player::One, rematch_in(first))
        .accept(Player::Two, Command::RequestRematch);
    assert_eq!(
        fixture.log.last(),
        Some(&Event::RematchStarted { game: NEXT })
    );
}

#[test]
fn a_rematch_is_requested_once_per_player() {
    let fixture = Fixture::over().accept(Player::One, Command::RequestRematch);
    let refused = fixture.reject(Player::One, Command::RequestRematch);
    assert_eq!(refused, Rejection::AlreadyRequested);
    let fixture = fixture.accept(Player::Two, Command::RequestRematch);
    for by in Player::BOTH {
        assert_eq!(
            fixture.reject(by, Command::RequestRematch),
            Rejection::AlreadyRequested
        );
    }
}
