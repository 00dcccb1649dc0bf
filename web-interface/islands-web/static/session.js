// One game on this page: its connection, its state, and what the player can do in it.

import { alreadyGuessed, other, reduce, turnOf } from "./reducer.js";
import { carry } from "./intent.js";
import { createStore } from "./store.js";
import { draftIn, keepDraft, keepSeat, leaveSeat, newId, onSeatChange, seatIn } from "./seat.js";
import { draftOf } from "./draft.js";
import { go } from "./memory.js";
import { nameOf } from "./coordinate.js";
import { missing, randomBoard } from "./legal.js";
import { Socket } from "./wire/socket.js";
import { systemClock } from "./wire/timer.js";
import { takeSeat } from "./api.js";

/** Restarts and drains, as the server tells them by the close code. */
const RESTARTING = [1001, 1012];

/** @param {string} game @param {string} endpoint */
export function openSession(game, endpoint) {
	const saved = draftIn(game);
	/** @type {State} */
	const initial = {
		game,
		link: "connecting",
		why: "lost",
		view: null,
		computer: seatIn(game)?.computer ?? false,
		refused: null,
		watching: !!history.state?.watching,
		delay: null,
		refusal: null,
		aim: null,
		firing: null,
		draft: draftOf(saved?.corners ?? randomBoard(Math.random)),
		ready: saved?.ready ?? null,
	};
	const store = createStore(initial);
	const { get, set } = store;

	/** @type {Witness[]} */
	const witnesses = [];

	const socket = new Socket(endpoint);
	const channel = socket.channel(`game:${game}`, () => {
		const seat = seatIn(game)?.seat;
		return seat ? { seat } : {};
	});

	/** @param {State["why"]} why */
	const lost = (why) => set({ link: get().link === "connecting" ? "connecting" : "lost", why });
	socket.onClose = (code) => lost(RESTARTING.includes(code) ? "restart" : "lost");
	channel.onError = () => lost("lost");
	// A channel that is closed for good has told why before, or there is nothing to join any more.
	channel.onClose = () => set({ refused: get().refused ?? "quarantined" });
	channel.onJoin = ({ view }) => see(view);
	channel.onRefused = ({ reason }) => {
		// These stay true; the others (busy, a restart, a fault) pass, and the channel tries again.
		const final = ["no_such_game", "unauthorized"].includes(reason);
		if (final) channel.leave();
		set(final || reason === "quarantined" ? { refused: reason, link: "open" } : { delay: reason });
	};
	channel.onMessage = (event, payload) => {
		const { view } = get();
		if (event === "game_unavailable") set({ refused: "quarantined" });
		if (view === null) return;
		const after = reduce(view, event, payload);
		if (after === null) catchUp();
		else if (after !== view) {
			set({ view: after, refusal: null });
			settle();
			for (const witness of witnesses) witness(after, event, payload);
		}
	};
	onSeatChange(game, () => {
		set({ computer: seatIn(game)?.computer ?? false });
		channel.join();
	});

	/** @param {View} view */
	function see(view) {
		// A join that was overtaken by events brings an older view.
		const now = get().view;
		const newer = now === null || now.viewer !== view.viewer || view.seq >= now.seq;
		set({ view: newer ? view : now, link: "open", refused: null, delay: null });
		settle();
	}

	function catchUp() {
		channel.push("view", {}).then(({ view }) => see(view), () => channel.join());
	}

	/** Drops what the view has made true or void, and sends a draft that was waiting for it. */
	function settle() {
		const { view, firing, aim, ready } = get();
		if (view === null || view.viewer === null) return;
		if (firing && alreadyGuessed(view, view.viewer, firing)) set({ firing: null });
		if (aim && alreadyGuessed(view, view.viewer, aim)) set({ aim: null });
		const next = view.next;
		if (next?.seat) {
			keepSeat(next.game, { seat: next.seat, player: other(view.viewer), computer: get().computer });
			go(`/g/${next.game}`);
		}
		const sent = view.players[view.viewer]?.islands_set;
		if (ready && view.state === "players_set" && !sent) deliver(ready);
		if (sent || view.state === "game_over") keepDraft(game, null);
	}

	/** @type {Send} */
	const push = (...message) => channel.push(...message);

	/** A seat is taken before there is a channel. @type {Send} */
	const take = (_, wish) =>
		takeSeat(game, wish).catch((response) => {
			throw { failure: response.reason === "unreachable" ? "lost" : "refused", response };
		});

	/** @param {string} event @param {object} payload @param {string} [id] */
	function wish(event, payload, id = newId(), send = push) {
		set({ refusal: null });
		return carry(send, systemClock, event, { ...payload, id }, (delay) => set({ delay }));
	}

	/** @param {Refusal} refusal */
	const refuse = (refusal) => set({ refusal });

	/** @type {string | null} */
	let delivering = null;

	/** @param {string} ready */
	async function deliver(ready) {
		if (delivering === ready) return;
		delivering = ready;
		try {
			await wish("position_all", { islands: get().draft.corners }, `${ready}p`);
			await wish("set_islands", {}, `${ready}s`);
		} catch (refusal) {
			// Set from another tab, or the game has ended: the view tells. Else: try again by hand.
			refuse(/** @type {Refusal} */ (refusal));
			act.change();
		} finally {
			delivering = null;
		}
	}

	const act = {
		/** @param {Draft} draft */
		arrange(draft) {
			set({ draft, refusal: null });
			keepDraft(game, { corners: draft.corners, ready: null });
		},
		/** I want to begin with these islands, now or as soon as there is an opponent. */
		ready() {
			const { corners } = get().draft;
			if (missing(corners).length > 0) return;
			const ready = newId();
			set({ draft: draftOf(corners), ready, refusal: null });
			keepDraft(game, { corners, ready });
			settle();
		},
		change() {
			set({ ready: null });
			keepDraft(game, { corners: get().draft.corners, ready: null });
		},
		/** @param {Cell | null} cell */
		aim: (cell) => set({ aim: cell, refusal: null }),
		/** @param {Cell} cell */
		async fire(cell) {
			const { view, firing } = get();
			if (view === null || firing || view.viewer === null || turnOf(view) !== view.viewer) return;
			if (alreadyGuessed(view, view.viewer, cell)) return refuse({ reason: "already_guessed", cell: nameOf(cell) });
			set({ firing: cell, aim: null });
			await wish("guess_coordinate", cell).catch(refuse);
			set({ firing: null });
		},
		/** @param {"resign" | "claim_win" | "request_rematch"} event */
		ask: (event) => wish(event, {}).catch(refuse),
		/** @param {string} name @returns {Promise<void>} Rejects with the refusal. */
		async join(name) {
			const { seat, player } = await wish("", { name }, newId(), take);
			keepSeat(game, { seat, player, computer: false });
			channel.join();
		},
		watch() {
			history.replaceState({ ...history.state, watching: true }, "");
			set({ watching: true });
		},
		/** Gives up a seat that the server doesn't know. */
		visit() {
			leaveSeat(game);
			location.reload();
		},
	};

	return {
		...store,
		act,
		start() {
			channel.join();
			socket.connect();
		},
		wake: () => socket.wake(),
		onEvent: (/** @type {Witness} */ witness) => void witnesses.push(witness),
	};
}
