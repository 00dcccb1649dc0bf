// Keyboard navigation on a board.

import { SIZE } from "./coordinate.js";

/**
 * The cell to focus after a key, or null if the key does not navigate.
 * Stops at the edge: wrapping around would disorient a blind user.
 * @param {Cell} from @param {string} key @param {boolean} ctrl @returns {Cell | null}
 */
export function nextCell({ row, col }, key, ctrl) {
	switch (key) {
		case "ArrowUp": return { row: Math.max(1, row - 1), col };
		case "ArrowDown": return { row: Math.min(SIZE, row + 1), col };
		case "ArrowLeft": return { row, col: Math.max(1, col - 1) };
		case "ArrowRight": return { row, col: Math.min(SIZE, col + 1) };
		case "Home": return { row: ctrl ? 1 : row, col: 1 };
		case "End": return { row: ctrl ? SIZE : row, col: SIZE };
		default: return null;
	}
}
