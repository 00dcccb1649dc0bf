// Small drawings of the five islands, for the tray and the fleet.

import { OFFSETS } from "./placement-rules.js";
import { svg } from "./dom.js";

/** An island, centred in a 3×3 field. @param {Island} island */
export function shape(island) {
	const cells = OFFSETS[island];
	const rows = Math.max(...cells.map(([row]) => row)) + 1;
	const cols = Math.max(...cells.map(([, col]) => col)) + 1;
	const squares = cells.map(([row, col]) =>
		svg("rect", { x: col * 10 + 15 - cols * 5, y: row * 10 + 15 - rows * 5, width: 10, height: 10 }));
	return svg("svg", { viewBox: "-1 -1 32 32", class: "shape", "aria-hidden": "true" }, ...squares);
}
