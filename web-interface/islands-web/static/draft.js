// Arranging the islands, as a pure state machine.

import { ISLANDS, OFFSETS, cellsOf, placementError } from "./placement-rules.js";
import { onBoard, same } from "./coordinate.js";

/** @param {Corners} corners @returns {Draft} */
export const draftOf = (corners) => ({ corners, held: null, outline: [], refusal: null });

/** The island that covers a cell. @param {Corners} corners @param {Cell} cell @returns {Island | undefined} */
export const islandAt = (corners, cell) =>
	ISLANDS.find((island) => {
		const corner = corners[island];
		return corner !== undefined && cellsOf(island, corner).some((each) => same(each, cell));
	});

/** The corner that puts the gripped cell on `cell`. @param {NonNullable<Draft["held"]>} held @param {Cell} cell */
export function cornerFor({ island, grip }, cell) {
	const [row, col] = OFFSETS[island][grip];
	return { row: cell.row - row, col: cell.col - col };
}

/** Picks an island from the tray, or puts it back if held. @param {Draft} draft @param {Island} island @returns {Draft} */
export function choose(draft, island) {
	const held = draft.held?.island === island ? null : { island, grip: 0 };
	return { ...draftOf(draft.corners), held };
}

/** A tap on a cell lifts the island there, or puts down the held one. @param {Draft} draft @param {Cell} cell @returns {Draft} */
export function tap(draft, cell) {
	const { corners, held } = draft;
	if (held === null) {
		const island = islandAt(corners, cell);
		const corner = island && corners[island];
		if (island === undefined || corner === undefined) return draftOf(corners);
		const grip = cellsOf(island, corner).findIndex((each) => same(each, cell));
		return { ...draftOf(corners), held: { island, grip } };
	}
	const corner = cornerFor(held, cell);
	const error = placementError(corners, held.island, corner);
	if (error === null) return draftOf({ ...corners, [held.island]: corner });
	const outline = cellsOf(held.island, corner).filter(onBoard);
	return { corners, held, outline, refusal: { ...error, island: held.island } };
}

/** Where the held island would lie if put down here. @param {Draft} draft @param {Cell | null} cell */
export function preview({ corners, held }, cell) {
	if (held === null || cell === null) return { cells: [], possible: true };
	const corner = cornerFor(held, cell);
	return { cells: cellsOf(held.island, corner).filter(onBoard), possible: placementError(corners, held.island, corner) === null };
}
