// The two seas: in play, watched, and at the end.

import { chartOf, rewind } from "./chart.js";
import { createBoard } from "./board.js";
import { createEnd } from "./end.js";
import { createFire } from "./fire.js";
import { createFleet } from "./fleet.js";
import { createLeave } from "./leave.js";
import { createLog } from "./log.js";
import { button, h, say, set, show } from "./dom.js";
import { headline, isOpen, playerName, subline } from "./words.js";
import { indexOf, same } from "./coordinate.js";
import { other, turnOf } from "./reducer.js";
import { t } from "./i18n.js";

/** @param {Session} session @returns {Scene} */
export function battleScreen(session) {
	const { act, get } = session;

	/** A mouse shows beforehand what it points at, so one click fires; else the first choice aims. @param {Cell} cell @param {Means} means */
	function choose(cell, means) {
		const { view, aim } = get();
		if (view === null || view.viewer === null || view.state === "game_over") return;
		const mine = turnOf(view) === view.viewer;
		if (isOpen(view, cell) && !(mine && (means === "mouse" || same(aim, cell)))) act.aim(cell);
		else act.fire(cell);
	}

	const target = createBoard({ onCell: choose, onCancel: () => act.aim(null) });
	const own = createBoard({});
	const fire = createFire(session);
	const log = createLog();
	const leave = createLeave(session);
	const end = createEnd(session, () => render(get()));
	const title = h("h1", { tabindex: -1 });
	const told = h("p", { class: "told" });
	const theirs = sea("theirs", target.element, fire.element);
	const mine = sea("mine", own.element);
	const element = h("section", { class: "battle" },
		h("header", { class: "status" }, title, told, end.element),
		theirs.element, mine.element, log.element, leave.element);

	element.addEventListener("keydown", (event) => {
		const { view } = get();
		const typing = event.target instanceof HTMLInputElement;
		if (event.key !== "/" || typing || event.ctrlKey || !view?.viewer || view.state === "game_over") return;
		event.preventDefault();
		fire.type();
	});

	/** @param {State} state */
	function render(state) {
		const now = state.view;
		if (now === null) return;
		const over = now.state === "game_over";
		const playing = now.viewer !== null && !over;
		const view = over ? rewind(now, end.position(now)) : now;
		// A spectator sits behind player 1.
		const me = now.viewer ?? "player1";
		say(title, headline(now));
		say(told, subline(now));
		set(element, "data-turn", over ? "over" : turnOf(now) === me && playing ? "mine" : "theirs");
		end.update(now);
		drawSea(theirs, target, state, view, other(me), (cell) => playing && isOpen(view, cell));
		drawSea(mine, own, state, view, me, () => false);
		show(fire.element, playing);
		fire.update(state, now);
		log.update(now);
		show(leave.element, playing);
		leave.update(state, now);
		mine.open(over || now.viewer === null);
	}

	return { element, render };
}

/**
 * @param {ReturnType<typeof sea>} place @param {Board} board @param {State} state
 * @param {View} view @param {Player} owner @param {(cell: Cell) => boolean} usable
 */
function drawSea(place, board, state, view, owner, usable) {
	const spots = chartOf(view, owner);
	const { aim, firing } = state;
	if (owner !== view.viewer) {
		if (aim) spots[indexOf(aim)].hint = "aim";
		if (firing) spots[indexOf(firing)].hint = "fired";
	}
	const label = t(owner === view.viewer ? "sea.yours" : "sea.theirs", { name: playerName(view, owner) });
	const gone = Object.keys(view.forested[owner]).length;
	const last = view.moves.at(-1);
	place.update(label, gone === 5 ? t("sea.none") : t("sea.left", { count: 5 - gone }), view.forested[owner]);
	// The strip of a phone shows when one's own sea was just hit.
	set(place.element, "data-hit", last !== undefined && last.player !== owner && last.outcome === "hit");
	board.update(spots, { label, usable });
}

/** A sea with its name, and what is left of it. One's own is folded on a phone. @param {string} kind @param {...Node} children */
function sea(kind, ...children) {
	const name = h("h2", {});
	const left = h("span", { class: "left muted" });
	const fleet = createFleet();
	const body = h("div", { class: "fold", id: `sea-${kind}` }, ...children);
	const toggle = button(t("sea.show"), () => unfold(!element.hasAttribute("data-open")), "quiet toggle");
	set(toggle, "aria-controls", body.id);
	set(toggle, "aria-expanded", "false");
	const element = h("section", { class: `sea ${kind}` }, h("div", { class: "caption" }, name, left, fleet.element, toggle), body);
	/** @param {boolean} open */
	function unfold(open) {
		set(element, "data-open", open);
		set(toggle, "aria-expanded", String(open));
		say(toggle, t(open ? "sea.hide" : "sea.show"));
	}
	let forced = false;
	return {
		element,
		/** Opens it where folding makes no sense, once: after that it's the person's. @param {boolean} always */
		open(always) {
			if (always && !forced) unfold(true);
			forced = always;
		},
		/** @param {string} label @param {string} rest @param {Islands} forested */
		update(label, rest, forested) {
			say(name, label);
			say(left, rest);
			fleet.update(forested);
		},
	};
}
