//! The game through forms is the game: what the pages show and what the engine holds agree.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use axum::Router;
use ch06::exchange::exchange;
use ch06::{forms, rules_in_handler};
use islands_core::bot::{Strength, guess};
use islands_core::{
    Command, Coordinate, CoordinateSet, Facts, Game, GameId, Player, StateName, View, Viewer,
    apply, create, decide, random_board,
};
use islands_engine::journal::MemoryJournal;
use islands_engine::{Games, Settings};
use islands_seats::SeatKey;

const FORM: &str = "content-type: application/x-www-form-urlencoded";

struct Site {
    router: Router,
    games: Games,
    seat_key: SeatKey,
}

impl Site {
    async fn start() -> Site {
        let journal = Arc::new(MemoryJournal::new());
        let games = Games::start(Settings::default(), journal).await.unwrap();
        let seat_key = SeatKey::new(&[1; 32]);
        Site {
            router: forms::router(games.clone(), seat_key.clone()),
            games,
            seat_key,
        }
    }

    async fn post(&self, path: &str, cookie: &str, fields: &str) -> String {
        let request = format!("POST {path} HTTP/1.1\n{FORM}\ncookie: {cookie}\n\n{fields}");
        exchange(&self.router, &request).await.unwrap()
    }

    async fn get(&self, path: &str, cookie: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\ncookie: {cookie}");
        exchange(&self.router, &request).await.unwrap()
    }

    /// Opens a game for Ada.
    async fn open(&self) -> GameId {
        let opened = self.post("/games", "", "name=Ada&opponent=friend").await;
        let path = opened.split("location: /games/").nth(1).unwrap();
        path.split('/').next().unwrap().parse().unwrap()
    }

    /// Opens a game for Ada and Bob, in which the islands are arranged.
    async fn battle(&self, seeds: [u64; 2]) -> GameId {
        let game = self.open().await;
        let join = format!("name=Bob&id={:032x}", 1);
        self.post(&format!("/games/{game}/players"), "", &join)
            .await;
        for (player, seed) in Player::BOTH.into_iter().zip(seeds) {
            let corners: Vec<String> = random_board(seed)
                .islands()
                .map(|island| format!("{}={}", island.kind(), island.corner()))
                .collect();
            let fields = format!("seen=2&{}", corners.join("&"));
            let cookie = self.cookie(game, player);
            for (action, fields) in [("islands", fields.as_str()), ("ready", "seen=3")] {
                let path = format!("/games/{game}/{action}");
                let response = self.post(&path, &cookie, fields).await;
                assert!(response.starts_with("HTTP/1.1 303"), "{response}");
            }
        }
        game
    }

    fn cookie(&self, game: GameId, player: Player) -> String {
        format!("seat={}", self.seat_key.token(game, player))
    }

    async fn view(&self, game: GameId, player: Player) -> View {
        self.games.view(game, Viewer::Player(player)).await.unwrap()
    }
}

/// A game in the pure core, with these islands.
fn core(seeds: [u64; 2]) -> Game {
    let mut game = Game::new(&create("Ada").unwrap());
    let name = "Bob".into();
    carry_out(&mut game, Player::Two, Command::AddPlayer { name });
    for (player, seed) in Player::BOTH.into_iter().zip(seeds) {
        let islands = random_board(seed).islands().map(Into::into).collect();
        carry_out(&mut game, player, Command::PositionAll { islands });
        carry_out(&mut game, player, Command::SetIslands);
    }
    game
}

/// Carries out a command in the pure core, and returns whether it was accepted.
fn carry_out(game: &mut Game, by: Player, command: Command) -> bool {
    let Ok(events) = decide(game, by, command, &Facts::default()) else {
        return false;
    };
    *game = events.iter().fold(game.clone(), apply);
    true
}

fn guess_at(at: Coordinate) -> Command {
    let (row, col) = (at.row().into(), at.col().into());
    Command::GuessCoordinate { row, col }
}

#[tokio::test(start_paused = true)]
async fn a_game_through_forms_is_the_game_of_the_core() {
    for seed in 0..5 {
        let seeds = [seed, seed + 100];
        let site = Site::start().await;
        let game = site.battle(seeds).await;
        let mut expected = core(seeds);
        loop {
            let by = match site.view(game, Player::One).await.public().state {
                StateName::Player1Turn => Player::One,
                StateName::Player2Turn => Player::Two,
                _ => break,
            };
            let View::Player(view) = site.view(game, by).await else {
                panic!("a player has a player's view");
            };
            let at = guess(&view, Strength::Hunt, seed).unwrap();
            let fields = format!("seen={}&at={at}", view.public.seq);
            let path = format!("/games/{game}/guesses");
            site.post(&path, &site.cookie(game, by), &fields).await;
            assert!(carry_out(&mut expected, by, guess_at(at)));
            for player in Player::BOTH {
                let seen = site.view(game, player).await;
                assert_eq!(seen, View::of(&expected, Viewer::Player(player)));
            }
        }
    }
}

/// Returns the cells of each sea on a page that are shown as islands.
fn islands_shown(page: &str) -> Vec<CoordinateSet> {
    let seas = page.split("<table").skip(1);
    let seas = seas.map(|sea| {
        // The first cell of the table is the corner of its headers.
        let cells = sea.split("<td").skip(2).zip(Coordinate::all());
        cells.filter_map(|(cell, at)| cell.contains('■').then_some(at))
    });
    seas.map(Iterator::collect).collect()
}

#[tokio::test(start_paused = true)]
async fn no_page_shows_an_island_of_another_player_before_the_end() {
    let site = Site::start().await;
    let game = site.battle([1, 2]).await;
    let path = format!("/games/{game}/");
    let [ada, bob] = Player::BOTH.map(|player| site.cookie(game, player));
    let [adas, bobs] = [random_board(1).land(), random_board(2).land()];
    let nothing = CoordinateSet::EMPTY;
    // A player's own sea comes second.
    for (cookie, expected) in [
        ("", [nothing, nothing]),
        (&ada, [nothing, adas]),
        (&bob, [nothing, bobs]),
    ] {
        let page = site.get(&path, cookie).await;
        assert_eq!(islands_shown(&page), expected, "{page}");
        let buttons = if cookie == ada { 100 } else { 0 };
        assert_eq!(page.matches("name=\"at\"").count(), buttons);
    }
    site.post(&format!("{path}resign"), &ada, "seen=6").await;
    assert_eq!(islands_shown(&site.get(&path, "").await), [adas, bobs]);
}

#[tokio::test(start_paused = true)]
async fn only_the_cookie_of_a_seat_counts() {
    let site = Site::start().await;
    let game = site.battle([1, 2]).await;
    let path = format!("/games/{game}/");
    let ada = site.cookie(game, Player::One);
    let among_others = format!("theme=dünkel; {ada}; x=\ncookie: y=1");
    for (cookie, heading) in [
        (among_others.as_str(), "Your turn"),
        ("seat=old", "Ada plays Bob"),
        (&ada[..20], "Ada plays Bob"),
    ] {
        let page = site.get(&path, cookie).await;
        assert!(page.contains(&format!("<h1>{heading}</h1>")), "{page}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_form_of_a_game_may_be_sent_twice() {
    let site = Site::start().await;
    let game = site.open().await;
    let [ada, bob] = Player::BOTH.map(|player| site.cookie(game, player));
    let join = format!("name=Bob&id={:032x}", 7);
    let islands = "atoll=A1&dot=A5&l_shape=A7&s_shape=E1&square=E6";
    let sent: [(&str, &str, &str); 7] = [
        ("players", "", &join),
        ("islands", &ada, &format!("seen=2&{islands}")),
        ("ready", &ada, "seen=3"),
        ("islands", &bob, &format!("seen=4&{islands}")),
        ("ready", &bob, "seen=5"),
        ("guesses", &ada, "seen=6&at=B7"),
        ("resign", &bob, "seen=7"),
    ];
    for (seq, (action, cookie, fields)) in (2..).zip(sent) {
        for _ in 0..2 {
            let path = format!("/games/{game}/{action}");
            let response = site.post(&path, cookie, fields).await;
            assert!(response.starts_with("HTTP/1.1 303"), "{action}: {response}");
        }
        assert_eq!(site.view(game, Player::One).await.seq(), seq, "{action}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_form_that_took_the_seat_gets_it_again() {
    let site = Site::start().await;
    let path = format!("/games/{}/players", site.open().await);
    let bob = format!("name=Bob&id={:032x}", 7);
    let first = site.post(&path, "", &bob).await;
    assert!(first.contains("set-cookie: seat="));
    assert_eq!(site.post(&path, "", &bob).await, first);
    let another = format!("name=Bob&id={:032x}", 8);
    let refused = site.post(&path, "", &another).await;
    assert!(refused.starts_with("HTTP/1.1 409"), "{refused}");
    assert!(!refused.contains("set-cookie"), "{refused}");
    // Nor does the host take the second seat, whose cookie would replace the first.
    let ada = site.cookie(
        path.split('/').nth(2).unwrap().parse().unwrap(),
        Player::One,
    );
    let refused = site.post(&path, &ada, &bob).await;
    assert!(refused.starts_with("HTTP/1.1 409"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn a_bad_request_changes_nothing_and_its_page_says_what_is_wrong() {
    let site = Site::start().await;
    let game = site.battle([1, 2]).await;
    let [ada, bob] = Player::BOTH.map(|player| site.cookie(game, player));
    let foreign = site.cookie(site.battle([3, 4]).await, Player::One);
    let post = |cookie: &str, fields: &str| {
        format!("POST /games/{game}/guesses HTTP/1.1\n{FORM}\ncookie: {cookie}\n\n{fields}")
    };
    let open = |fields: &str| format!("POST /games HTTP/1.1\n{FORM}\n\n{fields}");
    let refused = [
        (post(&bob, "seen=6&at=B7"), "409"),
        (post(&ada, "seen=6&at=K1"), "422"),
        (post(&ada, "seen=6"), "422"),
        (post(&ada, "seen=six&at=B7"), "422"),
        (post(&foreign, "seen=6&at=B7"), "403"),
        (post("seat=x", "seen=6&at=B7"), "403"),
        (post("", "seen=6&at=B7"), "403"),
        (
            post(&ada, "").replace(FORM, "content-type: text/plain"),
            "415",
        ),
        (format!("GET /games/{game}/guesses HTTP/1.1"), "405"),
        ("GET /games/nobody/ HTTP/1.1".into(), "404"),
        ("GET /elsewhere HTTP/1.1".into(), "404"),
        (
            format!("POST /games/{game}/players HTTP/1.1\n{FORM}\n\nname=Cleo&id=1"),
            "422",
        ),
        (open("name=&opponent=friend"), "422"),
        (open("name=Ada&opponent=god"), "422"),
    ];
    let before = site.view(game, Player::One).await;
    for (request, status) in refused {
        let response = exchange(&site.router, &request).await.unwrap();
        let status = format!("HTTP/1.1 {status} ");
        assert!(response.starts_with(&status), "{request}\n{response}");
        assert!(response.contains("role=\"alert\""), "{response}");
    }
    assert_eq!(site.view(game, Player::One).await, before);
}

#[tokio::test(start_paused = true)]
async fn the_handler_with_rules_differs_from_the_game_after_a_repeated_guess() {
    let router = rules_in_handler::router();
    let mut game = core([1, 2]);
    let cells: Vec<Coordinate> = Coordinate::all().collect();
    let script = [
        (Player::One, cells[0], true),
        (Player::Two, cells[0], true),
        (Player::One, cells[0], true),
        (Player::One, cells[1], false),
    ];
    for (by, at, agree) in script {
        let number = if by == Player::One { 1 } else { 2 };
        let request = format!("POST /guesses HTTP/1.1\n{FORM}\n\nby={number}&at={at}");
        let response = exchange(&router, &request).await.unwrap();
        let accepted = response.starts_with("HTTP/1.1 303");
        let expected = carry_out(&mut game, by, guess_at(at));
        assert_eq!(accepted == expected, agree, "{by:?} {at}");
    }
}
