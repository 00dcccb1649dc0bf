// Coordinates: `{row: 2, col: 7}` on the wire, "B7" for users, 16 as an index into 100 cells.

export const SIZE = 10;
export const LETTERS = "ABCDEFGHIJ";

/** @param {Cell} cell */
export const nameOf = ({ row, col }) => `${LETTERS[row - 1]}${col}`;

/** @param {Cell} cell */
export const indexOf = ({ row, col }) => (row - 1) * SIZE + col - 1;

/** @param {number} index */
export const cellAt = (index) => ({ row: Math.floor(index / SIZE) + 1, col: (index % SIZE) + 1 });

export const CELLS = Array.from({ length: SIZE * SIZE }, (_, index) => cellAt(index));

/** @param {Cell} cell */
export const onBoard = ({ row, col }) => row >= 1 && row <= SIZE && col >= 1 && col <= SIZE;

/** @param {Cell | null | undefined} a @param {Cell | null | undefined} b */
export const same = (a, b) => !!a && !!b && a.row === b.row && a.col === b.col;

/** Parses user input: "B7", "b 7", "J10". @param {string} text @returns {Cell | null} */
export function parse(text) {
	const match = /^\s*([a-j])\s*(10|[1-9])\s*$/i.exec(text);
	return match && { row: LETTERS.indexOf(match[1].toUpperCase()) + 1, col: Number(match[2]) };
}
