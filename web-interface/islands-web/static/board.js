// The one grid of all screens: a hundred buttons, built once. Afterwards only attributes change.

import { CELLS, LETTERS, SIZE, indexOf, nameOf } from "./coordinate.js";
import { enable, h, icon, set } from "./dom.js";
import { step } from "./keys.js";
import { t } from "./i18n.js";

/** What of a spot the style sheet and the checks read. */
const DATA = /** @type {const} */ (["mark", "land", "edge", "last", "hint"]);

/** What a cell is called: "B7, hit, atoll". @param {number} index @param {Spot} spot */
export function cellName(index, spot) {
	const words = [nameOf(CELLS[index])];
	if (spot.mark) words.push(t(`cell.${spot.mark}`));
	if (spot.island) words.push(t(`island.${spot.island}`));
	else if (spot.land && !spot.mark) words.push(t("cell.land"));
	else if (!spot.mark) words.push(t(spot.known ? "cell.sea" : "cell.unknown"));
	if (spot.last) words.push(t("cell.last"));
	if (spot.hint && spot.hint !== "fired") words.push(t(`cell.${spot.hint}`));
	return words.join(", ");
}

/**
 * @param {object} options
 * @param {(cell: Cell, means: Means) => void} [options.onCell] A cell is chosen.
 * @param {(cell: Cell | null) => void} [options.onHover] The pointer or the focus is on a cell, or on none.
 * @param {() => void} [options.onCancel] Esc.
 */
export function createBoard({ onCell, onHover, onCancel }) {
	/** @type {{ button: HTMLElement, use: Element }[]} */
	const cells = [];
	const corner = h("span", { role: "columnheader", class: "corner", "aria-label": "A–J, 1–10" });
	const head = h("div", { role: "row", class: "row head" }, corner);
	const element = h("div", { role: "grid", class: "board" }, head);
	for (let col = 1; col <= SIZE; col += 1) head.append(h("span", { role: "columnheader", class: "name" }, String(col)));
	for (const letter of LETTERS) {
		const line = h("div", { role: "row", class: "row" }, h("span", { role: "rowheader", class: "name" }, letter));
		for (let col = 1; col <= SIZE; col += 1) {
			const mark = icon("", "mark");
			const button = h("button", { type: "button", class: "cell", tabindex: -1 }, mark);
			cells.push({ button, use: /** @type {Element} */ (mark.firstElementChild) });
			line.append(h("span", { role: "gridcell" }, button));
		}
		element.append(line);
	}

	// One tab stop: the cell where one was last.
	let stop = 0;
	/** @param {number} index */
	function moveStop(index) {
		set(cells[stop].button, "tabindex", -1);
		set(cells[index].button, "tabindex", 0);
		stop = index;
	}
	moveStop(0);

	/** @param {Event} event */
	const indexAt = (event) => {
		const button = /** @type {Element} */ (event.target).closest?.(".cell");
		return cells.findIndex((cell) => cell.button === button);
	};

	element.addEventListener("click", (event) => {
		const index = indexAt(event);
		if (index < 0) return;
		moveStop(index);
		const { pointerType } = /** @type {PointerEvent} */ (event);
		const means = pointerType === "mouse" ? "mouse" : pointerType ? "touch" : "keys";
		onCell?.(CELLS[index], means);
	});
	element.addEventListener("keydown", (event) => {
		if (event.key === "Escape") onCancel?.();
		const index = indexAt(event);
		if (index < 0 || event.altKey || event.metaKey) return;
		const to = step(CELLS[index], event.key, event.ctrlKey);
		if (to === null) return;
		event.preventDefault();
		focus(to);
	});
	element.addEventListener("focusin", (event) => {
		const index = indexAt(event);
		if (index < 0) return;
		moveStop(index);
		onHover?.(CELLS[index]);
	});
	element.addEventListener("pointerover", (event) => {
		// A finger doesn't hover; what it touches it chooses.
		if (event.pointerType !== "mouse") return;
		const index = indexAt(event);
		if (index >= 0) onHover?.(CELLS[index]);
	});
	element.addEventListener("pointerleave", () => onHover?.(null));

	/** @param {Cell} cell */
	function focus(cell) {
		moveStop(indexOf(cell));
		cells[stop].button.focus();
	}

	return {
		element,
		/** @param {Spot[]} spots @param {{ label: string, usable: (cell: Cell) => boolean }} options */
		update(spots, { label, usable }) {
			set(element, "aria-label", label);
			spots.forEach((spot, index) => {
				const { button, use } = cells[index];
				const symbol = spot.mark || (spot.hint === "aim" || spot.hint === "fired" ? "aim" : "");
				set(use, "href", symbol && `#mark-${symbol}`);
				set(button, "aria-label", cellName(index, spot));
				enable(button, usable(CELLS[index]));
				for (const name of DATA) set(button, `data-${name}`, spot[name] || null);
			});
		},
	};
}
