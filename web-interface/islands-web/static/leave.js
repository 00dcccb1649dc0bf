// The quiet ways out of a game: give it up, or claim it from one who is gone.

import { button, h, say, show } from "./dom.js";
import { other } from "./reducer.js";
import { playerName } from "./words.js";
import { t } from "./i18n.js";

/** @param {Session} session */
export function createLeave({ act }) {
	const resign = button(t("leave.resign"), () => ask(true), "quiet");
	const claim = button("", () => act.ask("claim_win"), "quiet");
	const yes = button(t("leave.yes"), () => act.ask("resign"), "danger");
	const no = button(t("leave.no"), () => ask(false));
	const sure = h("div", { class: "sure", hidden: true }, h("p", {}, t("leave.sure")), yes, no);
	const ways = h("div", { class: "ways" }, resign, claim);

	/** @param {boolean} asking */
	function ask(asking) {
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
			say(claim, t("leave.claim", { name: playerName(view, other(view.viewer)) }));
		},
	};
}
