// Arranging the islands: a board and a tray. `draft.js` has the rules; this shows them.

import { ISLANDS, cellsOf, missing, randomBoard } from "./legal.js";
import { button, enable, h, say, set, show } from "./dom.js";
import { choose, draftOf, preview, tap } from "./draft.js";
import { drawShores, emptyChart, putIslands } from "./chart.js";
import { createBoard } from "./board.js";
import { indexOf } from "./coordinate.js";
import { inviteCard } from "./invite.js";
import { other } from "./reducer.js";
import { playerName, trouble } from "./words.js";
import { shape } from "./shapes.js";
import { t } from "./i18n.js";
import { announce } from "./announce.js";

/** @param {Session} session @returns {Scene} */
export function placementScreen(session) {
	const { act } = session;
	/** @type {Cell | null} */
	let pointed = null;
	/** @type {State} */
	let shown = session.get();
	/** @param {State} state */
	const settled = ({ ready, view }) => ready !== null || !!(view?.viewer && view.players[view.viewer]?.islands_set);

	/** @param {Draft} draft */
	function arrange(draft) {
		act.arrange(draft);
		if (draft.held || draft.refusal) announce(reasonOf(draft));
	}

	const board = createBoard({
		onCell(cell) {
			if (!settled(shown)) arrange(tap(shown.draft, cell));
		},
		onHover(cell) {
			pointed = cell;
			if (shown.draft.held) draw(shown);
		},
		onCancel: letGo,
	});
	function letGo() {
		if (shown.draft.held) arrange(draftOf(shown.draft.corners));
	}

	const title = h("h1", { tabindex: -1 });
	const how = h("p", { class: "told" });
	const reason = h("p", { class: "reason" });
	const tray = ISLANDS.map((island) => trayButton(island, () => arrange(choose(shown.draft, island))));
	const shuffle = button(t("place.shuffle"), () => arrange(draftOf(randomBoard(Math.random))));
	const clear = button(t("place.clear"), () => arrange(draftOf({})));
	const ready = button(t("place.ready"), () => act.ready(), "primary wide");
	const change = button(t("place.change"), () => act.change(), "wide");
	const invite = inviteCard(shown.game);
	const tools = h("section", { class: "tools" },
		h("h2", { class: "hidden" }, t("place.tray")),
		h("div", { class: "tray" }, ...tray.map(({ element }) => element)),
		h("div", { class: "actions" }, shuffle, clear));
	const element = h("section", { class: "placement" },
		h("header", { class: "status" }, title, how),
		h("div", { class: "sea" }, board.element, reason),
		h("div", { class: "side" }, tools, h("div", { class: "go" }, ready, change), invite));
	element.addEventListener("keydown", (event) => {
		if (event.key === "Escape") letGo();
	});

	/** @param {State} state */
	function draw({ draft, view, ready: kept }) {
		const spots = emptyChart();
		for (const spot of spots) spot.known = true;
		const done = settled(shown);
		putIslands(spots, done && !kept && view?.board ? view.board : boardOf(draft));
		drawShores(spots);
		if (!done) {
			for (const spot of spots) if (spot.island && spot.island === draft.held?.island) spot.hint = "held";
			const ghost = draft.refusal ? { cells: draft.outline, possible: false } : preview(draft, pointed);
			for (const cell of ghost.cells) spots[indexOf(cell)].hint = ghost.possible ? "possible" : "impossible";
		}
		board.update(spots, { label: t("place.board"), usable: () => !done });
	}

	return {
		element,
		render(state) {
			shown = state;
			const { view, draft } = state;
			if (view === null || view.viewer === null) return;
			const done = settled(state);
			const alone = view.state === "initialized";
			const opponent = alone ? "" : playerName(state, view, other(view.viewer));
			const sent = !!view.players[view.viewer]?.islands_set;
			const problem = trouble(state, view);
			say(title, sent ? t("place.wait", { name: opponent }) : t("place.title"));
			say(how, lead(state, view, opponent, sent));
			say(reason, problem || (done ? "" : reasonOf(draft)));
			set(reason, "data-bad", !!problem || draft.refusal !== null);
			for (const { update } of tray) update(draft, done);
			for (const each of [shuffle, clear]) enable(each, !done);
			enable(ready, missing(draft.corners).length === 0);
			show(tools, !done);
			show(ready, !done);
			show(change, done && !sent && alone);
			show(invite, alone);
			set(element, "data-alone", alone);
			set(element, "data-sent", done && !alone);
			draw(state);
		},
	};
}

/** @param {State} state @param {View} view @param {string} opponent @param {boolean} sent */
function lead(state, view, opponent, sent) {
	if (sent) return t("place.wait.how", { name: opponent });
	if (state.ready) return t(view.state === "initialized" ? "place.kept" : "place.sending");
	const theirs = view.viewer && view.players[other(view.viewer)];
	if (theirs?.islands_set && !state.computer) return t("place.opponent_ready", { name: opponent });
	return t("place.how");
}

/** Where things stand, or why not. @param {Draft} draft */
function reasonOf({ corners, held, refusal }) {
	if (refusal) {
		const island = t(`island.${refusal.island}`);
		return refusal.reason === "off_board"
			? t("place.off", { island })
			: t("place.over", { island, with: t(`island.${refusal.with}`) });
	}
	if (held) return t("place.hold", { island: t(`island.${held.island}`) });
	const count = missing(corners).length;
	return count > 0 ? t("place.missing", { count }) : t("place.good");
}

/** @param {Draft} draft @returns {Islands} */
export function boardOf({ corners }) {
	/** @type {Islands} */
	const islands = {};
	for (const island of ISLANDS) {
		const corner = corners[island];
		if (corner) islands[island] = cellsOf(island, corner);
	}
	return islands;
}

/** @param {Island} island @param {() => void} onChoose */
function trayButton(island, onChoose) {
	const state = h("small", {});
	const element = button("", onChoose, "shape-button");
	element.append(shape(island), h("span", {}, t(`island.${island}`)), state);
	return {
		element,
		/** @param {Draft} draft @param {boolean} done */
		update({ corners, held }, done) {
			const inHand = held?.island === island;
			enable(element, !done);
			set(element, "aria-pressed", String(inHand));
			set(element, "data-placed", corners[island] !== undefined);
			say(state, t(inHand ? "place.held" : corners[island] ? "place.placed" : "place.unplaced"));
		},
	};
}
