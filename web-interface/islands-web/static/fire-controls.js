// The fire button, and the field for typing a move.

import { button, enable, field, h, setText, show } from "./dom.js";
import { problemText } from "./game-text.js";
import { nameOf, parse } from "./coordinate.js";
import { onModality } from "./modality.js";
import { canGuess, turnOf } from "./reducer.js";
import { t } from "./i18n.js";
import { announce } from "./announce.js";

/** @param {Session} session */
export function createFireControls({ actions, get }) {
	const fire = button("", () => {
		const { aim } = get();
		if (aim) actions.fire(aim);
	}, "primary wide");
	const problem = h("p", { class: "reason" });
	const hint = h("p", { class: "keys muted" });
	onModality((modality) => setText(hint, t(`fire.${modality}`)));
	const { input, label, error, showError } = field("move", t("fire.type"), {
		size: 6, maxlength: 8, autocomplete: "off", autocapitalize: "characters", enterkeyhint: "go",
	});
	const enter = h("button", { type: "submit", "aria-label": t("fire.choose") }, "↵");
	const form = h("form", { class: "field", hidden: true }, label, h("div", { class: "together" }, input, enter), error);

	/** @type {any} The element to refocus on close. */
	let opener = null;

	function close() {
		if (form.hidden) return;
		show(form, false);
		opener?.focus();
	}

	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const { view } = get();
		const cell = parse(input.value);
		if (view === null) return;
		if (cell === null) showError(t("fire.bad", { text: input.value }));
		else if (!canGuess(view, cell)) showError(t("fire.again", { cell: nameOf(cell) }));
		else if (turnOf(view) !== view.viewer) showError(t("reason.not_your_turn"));
		else {
			close();
			actions.fire(cell);
		}
	});
	form.addEventListener("keydown", (event) => {
		if (event.key === "Escape") close();
	});

	return {
		element: h("div", { class: "fire" }, fire, form,
			h("div", { class: "below" }, problem, hint)),
		openInput() {
			if (form.hidden) opener = document.activeElement;
			show(form, true);
			showError("");
			input.value = "";
			input.focus();
		},
		/** @param {State} state @param {View} view */
		update(state, view) {
			const { aim, firing } = state;
			const mine = turnOf(view) === view.viewer;
			const key = firing ? "fire.firing" : !aim ? "fire.choose" : mine ? "fire.at" : "fire.not_yet";
			const cell = firing ?? aim;
			setText(fire, t(key, cell ? { cell: nameOf(cell) } : {}));
			enable(fire, aim !== null && mine && !firing);
			const why = problemText(state, view);
			if (why && why !== problem.textContent) announce(why);
			setText(problem, why);
		},
	};
}
