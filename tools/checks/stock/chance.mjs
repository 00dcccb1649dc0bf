// Chance from a seed, so that a failing game can be played again.

import { SHAPES, cellKey, cellsOf } from "../oracle.mjs";
import { seeded } from "../page/seeded.js";

const LINES = Array.from({ length: 10 }, (_, i) => i + 1);
export const CELLS = LINES.flatMap((row) => LINES.map((col) => ({ row, col })));
const ON_BOARD = new Set(CELLS.map(cellKey));

/** What chance can do, with a seed. */
export function chance(seed) {
  const next = seeded(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  return { pick, once: (probability) => next() < probability };
}

/** Corners of five islands, none of them on a cell that is taken. */
export function board(luck, taken = new Set()) {
  for (;;) {
    const corners = {};
    const used = new Set(taken);
    for (const island of Object.keys(SHAPES)) {
      const corner = luck.pick(CELLS);
      const keys = cellsOf(island, corner.row, corner.col).map(cellKey);
      if (!keys.every((key) => ON_BOARD.has(key) && !used.has(key))) break;
      keys.forEach((key) => used.add(key));
      corners[island] = corner;
    }
    if (Object.keys(corners).length === Object.keys(SHAPES).length) return corners;
  }
}

/** The cells of such a board, as keys. */
export const landOf = (corners) =>
  new Set(Object.entries(corners).flatMap(([island, { row, col }]) => cellsOf(island, row, col).map(cellKey)));
