// The pure rules of the page: coordinates, keys, placement, drafts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cellAt, indexOf, nameOf, parse } from "../../../web-interface/islands-web/static/coordinate.js";
import { choose, draftOf, islandAt, preview, tap } from "../../../web-interface/islands-web/static/draft.js";
import { nextCell } from "../../../web-interface/islands-web/static/keyboard.js";
import { ISLANDS, cellsOf, placementError, legalCorners, missing, randomBoard } from "../../../web-interface/islands-web/static/placement-rules.js";
import { seeded } from "./seeded.js";

const at = (name) => parse(name);

test("a coordinate is parsed as people write it, and anything else is refused", () => {
  for (let index = 0; index < 100; index += 1) {
    assert.equal(indexOf(parse(nameOf(cellAt(index)))), index);
  }
  assert.deepEqual(parse(" b 7 "), { row: 2, col: 7 });
  assert.deepEqual(parse("j10"), { row: 10, col: 10 });
  for (const wrong of ["", "K1", "A0", "A11", "A01", "1A", "A", "7", "A1B"]) assert.equal(parse(wrong), null, wrong);
});

test("keys move to the neighbours and the ends, and stop at the edge", () => {
  const go = (from, key, ctrl = false) => {
    const to = nextCell(at(from), key, ctrl);
    return to && nameOf(to);
  };
  assert.equal(go("B7", "ArrowUp"), "A7");
  assert.equal(go("B7", "ArrowDown"), "C7");
  assert.equal(go("B7", "ArrowLeft"), "B6");
  assert.equal(go("B7", "ArrowRight"), "B8");
  assert.equal(go("A1", "ArrowUp"), "A1");
  assert.equal(go("A1", "ArrowLeft"), "A1");
  assert.equal(go("J10", "ArrowDown"), "J10");
  assert.equal(go("J10", "ArrowRight"), "J10");
  assert.equal(go("B7", "Home"), "B1");
  assert.equal(go("B7", "End"), "B10");
  assert.equal(go("B7", "Home", true), "A1");
  assert.equal(go("B7", "End", true), "J10");
  assert.equal(go("B7", "x"), null);
});

test("each island has as many legal corners as the rules say", () => {
  const counts = Object.fromEntries(ISLANDS.map((island) => [island, legalCorners(island).length]));
  assert.deepEqual(counts, { atoll: 72, dot: 100, l_shape: 72, s_shape: 72, square: 81 });
});

test("the complete legal boards are 1,077,346,308", () => {
  // Four islands without overlap, times the 83 cells that are then free for the dot.
  const bits = (island) => legalCorners(island).map((corner) =>
    cellsOf(island, corner).reduce((set, cell) => {
      const index = indexOf(cell);
      set[index >> 5] |= 1 << (index & 31);
      return set;
    }, [0, 0, 0, 0]));
  const apart = (a, b) => !(a[0] & b[0] || a[1] & b[1] || a[2] & b[2] || a[3] & b[3]);
  const join = (a, b) => a.map((word, i) => word | b[i]);
  const [atolls, ls, ss, squares] = ["atoll", "l_shape", "s_shape", "square"].map(bits);
  let boards = 0;
  for (const atoll of atolls) {
    for (const l of ls) {
      if (!apart(atoll, l)) continue;
      const two = join(atoll, l);
      for (const s of ss) {
        if (!apart(two, s)) continue;
        const three = join(two, s);
        for (const square of squares) if (apart(three, square)) boards += 1;
      }
    }
  }
  assert.equal(boards, 12_980_076);
  assert.equal(boards * (100 - 5 - 4 - 4 - 4), 1_077_346_308);
});

test("islands may touch and never overlap, and their own place doesn't count", () => {
  const corners = { square: at("C3") };
  assert.equal(placementError(corners, "dot", at("C5")), null);
  assert.deepEqual(placementError(corners, "dot", at("D4")), { reason: "overlapping_island", with: "square" });
  assert.equal(placementError(corners, "square", at("D4")), null);
  assert.deepEqual(placementError(corners, "square", at("J3")), { reason: "off_board" });
  // The corner of an S is not part of it, so another island may lie there.
  assert.equal(placementError({ s_shape: at("A1") }, "dot", at("A1")), null);
});

test("a random board is legal, complete, and different from the next", () => {
  const random = seeded(1);
  const seen = new Set();
  for (let n = 0; n < 300; n += 1) {
    const board = randomBoard(random);
    assert.deepEqual(missing(board), []);
    for (const island of ISLANDS) assert.equal(placementError(board, island, board[island]), null);
    seen.add(JSON.stringify(board));
  }
  assert.equal(seen.size, 300);
});

test("a shape is chosen, then put where the tapped cell is part of it", () => {
  let draft = choose(draftOf({}), "s_shape");
  draft = tap(draft, at("C4"));
  assert.deepEqual(draft.corners, { s_shape: at("C3") });
  assert.equal(draft.held, null);
  assert.equal(islandAt(draft.corners, at("C4")), "s_shape");
});

test("a placed island is lifted by the cell that is tapped and put down by it", () => {
  let draft = tap(draftOf({ square: at("A1") }), at("B2"));
  assert.equal(draft.held?.island, "square");
  draft = tap(draft, at("E5"));
  assert.deepEqual(draft.corners, { square: at("D4") });
});

test("an illegal placement keeps the island selected and the board unchanged, and gives the reason", () => {
  const before = choose(draftOf({ dot: at("A1"), square: at("C3") }), "square");
  const off = tap(before, at("J10"));
  assert.equal(off.refusal?.reason, "off_board");
  assert.deepEqual(off.outline, [at("J10")]);
  assert.deepEqual(off.corners, before.corners);
  assert.equal(off.held?.island, "square");
  const over = tap(off, at("A1"));
  assert.deepEqual(over.refusal, { reason: "overlapping_island", with: "dot", island: "square" });
  assert.deepEqual(tap(over, at("F6")).corners.square, at("F6"));
});

test("a shape chosen twice is deselected; tapping the sea with no shape selected changes nothing", () => {
  const draft = draftOf({ dot: at("A1") });
  assert.equal(choose(choose(draft, "atoll"), "atoll").held, null);
  assert.deepEqual(tap(draft, at("E5")), draft);
});

test("the preview shows where the island would lie, and whether it may", () => {
  const draft = choose(draftOf({ dot: at("A1") }), "square");
  assert.deepEqual(preview(draft, at("B2")).cells.map(nameOf), ["B2", "B3", "C2", "C3"]);
  assert.equal(preview(draft, at("B2")).possible, true);
  assert.deepEqual(preview(draft, at("J10")), { cells: [at("J10")], possible: false });
  assert.deepEqual(preview(draftOf({}), at("B2")).cells, []);
});
