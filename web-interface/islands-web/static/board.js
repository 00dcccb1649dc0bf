// The one grid of all screens: a hundred buttons, built once. Afterwards only attributes change.

import { SIZE, cellAt, indexOf, nameOf, rowName } from "./coordinate.js";
import { h, icon, set } from "./dom.js";
import { step } from "./keys.js";
import { t } from "./i18n.js";

const SYMBOL = { "": "", miss: "mark-miss", hit: "mark-hit", forested: "mark-tree" };
const HINT_SYMBOL = { "": "", aim: "mark-aim", fired: "mark-aim", possible: "", impossible: "", held: "" };

/** What a cell is called: "B7, hit, atoll". @param {number} index @param {Spot} spot */
export function cellName(index, spot) {
	const words = [nameOf(cellAt(index))];
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
	const rows = [h("div", { role: "row", class: "row head" }, corner)];
	for (let col = 1; col <= SIZE; col += 1) {
		rows[0].append(h("span", { role: "columnheader", class: "name" }, String(col)));
	}
	for (let row = 1; row <= SIZE; row += 1) {
		const line = h("div", { role: "row", class: "row" }, h("span", { role: "rowheader", class: "name" }, rowName(row)));
		for (let col = 1; col <= SIZE; col += 1) {
			const mark = icon("", "mark");
			const button = h("button", { type: "button", class: "cell", tabindex: -1 }, mark);
			cells.push({ button, use: /** @type {Element} */ (mark.firstElementChild) });
			line.append(h("span", { role: "gridcell" }, button));
		}
		rows.push(line);
	}
	const element = h("div", { role: "grid", class: "board" }, ...rows);

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
		onCell?.(cellAt(index), means);
	});
	element.addEventListener("keydown", (event) => {
		if (event.key === "Escape") onCancel?.();
		const index = indexAt(event);
		if (index < 0 || event.altKey || event.metaKey) return;
		const to = step(cellAt(index), event.key, event.ctrlKey);
		if (to === null) return;
		event.preventDefault();
		focus(to);
	});
	element.addEventListener("focusin", (event) => {
		const index = indexAt(event);
		if (index < 0) return;
		moveStop(index);
		onHover?.(cellAt(index));
	});
	element.addEventListener("pointerover", (event) => {
		// A finger doesn't hover; what it touches it chooses.
		if (event.pointerType !== "mouse") return;
		const index = indexAt(event);
		if (index >= 0) onHover?.(cellAt(index));
	});
	element.addEventListener("pointerleave", () => onHover?.(null));

	/** @param {Cell} cell */
	function focus(cell) {
		moveStop(indexOf(cell));
		cells[stop].button.focus();
	}

	return {
		element,
		focus,
		/** The cell that the Tab key leads to. */
		stop: () => cellAt(stop),
		/** @param {Spot[]} spots @param {{ label: string, usable: (spot: Spot, index: number) => boolean }} options */
		update(spots, { label, usable }) {
			set(element, "aria-label", label);
			spots.forEach((spot, index) => {
				const { button, use } = cells[index];
				const symbol = SYMBOL[spot.mark] || HINT_SYMBOL[spot.hint];
				set(use, "href", symbol && `#${symbol}`);
				set(button, "aria-label", cellName(index, spot));
				set(button, "aria-disabled", usable(spot, index) ? null : "true");
				set(button, "data-mark", spot.mark || null);
				set(button, "data-island", spot.island || null);
				set(button, "data-land", spot.land);
				set(button, "data-edge", spot.edge || null);
				set(button, "data-last", spot.last);
				set(button, "data-hint", spot.hint || null);
			});
		},
	};
}
