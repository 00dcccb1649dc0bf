//! Before a game is over, no frame reveals a cell of an opponent's island that no guess
//! has hit. Random games are played, and every frame is read.

use fastrand::Rng;
use islands_core::{Board, Coordinate, CoordinateSet, Player, random_board};
use serde_json::{Value, json};

use crate::running::Running;
use crate::secrecy_checker::SecrecyChecker;
use crate::table::{Guest, Table, cell_json, islands_json};

/// A random game with invalid requests, whose frames a `SecrecyChecker` checks.
struct RandomGame {
    table: Table,
    /// Both players and a spectator.
    guests: [Guest; 3],
    rng: Rng,
    secrecy_checker: SecrecyChecker,
}

impl RandomGame {
    async fn begin(server: &Running, seed: u64) -> RandomGame {
        let mut rng = Rng::with_seed(seed);
        let table = Table::open(server.address).await;
        let guests = [
            table.join_as(Player::One).await,
            table.join_as(Player::Two).await,
            table.join_as_spectator().await,
        ];
        let boards: [Board; 2] = [random_board(rng.u64(..)), random_board(rng.u64(..))];
        let mut game = RandomGame {
            table,
            guests,
            rng,
            secrecy_checker: SecrecyChecker::new(boards),
        };
        for (guest, board) in boards.into_iter().enumerate() {
            game.place(guest, board).await;
        }
        game
    }

    /// Positions the islands, moves them and sets them.
    async fn place(&mut self, guest: usize, board: Board) {
        for (island, mut corner) in islands_json(board).as_object().unwrap().clone() {
            corner["island"] = island.into();
            self.call(guest, "position_island", corner).await;
            self.send_bad_input().await;
            self.read_all().await;
        }
        let all = json!({"islands": islands_json(board)});
        self.call(guest, "position_all", all).await;
        self.call(guest, "set_islands", json!({})).await;
    }

    /// Sends an event, and checks all frames that its sender has received.
    async fn call(&mut self, guest: usize, event: &str, payload: Value) -> Option<Value> {
        let reply = self.guests[guest].call(event, payload).await;
        self.read(guest);
        reply.ok()
    }

    fn read(&mut self, guest: usize) {
        let client = &mut self.guests[guest].client;
        client.drained_pushes();
        for frame in std::mem::take(&mut client.received) {
            self.secrecy_checker.reads(guest, &frame);
        }
    }

    /// Checks all frames that the guests have received by now.
    async fn read_all(&mut self) {
        for guest in 0..3 {
            self.guests[guest].client.heartbeat().await;
            self.read(guest);
        }
    }

    /// Sends a random request that tries to learn a secret.
    async fn send_bad_input(&mut self) {
        let guest = self.rng.usize(..3);
        let cell = json!({"row": self.rng.u8(..13), "col": self.rng.u8(..13)});
        match self.rng.u8(..8) {
            0 => drop(self.call(guest, "view", json!({})).await),
            1 => self.rejoin(guest).await,
            2 => {
                let mut place = cell;
                place["island"] = "atoll".into();
                // Only if it is refused: the islands must stay where the secrecy_checker has
                // them.
                if guest == 2 || !self.secrecy_checker.may_place(guest) {
                    self.call(guest, "position_island", place).await;
                }
            }
            3 => drop(self.call(2, "guess_coordinate", cell).await),
            4 => drop(self.call(guest, "claim_win", json!({})).await),
            5 => drop(
                self.call(guest, "guess_coordinate", json!({"row": 0, "col": 11}))
                    .await,
            ),
            6 => drop(self.call(guest, "request_rematch", json!({})).await),
            _ => drop(
                self.call(guest, "look_under", json!({"board": "player1"}))
                    .await,
            ),
        }
    }

    async fn rejoin(&mut self, guest: usize) {
        let mut params = match guest {
            0 => json!({"seat": self.table.seat(Player::One)}),
            1 => json!({"seat": self.table.seat(Player::Two)}),
            _ => json!({}),
        };
        if self.rng.bool() {
            params["since"] = self.rng.u8(..12).into();
        }
        let topic = self.table.topic();
        self.guests[guest]
            .client
            .join(&topic, params)
            .await
            .unwrap();
        self.read(guest);
    }

    /// Guesses in turn until a player has won.
    async fn play(&mut self) {
        let mut left = [(); 2].map(|()| Coordinate::all().collect::<Vec<_>>());
        left.iter_mut().for_each(|cells| self.rng.shuffle(cells));
        for (turn, guest) in [0, 1].into_iter().cycle().enumerate() {
            let cell = left[guest].pop().unwrap();
            // Out of turn first: this refusal must reveal nothing either.
            self.call(1 - guest, "guess_coordinate", cell_json(cell))
                .await;
            self.read_all().await;
            self.secrecy_checker.knows(guest, cell);
            let reply = self
                .call(guest, "guess_coordinate", cell_json(cell))
                .await
                .unwrap();
            if reply["win"] == true {
                return self.read_all().await;
            }
            match turn % 4 {
                0 => self.send_bad_input().await,
                1 => drop(self.call(guest, "guess_coordinate", cell_json(cell)).await),
                _ => {}
            }
        }
    }
}

async fn check(seed: u64) {
    let server = Running::start().await;
    let mut game = RandomGame::begin(&server, seed).await;
    game.play().await;
    let over = game.guests[2].view().await;
    assert_ne!(over["boards"], Value::Null);
    assert!(game.secrecy_checker.has_read() > 500);
}

#[tokio::test]
async fn no_frame_reveals_an_unhit_cell() {
    check(1).await;
}

#[tokio::test]
async fn no_frame_of_another_game_reveals_an_unhit_cell() {
    check(2).await;
}

#[tokio::test]
async fn http_reveals_only_what_a_spectator_may_see() {
    let server = Running::start().await;
    let mut game = RandomGame::begin(&server, 7).await;
    let path = format!("/api/games/{}", game.table.game);
    let shots: Vec<_> = Coordinate::all().step_by(7).collect();
    for cell in shots {
        for guest in [0, 1] {
            game.secrecy_checker.knows(guest, cell);
            game.call(guest, "guess_coordinate", cell_json(cell)).await;
        }
        game.read_all().await;
        game.secrecy_checker
            .reads_json(2, &server.get(&path).await.json());
        let events = server.get(&format!("{path}/events")).await;
        assert_eq!(events.reason(), "wrong_state");
        game.secrecy_checker.reads_json(2, &events.json());
    }
}

#[test]
fn the_checker_finds_leaked_cells() {
    let boards = [random_board(1), random_board(2)];
    let hidden = boards[1].land().iter().next().unwrap();
    let own: CoordinateSet = boards[0].land();
    let is_leak = |viewer, json: Value| {
        std::panic::catch_unwind(|| SecrecyChecker::new(boards).reads_json(viewer, &json)).is_err()
    };
    assert!(is_leak(0, json!({"board": {"dot": [cell_json(hidden)]}})) || own.contains(hidden));
    assert!(is_leak(
        0,
        json!({"forested": {"player2": {"dot": [cell_json(hidden)]}}})
    ));
    assert!(is_leak(0, json!({"moves": [], "hint": cell_json(hidden)})));
    assert!(is_leak(
        0,
        json!({"message": format!("not {hidden}, please")})
    ));
    assert!(is_leak(
        0,
        json!({"boards": {"player2": {"dot": [cell_json(hidden)]}}})
    ));
    assert!(is_leak(
        2,
        json!({"board": {"dot": [cell_json(own.iter().next().unwrap())]}})
    ));
    assert!(!is_leak(
        0,
        json!({"board": {"dot": [cell_json(own.iter().next().unwrap())]}})
    ));
}
