// After the end: the rematch, and a slider through the moves.

import { button, enable, h, setText, set, show } from "./dom.js";
import { navigate } from "./storage.js";
import { other } from "./reducer.js";
import { playerName } from "./game-text.js";
import { t } from "./i18n.js";

/** @param {Session} session @param {() => void} onScrub */
export function createGameOver({ actions, get }, onScrub) {
	const rematch = button("", () => {
		const next = get().view?.next;
		if (next) navigate(`/g/${next.game}`);
		else actions.send("request_rematch");
	}, "primary");
	const status = h("p", { class: "muted" });
	const slider = h("input", { id: "scrub", type: "range", min: 0, step: 1 });
	const position = h("output", { for: "scrub" });
	const back = button("‹", () => scrub(Number(slider.value) - 1));
	const on = button("›", () => scrub(Number(slider.value) + 1));
	set(back, "aria-label", t("end.back"));
	set(on, "aria-label", t("end.on"));
	/** @type {number | null} Number of moves to show; null for all. */
	let at = null;

	/** @param {number} count */
	function scrub(count) {
		at = count;
		onScrub();
	}
	slider.addEventListener("input", () => scrub(Number(slider.value)));

	const scrubber = h("div", { class: "scrubber" },
		h("label", { for: "scrub" }, t("end.scrub")), h("div", { class: "together" }, back, slider, on), position);
	const element = h("div", { class: "end", hidden: true },
		h("div", { class: "actions" }, rematch, h("a", { class: "button", href: "/" }, t("end.home"))), status, scrubber);

	return {
		element,
		/** @param {View} view */
		position: (view) => Math.min(at ?? view.moves.length, view.moves.length),
		/** @param {View} view */
		update(view) {
			const over = view.state === "game_over";
			show(element, over);
			if (!over) return;
			const total = view.moves.length;
			const count = this.position(view);
			set(slider, "max", total);
			slider.value = String(count);
			setText(position, t("end.move", { count, total }));
			set(slider, "aria-valuetext", position.textContent);
			enable(back, count > 0);
			enable(on, count < total);
			show(scrubber, total > 0);
			const { viewer, next } = view;
			show(rematch, viewer !== null || !!next);
			if (viewer === null) {
				setText(rematch, t("end.rematch.go"));
				return;
			}
			const name = playerName(view, other(viewer));
			const mine = view.rematch.includes(viewer);
			const theirs = view.rematch.includes(other(viewer));
			setText(rematch, t(next ? "end.rematch.go" : "end.rematch"));
			enable(rematch, !!next || !mine);
			setText(status, t(mine ? "end.rematch.wait" : theirs ? "end.rematch.asked" : "end.rematch.how", { name }));
		},
	};
}
