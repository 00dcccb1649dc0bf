// Controls to resign, and to claim the win from an absent opponent.

import { button, h, setText, show } from "./dom.js";
import { other } from "./reducer.js";
import { playerName } from "./game-text.js";
import { t } from "./i18n.js";

/** @param {Session} session */
export function createResign({ actions }) {
	const resign = button(t("leave.resign"), () => confirm(true), "quiet");
	const claim = button("", () => actions.send("claim_win"), "quiet");
	const yes = button(t("leave.yes"), () => actions.send("resign"), "danger");
	const no = button(t("leave.no"), () => confirm(false));
	const sure = h("div", { class: "sure", hidden: true }, h("p", {}, t("leave.sure")), yes, no);
	const ways = h("div", { class: "ways" }, resign, claim);

	/** @param {boolean} asking */
	function confirm(asking) {
		show(sure, asking);
		show(ways, !asking);
		(asking ? no : resign).focus();
	}

	return {
		element: h("details", { class: "leave" }, h("summary", {}, t("leave.title")), ways, sure),
		/** @param {State} state @param {View} view */
		update(state, view) {
			if (view.viewer === null) return;
			// The computer never goes away.
			show(claim, !state.computer);
			setText(claim, t("leave.claim", { name: playerName(view, other(view.viewer)) }));
		},
	};
}
