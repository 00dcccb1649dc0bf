// Folding events into the view, and the cells that a board shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { boardViewOf, rewind } from "../../../web-interface/islands-web/static/board-view.js";
import { indexOf, parse } from "../../../web-interface/islands-web/static/coordinate.js";
import { ISLANDS, cellsOf, randomBoard } from "../../../web-interface/islands-web/static/placement-rules.js";
import { reduce } from "../../../web-interface/islands-web/static/reducer.js";
import { seeded } from "./seeded.js";

const opened = () => ({
  game: "g", seq: 1, viewer: "player1", state: "initialized",
  players: { player1: { name: "Ada", islands_set: false }, player2: null },
  board: {}, moves: [], forested: { player1: {}, player2: {} }, winner: null, rematch: [], boards: null,
});

/** Folds events, numbered on from the view's `seq`. */
const fold = (view, ...events) =>
  events.reduce((now, [event, payload]) => reduce(now, event, { ...payload, seq: now.seq + 1 }), view);

const begun = (viewer = "player1") => fold({ ...opened(), viewer },
  ["player_added", { player: "player2", name: "Bob" }],
  ["player_set_islands", { player: "player2" }],
  ["player_set_islands", { player: "player1" }]);

const guess = (player, name, outcome, forested = null, cells = []) =>
  ["player_guessed_coordinate", { player, ...parse(name), outcome, forested, cells }];

test("events lead from the invitation to the first turn", () => {
  const joined = fold(opened(), ["player_added", { player: "player2", name: "Bob" }]);
  assert.equal(joined.state, "players_set");
  assert.deepEqual(joined.players.player2, { name: "Bob", islands_set: false });
  const one = fold(joined, ["player_set_islands", { player: "player2" }]);
  assert.equal(one.state, "players_set");
  assert.equal(begun().state, "player1_turn");
  assert.equal(begun().seq, 4);
});

test("a guess passes the turn and is the last of the moves", () => {
  const after = fold(begun(), guess("player1", "B7", "miss"));
  assert.equal(after.state, "player2_turn");
  assert.deepEqual(after.moves, [{ player: "player1", row: 2, col: 7, outcome: "miss", forested: null }]);
  assert.equal(fold(after, guess("player2", "A1", "hit")).state, "player1_turn");
});

test("a forested island is the other's, with its cells", () => {
  const after = fold(begun(), guess("player1", "D4", "hit", "dot", [parse("D4")]));
  assert.deepEqual(after.forested, { player1: {}, player2: { dot: [parse("D4")] } });
  assert.equal(after.moves[0].forested, "dot");
});

test("the end names the winner, the reason and both boards", () => {
  const boards = { player1: { dot: [parse("A1")] }, player2: { dot: [parse("D4")] } };
  const after = fold(begun(), ["game_over", { winner: "player2", reason: "resigned", boards }]);
  assert.equal(after.state, "game_over");
  assert.deepEqual(after.winner, { player: "player2", reason: "resigned" });
  assert.equal(after.boards, boards);
});

test("a rematch is requested by both players, then starts as a new game", () => {
  const after = fold(begun(), ["rematch_requested", { player: "player2" }], ["rematch_requested", { player: "player1" }],
    ["rematch_started", { game: "h", seat: "s" }]);
  assert.deepEqual(after.rematch, ["player2", "player1"]);
  assert.deepEqual(after.next, { game: "h", seat: "s" });
});

test("positions reach the view of their owner alone", () => {
  const islands = { dot: [parse("A1")] };
  const view = begun();
  assert.deepEqual(fold(view, ["islands_positioned", { player: "player1", islands }]).board, islands);
  assert.deepEqual(fold(view, ["island_positioned", { player: "player2" }]).board, view.board);
});

test("an event that is already in the view changes nothing; a hole asks for the whole view", () => {
  const view = begun();
  const [event, payload] = guess("player1", "B7", "miss");
  assert.equal(reduce(view, event, { ...payload, seq: view.seq }), view);
  assert.equal(reduce(view, event, { ...payload, seq: view.seq + 2 }), null);
  assert.equal(reduce(view, "reaction", { from: "player2" }), view);
});

test("an event of a newer server counts, and changes nothing else", () => {
  const view = begun();
  assert.deepEqual(fold(view, ["something_new", { x: 1 }]), { ...view, seq: view.seq + 1 });
});

test("reduce does not mutate its view", () => {
  const view = begun();
  const before = structuredClone(view);
  fold(view, guess("player1", "D4", "hit", "dot", [parse("D4")]), ["rematch_requested", { player: "player2" }]);
  assert.deepEqual(view, before);
});

test("a player sees only the guesses on the opponent's sea", () => {
  const cellViews = boardViewOf(fold(begun(), guess("player1", "B7", "hit"), guess("player2", "A1", "miss"),
    guess("player1", "C3", "miss")), "player2");
  const hit = cellViews[indexOf(parse("B7"))];
  assert.deepEqual(hit, { mark: "hit", island: "", land: true, known: true, edge: "n e s w", last: false, hint: "" });
  assert.equal(cellViews[indexOf(parse("C3"))].last, true);
  assert.equal(cellViews.filter((cellView) => cellView.known).length, 2);
});

test("a shore runs around a whole island and not through it", () => {
  const board = { square: cellsOf("square", parse("C3")), dot: [parse("C5")] };
  const cellViews = boardViewOf({ ...begun(), board }, "player1");
  assert.equal(cellViews[indexOf(parse("C3"))].edge, "n w");
  assert.equal(cellViews[indexOf(parse("D4"))].edge, "e s");
  // A neighbouring island has its own outline.
  assert.equal(cellViews[indexOf(parse("C4"))].edge, "n e");
  assert.equal(cellViews[indexOf(parse("C5"))].edge, "n e s w");
});

test("a random game, folded event by event, gives the expected view at every move", () => {
  const random = seeded(7);
  const board = randomBoard(random);
  const cells = Object.fromEntries(ISLANDS.map((island) => [island, cellsOf(island, board[island])]));
  const order = Array.from({ length: 100 }, (_, i) => i).sort(() => random() - 0.5);
  let view = begun();
  const found = new Set();
  for (const [turn, index] of order.entries()) {
    const cell = { row: Math.floor(index / 10) + 1, col: (index % 10) + 1 };
    const island = ISLANDS.find((each) => cells[each].some((c) => indexOf(c) === index));
    found.add(index);
    const forested = island && cells[island].every((c) => found.has(indexOf(c))) ? island : null;
    view = fold(view, ["player_guessed_coordinate", {
      player: "player1", ...cell, outcome: island ? "hit" : "miss", forested, cells: forested ? cells[forested] : [],
    }]);
    const cellViews = boardViewOf(view, "player2");
    assert.equal(cellViews.filter((cellView) => cellView.mark !== "").length, turn + 1);
    for (const name of ISLANDS) {
      const trees = cellViews.filter((cellView) => cellView.island === name && cellView.mark === "forested").length;
      assert.equal(trees, view.forested.player2[name] ? cells[name].length : 0);
    }
  }
  assert.equal(Object.keys(view.forested.player2).length, 5);
  // A rewound view has no islands that were forested later.
  const early = rewind(view, 10);
  assert.equal(early.moves.length, 10);
  assert.equal(boardViewOf(early, "player2").filter((cellView) => cellView.mark !== "").length, 10);
  assert.deepEqual(rewind(view, view.moves.length).forested, view.forested);
});
