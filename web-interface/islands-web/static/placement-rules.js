// The placement rules, for instant feedback. The server decides; tests on both sides
// count the same number of legal boards.

import { CELLS, indexOf, onBoard } from "./coordinate.js";

/** @type {Island[]} */
export const ISLANDS = ["atoll", "dot", "l_shape", "s_shape", "square"];

/** @type {Record<Island, [number, number][]>} Rows and columns from the corner of the bounding box. */
export const OFFSETS = {
	atoll: [[0, 0], [0, 1], [1, 1], [2, 0], [2, 1]],
	dot: [[0, 0]],
	l_shape: [[0, 0], [1, 0], [2, 0], [2, 1]],
	s_shape: [[0, 1], [0, 2], [1, 0], [1, 1]],
	square: [[0, 0], [0, 1], [1, 0], [1, 1]],
};

/** The cells of an island, on the board or not. @param {Island} island @param {Cell} corner @returns {Cell[]} */
export const cellsOf = (island, corner) =>
	OFFSETS[island].map(([row, col]) => ({ row: corner.row + row, col: corner.col + col }));

/**
 * Why an island can't lie there, or null. Ignores its present position.
 * @param {Corners} corners @param {Island} island @param {Cell} corner @returns {PlacementError | null}
 */
export function placementError(corners, island, corner) {
	const cells = cellsOf(island, corner);
	if (!cells.every(onBoard)) return { reason: "off_board" };
	const wanted = new Set(cells.map(indexOf));
	for (const other of ISLANDS) {
		const at = corners[other];
		if (other === island || at === undefined) continue;
		if (cellsOf(other, at).some((cell) => wanted.has(indexOf(cell)))) {
			return { reason: "overlapping_island", with: other };
		}
	}
	return null;
}

/** @param {Corners} corners */
export const missing = (corners) => ISLANDS.filter((island) => corners[island] === undefined);

/** @param {Island} island @returns {Cell[]} */
export const legalCorners = (island) => CELLS.filter((corner) => cellsOf(island, corner).every(onBoard));

/**
 * Draws a board uniformly from all legal ones, by rejection sampling: an overlap restarts.
 * Two of three attempts fail, which costs microseconds.
 * @param {() => number} random @returns {Required<Corners>}
 */
export function randomBoard(random) {
	const choices = ISLANDS.map((island) => /** @type {const} */ ([island, legalCorners(island)]));
	for (;;) {
		/** @type {Corners} */
		const corners = {};
		for (const [island, legal] of choices) {
			const corner = legal[Math.floor(random() * legal.length)];
			if (placementError(corners, island, corner) !== null) break;
			corners[island] = corner;
		}
		if (missing(corners).length === 0) return /** @type {Required<Corners>} */ (corners);
	}
}
