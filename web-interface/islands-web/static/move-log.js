// The list of moves, newest first.

import { h, icon, show } from "./dom.js";
import { nameOf } from "./coordinate.js";
import { playerName } from "./game-text.js";
import { t } from "./i18n.js";

export function createMoveLog() {
	const none = h("p", { class: "muted" }, t("log.none"));
	const list = h("ol", {});
	const scroller = h("div", { class: "scroller", role: "region", tabindex: 0, "aria-labelledby": "log-title" }, none, list);
	let shown = 0;

	/** @param {View} view @param {Move} move @param {number} number */
	function line(view, move, number) {
		const what = move.forested ? "forested" : move.outcome;
		const name = move.player === view.viewer ? t("log.you") : playerName(view, move.player);
		const which = move.forested ? `: ${t(`island.${move.forested}`)}` : "";
		return h("li", { "data-mark": what },
			h("span", { class: "number" }, String(number)), h("span", { class: "who" }, name),
			h("b", {}, nameOf(move)), icon(`mark-${what}`), h("span", {}, t(`cell.${what}`) + which));
	}

	return {
		element: h("section", { class: "log" }, h("h2", { id: "log-title" }, t("log.title")), scroller),
		/** @param {View} view */
		update(view) {
			const { moves } = view;
			show(none, moves.length === 0);
			if (moves.length < shown) {
				list.replaceChildren();
				shown = 0;
			}
			for (; shown < moves.length; shown += 1) list.prepend(line(view, moves[shown], shown + 1));
		},
	};
}
