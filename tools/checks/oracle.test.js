// Tests of the oracle, and of the stock client's helpers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Oracle, SHAPES, cellKey, cellsOf, isText } from "./oracle.mjs";
import { CELLS, board, landOf, seededRandom } from "./stock/random.mjs";
import { Client } from "./stock/client.mjs";
import { cellsIn, difference } from "./stock/compare.mjs";

const CORNERS = {
  atoll: { row: 1, col: 1 },
  dot: { row: 1, col: 5 },
  l_shape: { row: 5, col: 1 },
  s_shape: { row: 9, col: 1 },
  square: { row: 9, col: 9 },
};

function joined() {
  const oracle = new Oracle("aaaaaaaaaaaaaaaa", "Ada");
  oracle.command(null, "add_player", { name: "Bob" });
  return oracle;
}

/** Both players have the same islands; it is Ada's turn. */
function battle() {
  const oracle = joined();
  for (const by of ["player1", "player2"]) {
    oracle.command(by, "position_all", { islands: CORNERS });
    oracle.command(by, "set_islands", {});
  }
  return oracle;
}

const guess = (oracle, by, row, col, id) => oracle.command(by, "guess_coordinate", { row, col, id });

function refused(reason, fields, answer) {
  const response = { reason, message: isText, ...fields };
  assert.deepEqual(answer, { status: "error", response, pushes: [] });
}

test("islands have 18 cells, and there are 72, 100, 72, 72 and 81 places for them", () => {
  assert.equal(Object.values(SHAPES).flat().length, 18);
  const all = new Set(CELLS.map(cellKey));
  const fits = (kind) => ({ row, col }) => cellsOf(kind, row, col).every((cell) => all.has(cellKey(cell)));
  const places = Object.keys(SHAPES).map((kind) => CELLS.filter(fits(kind)).length);
  assert.deepEqual(places, [72, 100, 72, 72, 81]);
});

test("a push reveals an island to its owner only", () => {
  const { pushes } = joined().command("player1", "position_island", { island: "dot", row: 2, col: 7 });
  const common = { seq: 3, player: "player1" };
  const own = { ...common, islands: { dot: [{ row: 2, col: 7 }] } };
  assert.deepEqual(pushes, [{ event: "island_positioned", to: { player1: own, player2: common, spectator: common } }]);
});

test("islands lie on the board, over no other, and can be moved", () => {
  const oracle = joined();
  const place = (island, row, col) => oracle.command("player1", "position_island", { island, row, col });
  assert.equal(place("square", 1, 1).status, "ok");
  assert.equal(place("square", 1, 2).status, "ok");
  refused("overlapping_island", { with: "square" }, place("dot", 2, 3));
  refused("off_board", { island: "atoll" }, place("atoll", 9, 1));
  refused("invalid_coordinate", { row: 0, col: 11 }, place("dot", 0, 11));
  refused("invalid_island_type", {}, place("reef", 1, 1));
});

test("a guess gets a reply, is pushed to every viewer, and passes the turn", () => {
  const oracle = battle();
  const { response, pushes } = guess(oracle, "player1", 1, 5);
  assert.deepEqual(response, { outcome: "hit", forested: "dot", win: false, seq: 7 });
  const common = { seq: 7, player: "player1", row: 1, col: 5, outcome: "hit", forested: "dot" };
  const cells = [{ row: 1, col: 5 }];
  assert.deepEqual(pushes[0].to.spectator, { ...common, cells });
  assert.equal(oracle.state, "player2_turn");
});

test("refusals follow their precedence and change nothing", () => {
  const oracle = battle();
  guess(oracle, "player1", 2, 1);
  const before = JSON.stringify(oracle);
  refused("not_your_turn", {}, guess(oracle, "player1", 11, 1));
  refused("invalid_coordinate", { row: 11, col: 1 }, guess(oracle, "player2", 11, 1));
  refused("islands_already_set", {}, oracle.command("player2", "set_islands", {}));
  refused("not_a_player", {}, guess(oracle, null, 1, 1));
  refused("opponent_present", { wait_ms: 120_000 }, oracle.command("player1", "claim_win", {}));
  refused("opponent_present", { wait_ms: 1 }, oracle.command("player1", "claim_win", { away_ms: 119_999 }));
  const expected = ["game_over"];
  const actual = "player2_turn";
  refused("wrong_state", { expected, actual }, oracle.command("player1", "request_rematch", {}));
  oracle.pushes = JSON.parse(before).pushes;
  assert.equal(JSON.stringify(oracle), before);
  guess(oracle, "player2", 2, 1);
  refused("already_guessed", { at: { row: 2, col: 1 } }, guess(oracle, "player1", 2, 1));
});

test("the shortest game is 18 guesses against 17, and its end two pushes", () => {
  const oracle = battle();
  const land = CELLS.filter((cell) => landOf(CORNERS).has(cellKey(cell)));
  const water = CELLS.filter((cell) => !landOf(CORNERS).has(cellKey(cell)));
  let last;
  land.forEach(({ row, col }, i) => {
    last = guess(oracle, "player1", row, col);
    if (!last.response.win) guess(oracle, "player2", water[i].row, water[i].col);
  });
  assert.equal(oracle.moves.length, 35);
  assert.deepEqual(last.pushes.map((push) => push.event), ["player_guessed_coordinate", "game_over"]);
  assert.deepEqual(last.response, { outcome: "hit", forested: "square", win: true, seq: 42 });
  assert.deepEqual(oracle.view(null).winner, { player: "player1", reason: "forested" });
  assert.deepEqual(oracle.hidden("player1"), []);
  refused("game_over", {}, oracle.command("player2", "resign", {}));
});

test("a rematch starts with the second request", () => {
  const oracle = battle();
  oracle.command("player1", "resign", {});
  oracle.command("player2", "request_rematch", {});
  refused("already_requested", {}, oracle.command("player2", "request_rematch", {}));
  const { response, pushes } = oracle.command("player1", "request_rematch", {});
  assert.deepEqual(pushes.map((push) => push.event), ["rematch_requested", "rematch_started"]);
  assert.equal(response.seq, oracle.seq);
  assert.equal("seat" in pushes[1].to.spectator, false);
  assert.deepEqual(Object.keys(oracle.view("player1").next), ["game", "seat"]);
  assert.deepEqual(Object.keys(oracle.view(null).next), ["game"]);
});

test("a repeated id gets its reply again and changes nothing", () => {
  const oracle = battle();
  const { response } = guess(oracle, "player1", 1, 1, "x");
  guess(oracle, "player2", 1, 1, "x");
  assert.deepEqual(guess(oracle, "player1", 1, 1, "x"), { status: "ok", response, pushes: [] });
  assert.equal(oracle.moves.length, 2);
});

test("a view shows the own islands, and forested islands of the opponent", () => {
  const oracle = battle();
  guess(oracle, "player1", 1, 5);
  guess(oracle, "player2", 1, 1);
  const view = oracle.view("player1");
  assert.deepEqual(view.board, oracle.islands.player1);
  assert.deepEqual(view.forested, { player1: {}, player2: { dot: [{ row: 1, col: 5 }] } });
  assert.equal(view.boards, null);
  assert.equal("board" in oracle.view(null), false);
});

test("a difference is found at any depth, and its path is reported", () => {
  const expected = { a: [{ b: 1 }], c: isText };
  assert.equal(difference(expected, { a: [{ b: 1 }], c: "x" }), null);
  assert.match(difference(expected, { a: [{ b: 2 }], c: "x" }), /^a\.0\.b: 2 instead of 1/);
  assert.match(difference(expected, { a: [{ b: 1 }], c: "" }), /^c: "" instead of isText/);
  assert.match(difference(expected, { a: [{ b: 1 }] }), /c is missing/);
  assert.match(difference(expected, { a: [{ b: 1 }, 2], c: "x" }), /a\.1 must not be there/);
  assert.match(difference({ a: [] }, { a: {} }), /a: \{\} instead of \[\]/);
  assert.match(difference({ a: null }, { a: {} }), /a: \{\} instead of null/);
});

test("a client finds a leak in any frame", () => {
  const client = new Client("player1");
  client.oracle = joined();
  client.oracle.command("player2", "position_island", { island: "dot", row: 2, col: 7 });
  client.scan(JSON.stringify([null, null, "t", "e", { islands: { dot: [{ row: 3, col: 7 }] } }]));
  assert.deepEqual(client.faults, []);
  client.scan(JSON.stringify([null, null, "t", "presence_state", { deep: [{ row: 2, col: 7 }] }]));
  assert.equal(client.faults.length, 1);
  assert.deepEqual(cellsIn([{ row: 1, col: 2, of: { row: 3, col: 4 } }]).length, 2);
});

test("a client finds gaps and repeats in sequence numbers", () => {
  const client = new Client("player1");
  client.onPush("a", { seq: 1 });
  client.onPush("b", { seq: 2 });
  assert.deepEqual(client.faults, []);
  client.onPush("c", { seq: 4 });
  client.onPush("d", { seq: 4 });
  assert.equal(client.faults.length, 2);
});

test("boards from a seed are legal, and share no cell", () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const random = seededRandom(seed);
    const mine = board(random);
    const theirs = board(random, landOf(mine));
    assert.equal(landOf(mine).size, 18);
    assert.equal(new Set([...landOf(mine), ...landOf(theirs)]).size, 36);
    assert.deepEqual(board(seededRandom(seed)), mine);
  }
});
