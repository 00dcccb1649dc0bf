// The screen with both boards, for players and spectators.

import { boardViewOf, rewind } from "./board-view.js";
import { createBoard } from "./board.js";
import { createGameOver } from "./game-over.js";
import { createFireControls } from "./fire-controls.js";
import { createFleet } from "./fleet.js";
import { createResign } from "./resign.js";
import { createMoveLog } from "./move-log.js";
import { button, h, setText, set, show } from "./dom.js";
import { headline, playerName, subline } from "./game-text.js";
import { indexOf, same } from "./coordinate.js";
import { canGuess, other, turnOf } from "./reducer.js";
import { t } from "./i18n.js";

/** @param {Session} session @returns {GameScreen} */
export function battleScreen(session) {
	const { actions, get } = session;

	/** A mouse click fires; by touch or keys the first choice aims and the second fires. @param {Cell} cell @param {Modality} modality */
	function choose(cell, modality) {
		const { view, aim } = get();
		if (view === null || view.viewer === null || view.state === "game_over") return;
		const mine = turnOf(view) === view.viewer;
		if (canGuess(view, cell) && !(mine && (modality === "mouse" || same(aim, cell)))) actions.aim(cell);
		else actions.fire(cell);
	}

	const target = createBoard({ onCell: choose, onCancel: () => actions.aim(null) });
	const own = createBoard({});
	const fireControls = createFireControls(session);
	const log = createMoveLog();
	const resign = createResign(session);
	const gameOver = createGameOver(session, () => render(get()));
	const title = h("h1", { tabindex: -1 });
	const lastMove = h("p", { class: "subline" });
	const theirs = sea("theirs", target.element, fireControls.element);
	const mine = sea("mine", own.element);
	const element = h("section", { class: "battle" },
		h("header", { class: "status" }, title, lastMove, gameOver.element),
		theirs.element, mine.element, log.element, resign.element);

	element.addEventListener("keydown", (event) => {
		const { view } = get();
		const typing = event.target instanceof HTMLInputElement;
		if (event.key !== "/" || typing || event.ctrlKey || !view?.viewer || view.state === "game_over") return;
		event.preventDefault();
		fireControls.openInput();
	});

	/** @param {State} state */
	function render(state) {
		const now = state.view;
		if (now === null) return;
		const over = now.state === "game_over";
		const playing = now.viewer !== null && !over;
		const view = over ? rewind(now, gameOver.position(now)) : now;
		// A spectator sees the boards as player 1 does.
		const me = now.viewer ?? "player1";
		setText(title, headline(now));
		setText(lastMove, subline(now));
		set(element, "data-turn", over ? "over" : turnOf(now) === me && playing ? "mine" : "theirs");
		gameOver.update(now);
		drawSea(theirs, target, state, view, other(me), (cell) => playing && canGuess(view, cell));
		drawSea(mine, own, state, view, me, () => false);
		show(fireControls.element, playing);
		fireControls.update(state, now);
		log.update(now);
		show(resign.element, playing);
		resign.update(state, now);
		mine.open(over || now.viewer === null);
	}

	return { element, render };
}

/**
 * @param {ReturnType<typeof sea>} place @param {Board} board @param {State} state
 * @param {View} view @param {Player} owner @param {(cell: Cell) => boolean} usable
 */
function drawSea(place, board, state, view, owner, usable) {
	const cellViews = boardViewOf(view, owner);
	const { aim, firing } = state;
	if (owner !== view.viewer) {
		if (aim) cellViews[indexOf(aim)].hint = "aim";
		if (firing) cellViews[indexOf(firing)].hint = "fired";
	}
	const label = t(owner === view.viewer ? "sea.yours" : "sea.theirs", { name: playerName(view, owner) });
	const gone = Object.keys(view.forested[owner]).length;
	const last = view.moves.at(-1);
	place.update(label, gone === 5 ? t("sea.none") : t("sea.left", { count: 5 - gone }), view.forested[owner]);
	// A folded board shows that it was just hit.
	set(place.element, "data-hit", last !== undefined && last.player !== owner && last.outcome === "hit");
	board.update(cellViews, { label, usable });
}

/** A board with caption and fleet. Phones fold the player's own. @param {string} kind @param {...Node} children */
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
		setText(toggle, t(open ? "sea.hide" : "sea.show"));
	}
	let forced = false;
	return {
		element,
		/** Unfolds when `always` becomes true; the user may fold it again. @param {boolean} always */
		open(always) {
			if (always && !forced) unfold(true);
			forced = always;
		},
		/** @param {string} label @param {string} rest @param {Islands} forested */
		update(label, rest, forested) {
			setText(name, label);
			setText(left, rest);
			fleet.update(forested);
		},
	};
}
