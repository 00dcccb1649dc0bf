// Random values from a seed, so that a failing game is reproducible.

import { SHAPES, cellKey, cellsOf } from "../oracle.mjs";
import { seeded } from "../page/seeded.js";

const LINES = Array.from({ length: 10 }, (_, i) => i + 1);
export const CELLS = LINES.flatMap((row) => LINES.map((col) => ({ row, col })));
const ON_BOARD = new Set(CELLS.map(cellKey));

/** A seeded random source. */
export function seededRandom(seed) {
  const next = seeded(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  return { pick, chance: (probability) => next() < probability };
}

/** Random corners of five islands that avoid the taken cells. */
export function board(random, taken = new Set()) {
  for (;;) {
    const corners = {};
    const used = new Set(taken);
    for (const island of Object.keys(SHAPES)) {
      const corner = random.pick(CELLS);
      const keys = cellsOf(island, corner.row, corner.col).map(cellKey);
      if (!keys.every((key) => ON_BOARD.has(key) && !used.has(key))) break;
      keys.forEach((key) => used.add(key));
      corners[island] = corner;
    }
    if (Object.keys(corners).length === Object.keys(SHAPES).length) return corners;
  }
}

/** The cells of the islands at these corners, as keys. */
export const landOf = (corners) =>
  new Set(Object.entries(corners).flatMap(([island, { row, col }]) => cellsOf(island, row, col).map(cellKey)));
