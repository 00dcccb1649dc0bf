// The 10×10 grid of buttons, built once. Updates change attributes only.

import { CELLS, LETTERS, SIZE, indexOf, nameOf } from "./coordinate.js";
import { enable, h, icon, set } from "./dom.js";
import { nextCell } from "./keyboard.js";
import { t } from "./i18n.js";

/** Fields that become `data-` attributes. */
const DATA = /** @type {const} */ (["mark", "land", "edge", "last", "hint"]);

/** The accessible name of a cell: "B7, hit, atoll". @param {number} index @param {CellView} cellView */
export function cellName(index, cellView) {
	const words = [nameOf(CELLS[index])];
	if (cellView.mark) words.push(t(`cell.${cellView.mark}`));
	if (cellView.island) words.push(t(`island.${cellView.island}`));
	else if (cellView.land && !cellView.mark) words.push(t("cell.land"));
	else if (!cellView.mark) words.push(t(cellView.known ? "cell.sea" : "cell.unknown"));
	if (cellView.last) words.push(t("cell.last"));
	if (cellView.hint && cellView.hint !== "fired") words.push(t(`cell.${cellView.hint}`));
	return words.join(", ");
}

/**
 * @param {object} options
 * @param {(cell: Cell, modality: Modality) => void} [options.onCell] A cell was chosen.
 * @param {(cell: Cell | null) => void} [options.onHover] The pointer or focus moved to a cell, or to none.
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

	// Roving tabindex: the last used cell is the only tab stop.
	let tabStop = 0;
	/** @param {number} index */
	function moveTabStop(index) {
		set(cells[tabStop].button, "tabindex", -1);
		set(cells[index].button, "tabindex", 0);
		tabStop = index;
	}
	moveTabStop(0);

	/** @param {Event} event */
	const indexAt = (event) => {
		const button = /** @type {Element} */ (event.target).closest?.(".cell");
		return cells.findIndex((cell) => cell.button === button);
	};

	element.addEventListener("click", (event) => {
		const index = indexAt(event);
		if (index < 0) return;
		moveTabStop(index);
		const { pointerType } = /** @type {PointerEvent} */ (event);
		const modality = pointerType === "mouse" ? "mouse" : pointerType ? "touch" : "keys";
		onCell?.(CELLS[index], modality);
	});
	element.addEventListener("keydown", (event) => {
		if (event.key === "Escape") onCancel?.();
		const index = indexAt(event);
		if (index < 0 || event.altKey || event.metaKey) return;
		const to = nextCell(CELLS[index], event.key, event.ctrlKey);
		if (to === null) return;
		event.preventDefault();
		focus(to);
	});
	element.addEventListener("focusin", (event) => {
		const index = indexAt(event);
		if (index < 0) return;
		moveTabStop(index);
		onHover?.(CELLS[index]);
	});
	element.addEventListener("pointerover", (event) => {
		// Touch does not hover: it chooses the cell.
		if (event.pointerType !== "mouse") return;
		const index = indexAt(event);
		if (index >= 0) onHover?.(CELLS[index]);
	});
	element.addEventListener("pointerleave", () => onHover?.(null));

	/** @param {Cell} cell */
	function focus(cell) {
		moveTabStop(indexOf(cell));
		cells[tabStop].button.focus();
	}

	return {
		element,
		/** @param {CellView[]} cellViews @param {{ label: string, usable: (cell: Cell) => boolean }} options */
		update(cellViews, { label, usable }) {
			set(element, "aria-label", label);
			cellViews.forEach((cellView, index) => {
				const { button, use } = cells[index];
				const symbol = cellView.mark || (cellView.hint === "aim" || cellView.hint === "fired" ? "aim" : "");
				set(use, "href", symbol && `#mark-${symbol}`);
				set(button, "aria-label", cellName(index, cellView));
				enable(button, usable(CELLS[index]));
				for (const name of DATA) set(button, `data-${name}`, cellView[name] || null);
			});
		},
	};
}
