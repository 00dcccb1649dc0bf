// Small drawings of the five islands, for the tray and for what is left of a fleet.

import { OFFSETS } from "./legal.js";

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string | number>} attributes */
function draw(tag, attributes) {
	const element = document.createElementNS(SVG, tag);
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
	return element;
}

/** An island on a field of three by three, in the middle. @param {Island} island */
export function shape(island) {
	const cells = OFFSETS[island];
	const rows = Math.max(...cells.map(([row]) => row)) + 1;
	const cols = Math.max(...cells.map(([, col]) => col)) + 1;
	const svg = draw("svg", { viewBox: "-1 -1 32 32", class: "shape", "aria-hidden": "true" });
	for (const [row, col] of cells) {
		const x = col * 10 + (30 - cols * 10) / 2;
		const y = row * 10 + (30 - rows * 10) / 2;
		svg.append(draw("rect", { x, y, width: 10, height: 10 }));
	}
	return svg;
}
