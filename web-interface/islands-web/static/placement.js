// The placement screen; `draft.js` holds the logic.

import { ISLANDS, cellsOf, missing, randomBoard } from "./placement-rules.js";
import { button, enable, h, setText, set, show } from "./dom.js";
import { choose, draftOf, preview, tap } from "./draft.js";
import { markEdges, emptyBoardView, putIslands } from "./board-view.js";
import { createBoard } from "./board.js";
import { indexOf } from "./coordinate.js";
import { inviteCard } from "./invite.js";
import { other } from "./reducer.js";
import { playerName, problemText } from "./game-text.js";
import { shape } from "./shapes.js";
import { t } from "./i18n.js";
import { announce } from "./announce.js";

/** @param {Session} session @returns {GameScreen} */
export function placementScreen(session) {
	const { actions, get } = session;
	/** @type {Cell | null} */
	let pointed = null;
	/** Whether the draft is submitted, or will be. @param {State} state */
	const submitted = ({ readyId, view }) => readyId !== null || !!(view?.viewer && view.players[view.viewer]?.islands_set);

	/** @param {Draft} draft */
	function arrange(draft) {
		actions.arrange(draft);
		if (draft.held || draft.refusal) announce(draftText(draft));
	}

	const board = createBoard({
		onCell(cell) {
			if (!submitted(get())) arrange(tap(get().draft, cell));
		},
		onHover(cell) {
			pointed = cell;
			if (get().draft.held) draw(get());
		},
	});
	const title = h("h1", { tabindex: -1 });
	const how = h("p", { class: "subline" });
	const reason = h("p", { class: "reason" });
	const tray = ISLANDS.map((island) => trayButton(island, () => arrange(choose(get().draft, island))));
	const shuffle = button(t("place.shuffle"), () => arrange(draftOf(randomBoard(Math.random))));
	const clear = button(t("place.clear"), () => arrange(draftOf({})));
	const ready = button(t("place.ready"), () => actions.ready(), "primary wide");
	const change = button(t("place.change"), () => actions.editDraft(), "wide");
	const invite = inviteCard(get().game);
	const tools = h("section", { class: "tools" },
		h("h2", { class: "hidden" }, t("place.tray")),
		h("div", { class: "tray" }, ...tray.map(({ element }) => element)),
		h("div", { class: "actions" }, shuffle, clear));
	const element = h("section", { class: "placement" },
		h("header", { class: "status" }, title, how),
		h("div", { class: "sea" }, board.element, reason),
		h("div", { class: "side" }, tools, h("div", {}, ready, change), invite));
	element.addEventListener("keydown", (event) => {
		const { corners, held } = get().draft;
		if (event.key === "Escape" && held) arrange(draftOf(corners));
	});

	/** @param {State} state */
	function draw(state) {
		const { draft, view, readyId } = state;
		const cellViews = emptyBoardView(true);
		const done = submitted(state);
		putIslands(cellViews, done && !readyId && view?.board ? view.board : boardOf(draft));
		markEdges(cellViews);
		if (!done) {
			for (const cellView of cellViews) if (cellView.island && cellView.island === draft.held?.island) cellView.hint = "held";
			const ghost = draft.refusal ? { cells: draft.outline, possible: false } : preview(draft, pointed);
			for (const cell of ghost.cells) cellViews[indexOf(cell)].hint = ghost.possible ? "possible" : "impossible";
		}
		board.update(cellViews, { label: t("place.board"), usable: () => !done });
	}

	return {
		element,
		render(state) {
			const { view, draft } = state;
			if (view === null || view.viewer === null) return;
			const done = submitted(state);
			const alone = view.state === "initialized";
			const opponent = alone ? "" : playerName(view, other(view.viewer));
			const sent = !!view.players[view.viewer]?.islands_set;
			const problem = problemText(state, view);
			setText(title, sent ? t("place.wait", { name: opponent }) : t("place.title"));
			setText(how, instruction(state, view, sent));
			setText(reason, problem || (done ? "" : draftText(draft)));
			set(reason, "data-bad", !!problem || draft.refusal !== null);
			for (const { update } of tray) update(draft);
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

/** @param {State} state @param {View} view @param {boolean} sent */
function instruction(state, view, sent) {
	const opponent = view.viewer && other(view.viewer);
	const name = opponent ? playerName(view, opponent) : "";
	if (sent) return t("place.wait.how", { name });
	if (state.readyId) return t(view.state === "initialized" ? "place.kept" : "place.sending");
	const waits = opponent && view.players[opponent]?.islands_set && !state.computer;
	return waits ? t("place.opponent_ready", { name }) : t("place.how");
}

/** The last placement's problem, or the next step. @param {Draft} draft */
function draftText({ corners, held, refusal }) {
	if (refusal) {
		const island = t(`island.${refusal.island}`);
		return refusal.reason === "off_board"
			? t("place.off", { island })
			: t("place.over", { island, with: t(`island.${refusal.with}`) });
	}
	if (held) return t("place.hold", { island: t(`island.${held.island}`) });
	const count = missing(corners).length;
	return t(count > 0 ? "place.missing" : "place.good", { count });
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
		/** @param {Draft} draft */
		update({ corners, held }) {
			const inHand = held?.island === island;
			set(element, "aria-pressed", String(inHand));
			set(element, "data-placed", corners[island] !== undefined);
			setText(state, t(inHand ? "cell.held" : corners[island] ? "place.placed" : "place.unplaced"));
		},
	};
}
