// Screens without a board: connecting, unknown, refused, quarantined, damaged link.

import { button, h } from "./dom.js";
import { t } from "./i18n.js";

/** @param {"unknown" | "refused" | "quarantined"} state @param {...Node} actions @returns {GameScreen} */
function card(state, ...actions) {
	const element = h("section", { class: "card narrow" }, h("h1", { tabindex: -1 }, t(`state.${state}`)),
		h("p", {}, t(`state.${state}.how`)), h("div", { class: "actions" }, ...actions, home()));
	return { element, render: () => {} };
}

export const home = () => h("a", { class: "button", href: "/" }, t("state.home"));

/** The style sheet delays it, so a fast connection shows no flash. */
export function connectingScreen() {
	const element = h("section", { class: "connecting" }, h("p", {}, t("link.connecting")));
	return { element, render: () => {} };
}

export const unknownScreen = () => card("unknown");

/** For a link with surplus characters or capitals. @param {{ game: string, extra: string, capitals: boolean }} link */
export function damagedLinkCard({ game, extra, capitals }) {
	return h("section", { class: "card narrow" }, h("h1", { tabindex: -1 }, t("state.damaged")),
		extra ? h("p", {}, t("state.damaged.extra", { text: extra })) : "",
		capitals ? h("p", {}, t("state.damaged.case")) : "",
		h("div", { class: "actions" },
			h("a", { class: "button primary", href: `/g/${game}` }, t("state.damaged.open")), home()));
}

export const quarantinedScreen = () => card("quarantined");

/** @param {Session} session */
export const refusedScreen = (session) => card("refused", button(t("state.visitor"), session.actions.discardSeat, "primary"));
