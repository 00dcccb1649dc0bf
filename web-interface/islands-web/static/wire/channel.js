// One topic on a socket: join it, keep it joined, push and be pushed to.
//
//            join()                 ok
//   closed ─────────▶ joining ───────────▶ joined
//      ▲                 ▲  │ refused,        │ phx_error,
//      │ leave(),        │  │ time-out        │ the socket closed
//      │ phx_close       │  ▼                 ▼
//      └──────────────── errored ◀────────────┘
//                        (tries again after 1, 2, 5, 10 … seconds, or as soon
//                         as the socket is open again)

import { Push, PushError } from "./push.js";
import { RetryTimer } from "./timer.js";

const REJOIN_AFTER_MS = [1000, 2000, 5000, 10000];

export class Channel {
	/**
	 * Made by `socket.channel(topic, params)`.
	 * @param {Socket} socket @param {string} topic @param {() => object} params Asked anew at each join, so that they may change.
	 */
	constructor(socket, topic, params) {
		this.socket = socket;
		this.topic = topic;
		this.params = params;
		/** @type {ChannelState} */
		this.state = "closed";
		/** @type {string | null} */
		this.joinRef = null;
		/** @type {Push | null} */
		this.joining = null;
		/** @type {Map<string, Push>} Sent, and without a reply so far. */
		this.pending = new Map();
		/** @type {Push[]} Waiting for the channel to be joined. */
		this.waiting = [];
		this.rejoinTimer = new RetryTimer(() => this.sendJoin(), REJOIN_AFTER_MS, socket.clock);

		// What the application may set.
		/** @type {(response: any) => void} After each join, first or repeated. */
		this.onJoin = () => {};
		/** @type {(response: any) => void} The join was refused; it is tried again unless one leaves. */
		this.onRefused = () => {};
		/** @type {(event: string, payload: any) => void} Each push and broadcast of the server. */
		this.onMessage = () => {};
		/** @type {() => void} Joined no more, or not yet; it comes back by itself. */
		this.onError = () => {};
		/** @type {() => void} The server has closed the channel for good. */
		this.onClose = () => {};
	}

	/** Joins now or, without a connection, as soon as there is one. Again: with fresh parameters. */
	join() {
		this.rejoinTimer.reset();
		this.state = "errored";
		this.loseSent();
		this.sendJoin();
	}

	/** Leaves for good. Nothing more comes from this topic. */
	leave() {
		if (this.state === "closed") return;
		this.sendLeave();
		this.end();
	}

	/**
	 * Sends a message, once the channel is joined, and resolves with the `ok` response.
	 * @param {string} event @param {object} payload
	 * @returns {Promise<any>} Rejects with a `PushError`.
	 */
	push(event, payload) {
		const push = new Push(event, payload, this.socket.clock);
		if (this.state === "closed") push.fail("lost");
		else if (this.state === "joined") this.transmit(push);
		else this.waiting.push(push);
		return push.reply;
	}

	socketOpened() {
		if (this.state !== "closed") this.sendJoin();
	}

	/** The socket is gone, and with it all that was under way. */
	socketClosed() {
		if (this.state === "closed") return;
		this.state = "errored";
		// The socket's own waits decide when to come back.
		this.rejoinTimer.reset();
		this.loseSent();
	}

	/** A frame for this topic. @param {string | null} joinRef @param {string | null} ref @param {string} event @param {any} payload */
	receive(joinRef, ref, event, payload) {
		// A frame of an earlier join of the same topic: it is not meant for us.
		if (joinRef !== null && joinRef !== this.joinRef) return;
		if (event === "phx_reply") this.settle(ref, payload);
		else if (event === "phx_error") this.failed();
		else if (event === "phx_close") {
			this.end();
			this.onClose();
		} else if (this.state === "joined") this.onMessage(event, payload);
	}

	sendJoin() {
		if (!this.socket.open) return;
		this.rejoinTimer.cancel();
		this.joining?.fail("lost");
		const join = new Push("phx_join", this.params(), this.socket.clock);
		this.joinRef = this.socket.makeRef();
		this.joining = join;
		this.state = "joining";
		this.socket.send([this.joinRef, this.joinRef, this.topic, join.event, join.payload]);
		join.reply.then(
			(response) => this.joining === join && this.joined(response),
			(error) => this.joining === join && this.notJoined(error),
		);
	}

	sendLeave() {
		this.socket.send([this.joinRef, this.socket.makeRef(), this.topic, "phx_leave", {}]);
	}

	/** @param {any} response */
	joined(response) {
		this.joining = null;
		this.rejoinTimer.reset();
		this.onJoin(response);
	}

	/** @param {PushError} error */
	notJoined(error) {
		this.joining = null;
		// The server may answer too late and think us joined.
		if (error.failure === "timeout") this.sendLeave();
		this.failed();
		if (error.failure === "refused") this.onRefused(error.response);
	}

	failed() {
		this.state = "errored";
		this.loseSent();
		if (this.socket.open) this.rejoinTimer.schedule();
		this.onError();
	}

	end() {
		this.state = "closed";
		this.rejoinTimer.reset();
		this.loseSent();
		for (const push of this.waiting.splice(0)) push.fail("lost");
		this.socket.forget(this);
	}

	loseSent() {
		this.joining?.fail("lost");
		this.joining = null;
		for (const push of this.pending.values()) push.fail("lost");
		this.pending.clear();
	}

	/** @param {string | null} ref @param {{ status: string, response: any }} payload */
	settle(ref, { status, response }) {
		if (this.joining !== null && ref === this.joinRef) {
			// Now, not when the promise's turn comes: the next frame may already be here.
			if (status === "ok") this.state = "joined";
			this.joining.answer(status, response);
			if (status === "ok") for (const push of this.waiting.splice(0)) this.transmit(push);
			return;
		}
		if (ref !== null) this.pending.get(ref)?.answer(status, response);
	}

	/** @param {Push} push */
	transmit(push) {
		if (push.settled) return;
		const ref = this.socket.makeRef();
		this.pending.set(ref, push);
		const drop = () => this.pending.delete(ref);
		push.reply.then(drop, drop);
		this.socket.send([this.joinRef, ref, this.topic, push.event, push.payload]);
	}
}
