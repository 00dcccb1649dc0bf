// Below the enemy's sea: the button that fires, and the field for typing a move.

import { button, enable, h, say, set, show } from "./dom.js";
import { isOpen, trouble } from "./words.js";
import { nameOf, parse } from "./coordinate.js";
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
	const input = h("input", {
		id: "move", size: 6, maxlength: 8, autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
		enterkeyhint: "go", "aria-describedby": "move-error",
	});
	const error = h("p", { id: "move-error", class: "error", role: "alert", hidden: true });
	const form = h("form", { class: "type", hidden: true },
		h("label", { for: "move" }, t("fire.type")),
		h("div", { class: "together" }, input, h("button", { type: "submit" }, "↵")), error);
	form.querySelector("button")?.setAttribute("aria-label", t("fire.choose"));

	/** @type {Element | null} Where to go back to. */
	let before = null;

	function close() {
		if (form.hidden) return;
		show(form, false);
		if (before instanceof HTMLElement) before.focus();
	}

	/** @param {string} text */
	function complain(text) {
		show(error, text !== "");
		say(error, text);
		set(input, "aria-invalid", text !== "" && "true");
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
			h("div", { class: "below" }, problem, h("p", { class: "keys muted" }, t("fire.keys")))),
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
			const words = firing ? t("fire.firing", { cell: nameOf(firing) })
				: aim === null ? t("fire.choose")
				: t(mine ? "fire.at" : "fire.not_yet", { cell: nameOf(aim) });
			say(fire, words);
			enable(fire, aim !== null && mine && !firing);
			const why = trouble(state, view);
			if (why && why !== problem.textContent) announce(why);
			say(problem, why);
		},
	};
}
