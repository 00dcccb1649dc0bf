// Below the enemy's sea: the button that fires, and the field for typing a move.

import { button, enable, field, h, say, show } from "./dom.js";
import { isOpen, trouble } from "./words.js";
import { nameOf, parse } from "./coordinate.js";
import { onMeans } from "./means.js";
import { turnOf } from "./reducer.js";
import { t } from "./i18n.js";
import { announce } from "./announce.js";

/** @param {Session} session */
export function createFire({ act, get }) {
	const fire = button("", () => {
		const { aim } = get();
		if (aim) act.fire(aim);
	}, "primary wide");
	const problem = h("p", { class: "reason" });
	const hint = h("p", { class: "keys muted" });
	onMeans((means) => say(hint, t(`fire.${means}`)));
	const { input, label, error, complain } = field("move", t("fire.type"), {
		size: 6, maxlength: 8, autocomplete: "off", autocapitalize: "characters", enterkeyhint: "go",
	});
	const enter = h("button", { type: "submit", "aria-label": t("fire.choose") }, "↵");
	const form = h("form", { class: "field", hidden: true }, label, h("div", { class: "together" }, input, enter), error);

	/** @type {any} Where to go back to. */
	let before = null;

	function close() {
		if (form.hidden) return;
		show(form, false);
		before?.focus();
	}

	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const { view } = get();
		const cell = parse(input.value);
		if (view === null) return;
		if (cell === null) complain(t("fire.bad", { text: input.value }));
		else if (!isOpen(view, cell)) complain(t("fire.again", { cell: nameOf(cell) }));
		else if (turnOf(view) !== view.viewer) complain(t("reason.not_your_turn"));
		else {
			close();
			act.fire(cell);
		}
	});
	form.addEventListener("keydown", (event) => {
		if (event.key === "Escape") close();
	});

	return {
		element: h("div", { class: "fire" }, fire, form,
			h("div", { class: "below" }, problem, hint)),
		/** Opens the field, wherever the focus is. */
		type() {
			if (form.hidden) before = document.activeElement;
			show(form, true);
			complain("");
			input.value = "";
			input.focus();
		},
		/** @param {State} state @param {View} view */
		update(state, view) {
			const { aim, firing } = state;
			const mine = turnOf(view) === view.viewer;
			const key = firing ? "fire.firing" : !aim ? "fire.choose" : mine ? "fire.at" : "fire.not_yet";
			const cell = firing ?? aim;
			say(fire, t(key, cell ? { cell: nameOf(cell) } : {}));
			enable(fire, aim !== null && mine && !firing);
			const why = trouble(state, view);
			if (why && why !== problem.textContent) announce(why);
			say(problem, why);
		},
	};
}
