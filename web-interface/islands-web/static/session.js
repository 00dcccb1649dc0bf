// One game: its connection, its state and the player's actions.

import { alreadyGuessed, other, reduce, turnOf } from "./reducer.js";
import { sendWithRetry } from "./retry.js";
import { createStore } from "./store.js";
import { loadDraft, saveDraft, saveSeat, deleteSeat, newCommandId, onSeatChange, loadSeat } from "./seat.js";
import { draftOf } from "./draft.js";
import { navigate } from "./storage.js";
import { nameOf } from "./coordinate.js";
import { missing, randomBoard } from "./placement-rules.js";
import { Socket } from "./wire/socket.js";
import { systemClock } from "./wire/timer.js";
import { takeSeat } from "./api.js";

/** Close codes of a restart or a drain. */
const RESTARTING = [1001, 1012];

/** @param {string} game @param {string} endpoint */
export function openSession(game, endpoint) {
	const saved = loadDraft(game);
	/** @type {State} */
	const initial = {
		game,
		connection: "connecting",
		closeReason: "lost",
		view: null,
		computer: loadSeat(game)?.computer ?? false,
		joinRefusal: null,
		watching: !!history.state?.watching,
		retryReason: null,
		refusal: null,
		aim: null,
		firing: null,
		draft: draftOf(saved?.corners ?? randomBoard(Math.random)),
		readyId: saved?.ready ?? null,
	};
	const store = createStore(initial);
	const { get, set } = store;

	/** @type {GameEventListener[]} */
	const listeners = [];

	const socket = new Socket(endpoint);
	const channel = socket.channel(`game:${game}`, () => {
		const seat = loadSeat(game);
		const { view } = get();
		// A view of another viewer, from before this seat was taken, has to be replaced.
		const since = view && view.viewer === (seat?.player ?? null) ? view.seq : undefined;
		return { seat: seat?.seat, since };
	});

	/** @param {State["closeReason"]} closeReason */
	const onLost = (closeReason) => set({ connection: get().connection === "connecting" ? "connecting" : "lost", closeReason });
	socket.onClose = (code) => onLost(RESTARTING.includes(code) ? "restart" : "lost");
	channel.onError = () => onLost("lost");
	// Closed without a reason: assume quarantine.
	channel.onClose = () => set({ joinRefusal: get().joinRefusal ?? "quarantined" });
	channel.onJoin = ({ resumed, events, view }) => {
		if (resumed) applyEvents(events);
		else applyView(view);
		set({ connection: "open", joinRefusal: null, retryReason: null });
	};
	channel.onRefused = ({ reason }) => {
		// These are permanent; for others (busy, a restart) the channel retries.
		const final = ["no_such_game", "unauthorized"].includes(reason);
		if (final) channel.leave();
		set(final || reason === "quarantined" ? { joinRefusal: reason, connection: "open" } : { retryReason: reason });
	};
	channel.onMessage = (event, payload) => {
		if (event === "game_unavailable") set({ joinRefusal: "quarantined" });
		applyEvents([{ ...payload, event }]);
	};
	onSeatChange(game, () => {
		set({ computer: loadSeat(game)?.computer ?? false });
		channel.join();
	});

	/** Folds one pushed event, or all that a rejoin missed, into the view. @param {any[]} events */
	function applyEvents(events) {
		const before = get().view;
		for (const payload of events) {
			const { view } = get();
			if (view === null) return;
			const after = reduce(view, payload.event, payload);
			if (after === null) {
				refetchView();
				break;
			}
			if (after === view) continue;
			set({ view: after, refusal: null });
			for (const listener of listeners) listener(after, payload.event, payload);
		}
		// Only now: the view between two missed events is outdated, and must cause no command.
		if (get().view !== before) onViewChange();
	}

	/** @param {View} view */
	function applyView(view) {
		// Events may overtake a join reply: keep the newer view.
		const now = get().view;
		const newer = now === null || now.viewer !== view.viewer || view.seq >= now.seq;
		set({ view: newer ? view : now });
		onViewChange();
	}

	function refetchView() {
		channel.push("view", {}).then(({ view }) => applyView(view), () => channel.join());
	}

	/** Clears a guess that was made, follows a rematch, submits a ready draft. */
	function onViewChange() {
		const { view, firing, aim, readyId } = get();
		if (view === null || view.viewer === null) return;
		if (firing && alreadyGuessed(view, view.viewer, firing)) set({ firing: null });
		if (aim && alreadyGuessed(view, view.viewer, aim)) set({ aim: null });
		const next = view.next;
		if (next?.seat) {
			saveSeat(next.game, { seat: next.seat, player: other(view.viewer), computer: get().computer });
			navigate(`/g/${next.game}`);
		}
		const sent = view.players[view.viewer]?.islands_set;
		if (readyId && view.state === "players_set" && !sent) submitDraft(readyId);
		if (sent || view.state === "game_over") saveDraft(game, null);
	}

	/** @type {PushFunction} */
	const push = (...message) => channel.push(...message);

	/** Takes a seat over HTTP: the channel needs one for commands. @type {PushFunction} */
	const take = (_, body) =>
		takeSeat(game, body).catch((response) => {
			throw { failure: response.reason === "unreachable" ? "lost" : "refused", response };
		});

	/** @param {string} event @param {object} payload @param {string} [id] */
	function sendCommand(event, payload, id = newCommandId(), send = push) {
		set({ refusal: null });
		return sendWithRetry(send, systemClock, event, { ...payload, id }, (retryReason) => set({ retryReason }));
	}

	/** @param {Refusal} refusal */
	const showRefusal = (refusal) => set({ refusal });

	/** @type {string | null} */
	let submitting = null;

	/** @param {string} readyId */
	async function submitDraft(readyId) {
		if (submitting === readyId) return;
		submitting = readyId;
		try {
			await sendCommand("position_all", { islands: get().draft.corners }, `${readyId}p`);
			await sendCommand("set_islands", {}, `${readyId}s`);
		} catch (refusal) {
			// Set in another tab, or the game is over; else the player can retry.
			showRefusal(/** @type {Refusal} */ (refusal));
			actions.editDraft();
		} finally {
			submitting = null;
		}
	}

	const actions = {
		/** @param {Draft} draft */
		arrange(draft) {
			set({ draft, refusal: null });
			saveDraft(game, { corners: draft.corners, ready: null });
		},
		/** Submits the draft, or waits for an opponent first. */
		ready() {
			const { corners } = get().draft;
			if (missing(corners).length > 0) return;
			const readyId = newCommandId();
			set({ draft: draftOf(corners), readyId, refusal: null });
			saveDraft(game, { corners, ready: readyId });
			onViewChange();
		},
		/** Withdraws a draft not yet submitted. */
		editDraft() {
			set({ readyId: null });
			saveDraft(game, { corners: get().draft.corners, ready: null });
		},
		/** @param {Cell | null} cell */
		aim: (cell) => set({ aim: cell, refusal: null }),
		/** @param {Cell} cell */
		async fire(cell) {
			const { view, firing } = get();
			if (view === null || firing || view.viewer === null || turnOf(view) !== view.viewer) return;
			if (alreadyGuessed(view, view.viewer, cell)) return showRefusal({ reason: "already_guessed", cell: nameOf(cell) });
			set({ firing: cell, aim: null });
			await sendCommand("guess_coordinate", cell).catch(showRefusal);
			set({ firing: null });
		},
		/** @param {"resign" | "claim_win" | "request_rematch"} event */
		send: (event) => sendCommand(event, {}).catch(showRefusal),
		/** @param {string} name @returns {Promise<void>} Rejects with the refusal. */
		async join(name) {
			const { seat, player } = await sendCommand("", { name }, newCommandId(), take);
			saveSeat(game, { seat, player, computer: false });
			channel.join();
		},
		watch() {
			history.replaceState({ ...history.state, watching: true }, "");
			set({ watching: true });
		},
		/** Deletes a refused seat. */
		discardSeat() {
			deleteSeat(game);
			location.reload();
		},
	};

	return {
		...store,
		actions,
		start() {
			channel.join();
			socket.connect();
		},
		wake: () => socket.wake(),
		onEvent: (/** @type {GameEventListener} */ listener) => void listeners.push(listener),
	};
}
