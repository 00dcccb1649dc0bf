// Chance from a seed, so that a failing game can be played again.

import { SHAPES, cellKey, cellsOf } from '../oracle.mjs';

const LINES = Array.from({ length: 10 }, (_, i) => i + 1);
const CELLS = LINES.flatMap((row) => LINES.map((col) => ({ row, col })));
const ON_BOARD = new Set(CELLS.map(cellKey));

/** A stream of numbers below 1: mulberry32 by Tommy Ettinger. */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = (list) => list[Math.floor(next() * list.length)];
  return { next, pick, once: (probability) => next() < probability };
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

export { CELLS };
