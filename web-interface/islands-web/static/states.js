// The screens without a game: connecting, and the reasons why there is none to show.

import { button, h } from "./dom.js";
import { t } from "./i18n.js";

/** @param {"unknown" | "refused" | "quarantined"} state @param {...Node} actions @returns {Scene} */
function card(state, ...actions) {
	const element = h("section", { class: "card narrow" }, h("h1", { tabindex: -1 }, t(`state.${state}`)),
		h("p", {}, t(`state.${state}.how`)), h("div", { class: "actions" }, ...actions, home()));
	return { element, render: () => {} };
}

export const home = () => h("a", { class: "button", href: "/" }, t("state.home"));

/** It fades in late: a connection that comes at once shows no flash of it. */
export function connectingScreen() {
	const element = h("section", { class: "connecting" }, h("p", {}, t("link.connecting")));
	return { element, render: () => {} };
}

export const unknownScreen = () => card("unknown");

/** A link that has arrived with more than was sent. @param {{ game: string, extra: string, capitals: boolean }} link */
export function damagedElement({ game, extra, capitals }) {
	return h("section", { class: "card narrow" }, h("h1", { tabindex: -1 }, t("state.damaged")),
		extra ? h("p", {}, t("state.damaged.extra", { text: extra })) : "",
		capitals ? h("p", {}, t("state.damaged.case")) : "",
		h("div", { class: "actions" },
			h("a", { class: "button primary", href: `/g/${game}` }, t("state.damaged.open")), home()));
}

export const quarantinedScreen = () => card("quarantined");

/** @param {Session} session */
export const refusedScreen = (session) => card("refused", button(t("state.visitor"), session.act.visit, "primary"));
