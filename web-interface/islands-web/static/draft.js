// Arranging one's islands, as a pure state machine: the screen only shows it.

import { ISLANDS, OFFSETS, cellsOf, check } from "./legal.js";
import { onBoard, same } from "./coordinate.js";

/** @param {Corners} corners @returns {Draft} */
export const draftOf = (corners) => ({ corners, held: null, outline: [], refusal: null });

/** The island that covers a cell. @param {Corners} corners @param {Cell} cell @returns {Island | undefined} */
export const islandAt = (corners, cell) =>
	ISLANDS.find((island) => {
		const corner = corners[island];
		return corner !== undefined && cellsOf(island, corner).some((each) => same(each, cell));
	});

/** The corner that puts the gripped cell of what is held on this cell. @param {NonNullable<Draft["held"]>} held @param {Cell} cell */
export function cornerFor({ island, grip }, cell) {
	const [row, col] = OFFSETS[island][grip];
	return { row: cell.row - row, col: cell.col - col };
}

/** A shape of the tray is chosen; chosen again, it is let go. @param {Draft} draft @param {Island} island @returns {Draft} */
export function choose(draft, island) {
	const held = draft.held?.island === island ? null : { island, grip: 0 };
	return { ...draftOf(draft.corners), held };
}

/** A cell is tapped: lift what lies there, or put down what is held. @param {Draft} draft @param {Cell} cell @returns {Draft} */
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
	const impossible = check(corners, held.island, corner);
	if (impossible === null) return draftOf({ ...corners, [held.island]: corner });
	const outline = cellsOf(held.island, corner).filter(onBoard);
	return { corners, held, outline, refusal: { ...impossible, island: held.island } };
}

/** Where what is held would lie with the pointer or the focus on this cell. @param {Draft} draft @param {Cell | null} cell */
export function preview({ corners, held }, cell) {
	if (held === null || cell === null) return { cells: [], possible: true };
	const corner = cornerFor(held, cell);
	return { cells: cellsOf(held.island, corner).filter(onBoard), possible: check(corners, held.island, corner) === null };
}
