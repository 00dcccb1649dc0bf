// What each of the hundred cells of a sea shows to this viewer. Pure.

import { CELLS, indexOf, onBoard } from "./coordinate.js";
import { ISLANDS } from "./legal.js";
import { other } from "./reducer.js";

/** @param {boolean} known @returns {Spot[]} */
export const emptyChart = (known) =>
	CELLS.map(() => ({ mark: "", island: "", land: false, known, edge: "", last: false, hint: "" }));

/** The sea of one player. @param {View} view @param {Player} owner @returns {Spot[]} */
export function chartOf(view, owner) {
	const board = view.boards?.[owner] ?? (view.viewer === owner ? view.board : null);
	const spots = emptyChart(!!board);
	putIslands(spots, board ?? {});
	const guesses = view.moves.filter((move) => move.player === other(owner));
	for (const guess of guesses) {
		const spot = spots[indexOf(guess)];
		spot.known = true;
		spot.mark = guess.outcome;
		spot.land ||= guess.outcome === "hit";
	}
	const forested = view.forested[owner];
	putIslands(spots, forested);
	for (const cells of Object.values(forested)) {
		for (const cell of cells) spots[indexOf(cell)].mark = "forested";
	}
	const last = guesses.at(-1);
	if (last) spots[indexOf(last)].last = true;
	drawShores(spots);
	return spots;
}

/** @param {Spot[]} spots @param {Islands} islands */
export function putIslands(spots, islands) {
	for (const island of ISLANDS) {
		for (const cell of islands[island] ?? []) {
			Object.assign(spots[indexOf(cell)], { island, land: true, known: true });
		}
	}
}

/**
 * A shore runs around each island. Of a hit whose island is unknown no one can say
 * where it goes on, so each is drawn by itself; once forested they join.
 * @param {Spot[]} spots
 */
export function drawShores(spots) {
	spots.forEach((spot, index) => {
		if (!spot.land) return;
		const { row, col } = CELLS[index];
		const sides = { n: { row: row - 1, col }, e: { row, col: col + 1 }, s: { row: row + 1, col }, w: { row, col: col - 1 } };
		spot.edge = Object.entries(sides)
			.filter(([, side]) => !spot.island || !onBoard(side) || spots[indexOf(side)].island !== spot.island)
			.map(([name]) => name)
			.join(" ");
	});
}

/** A game that is over, as it stood after some moves. @param {View} view @param {number} count @returns {View} */
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
