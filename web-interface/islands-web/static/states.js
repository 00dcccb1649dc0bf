// The screens without a game: connecting, and the reasons why there is none to show.

import { button, h } from "./dom.js";
import { t } from "./i18n.js";

/** @param {string} title @param {string} how @param {...Node} actions @returns {Scene} */
function card(title, how, ...actions) {
	const element = h("section", { class: "card narrow" },
		h("h1", { tabindex: -1 }, title), h("p", {}, how), h("div", { class: "actions" }, ...actions));
	return { element, render: () => {} };
}

const home = () => h("a", { class: "button", href: "/" }, t("state.home"));

/** @returns {Scene} */
export function connectingScreen() {
	// It fades in late: a connection that comes at once shows no flash of this.
	const element = h("section", { class: "connecting" }, h("p", {}, t("link.connecting")));
	return { element, render: () => {} };
}

export const unknownScreen = () => card(t("state.unknown"), t("state.unknown.how"), home());

export const quarantinedScreen = () => card(t("state.quarantined"), t("state.quarantined.how"), home());

/** @param {Session} session */
export const refusedScreen = (session) =>
	card(t("state.refused"), t("state.refused.how"), button(t("state.visitor"), session.act.visit, "primary"), home());
