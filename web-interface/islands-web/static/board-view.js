// What each of the 100 cells of a board shows to this viewer. Pure.

import { CELLS, indexOf, onBoard } from "./coordinate.js";
import { ISLANDS } from "./placement-rules.js";
import { other } from "./reducer.js";

/** @param {boolean} known @returns {CellView[]} */
export const emptyBoardView = (known) =>
	CELLS.map(() => ({ mark: "", island: "", land: false, known, edge: "", last: false, hint: "" }));

/** The board of one player. @param {View} view @param {Player} owner @returns {CellView[]} */
export function boardViewOf(view, owner) {
	const board = view.boards?.[owner] ?? (view.viewer === owner ? view.board : null);
	const cellViews = emptyBoardView(!!board);
	putIslands(cellViews, board ?? {});
	const guesses = view.moves.filter((move) => move.player === other(owner));
	for (const guess of guesses) {
		const cellView = cellViews[indexOf(guess)];
		cellView.known = true;
		cellView.mark = guess.outcome;
		cellView.land ||= guess.outcome === "hit";
	}
	const forested = view.forested[owner];
	putIslands(cellViews, forested);
	for (const cells of Object.values(forested)) {
		for (const cell of cells) cellViews[indexOf(cell)].mark = "forested";
	}
	const last = guesses.at(-1);
	if (last) cellViews[indexOf(last)].last = true;
	markEdges(cellViews);
	return cellViews;
}

/** @param {CellView[]} cellViews @param {Islands} islands */
export function putIslands(cellViews, islands) {
	for (const island of ISLANDS) {
		for (const cell of islands[island] ?? []) {
			Object.assign(cellViews[indexOf(cell)], { island, land: true, known: true });
		}
	}
}

/**
 * Marks the outline of each island. A hit on an unknown island gets its own outline.
 * @param {CellView[]} cellViews
 */
export function markEdges(cellViews) {
	cellViews.forEach((cellView, index) => {
		if (!cellView.land) return;
		const { row, col } = CELLS[index];
		const sides = { n: { row: row - 1, col }, e: { row, col: col + 1 }, s: { row: row + 1, col }, w: { row, col: col - 1 } };
		cellView.edge = Object.entries(sides)
			.filter(([, side]) => !cellView.island || !onBoard(side) || cellViews[indexOf(side)].island !== cellView.island)
			.map(([name]) => name)
			.join(" ");
	});
}

/** The view of a finished game after its first `count` moves. @param {View} view @param {number} count @returns {View} */
export function rewind(view, count) {
	const moves = view.moves.slice(0, count);
	/** @type {View["forested"]} */
	const forested = { player1: {}, player2: {} };
	for (const { player, forested: island } of moves) {
		const owner = other(player);
		if (island) forested[owner][island] = view.forested[owner][island];
	}
	return { ...view, moves, forested };
}
