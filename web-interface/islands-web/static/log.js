// The moves so far, the newest first.

import { h, icon, show } from "./dom.js";
import { nameOf } from "./coordinate.js";
import { playerName } from "./words.js";
import { t } from "./i18n.js";

const SYMBOL = { miss: "mark-miss", hit: "mark-hit", forested: "mark-tree" };

export function createLog() {
	const none = h("p", { class: "muted" }, t("log.none"));
	const list = h("ol", { class: "log-list" });
	const scroller = h("div", { class: "scroller", role: "region", tabindex: 0, "aria-labelledby": "log-title" }, none, list);
	/** @type {number} */
	let shown = 0;

	/** @param {State} state @param {View} view @param {Move} move @param {number} number */
	function line(state, view, move, number) {
		const what = move.forested ? "forested" : move.outcome;
		const who = move.player === view.viewer ? t("log.you") : playerName(state, view, move.player);
		const words = move.forested ? `${t("cell.forested")}: ${t(`island.${move.forested}`)}` : t(`cell.${what}`);
		return h("li", { "data-mark": what },
			h("span", { class: "number" }, String(number)), h("span", { class: "who" }, who),
			h("b", {}, nameOf(move)), icon(SYMBOL[what]), h("span", { class: "what" }, words));
	}

	return {
		element: h("section", { class: "log" }, h("h2", { id: "log-title" }, t("log.title")), scroller),
		/** @param {State} state @param {View} view */
		update(state, view) {
			const { moves } = view;
			show(none, moves.length === 0);
			if (moves.length < shown) {
				list.replaceChildren();
				shown = 0;
			}
			for (; shown < moves.length; shown += 1) list.prepend(line(state, view, moves[shown], shown + 1));
		},
	};
}
