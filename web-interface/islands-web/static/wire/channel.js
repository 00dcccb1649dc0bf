// One topic on a socket: joins and rejoins it, sends pushes, receives messages.
//
//   closed  -- join() --> joining
//   joining -- ok --> joined
//   joining -- refused, timeout --> errored
//   joined  -- phx_error, socket closed --> errored
//   errored -- after 1, 2, 5, 10, 10... s, or when the socket opens --> joining
//   any     -- leave(), phx_close --> closed

import { Push, PushError } from "./push.js";
import { RetryTimer } from "./timer.js";

const REJOIN_AFTER_MS = [1000, 2000, 5000, 10000];

export class Channel {
	/**
	 * Made by `socket.channel(topic, params)`.
	 * @param {Socket} socket @param {string} topic @param {() => object} params Called at each join.
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
		/** @type {Map<string, Push>} Pushes that await a reply, by ref. */
		this.pending = new Map();
		/** @type {Push[]} Pushes that await the join. */
		this.pushBuffer = [];
		this.rejoinTimer = new RetryTimer(() => this.sendJoin(), REJOIN_AFTER_MS, socket.clock);

		// Callbacks for the application to set.
		/** @type {(response: any) => void} After each join and rejoin. */
		this.onJoin = () => {};
		/** @type {(response: any) => void} The join was refused; retries until `leave()`. */
		this.onRefused = () => {};
		/** @type {(event: string, payload: any) => void} Each push or broadcast from the server. */
		this.onMessage = () => {};
		/** @type {() => void} The channel or a join failed; it rejoins. */
		this.onError = () => {};
		/** @type {() => void} The server closed the channel. */
		this.onClose = () => {};
	}

	/** Joins, or rejoins with fresh parameters, as soon as the socket is open. */
	join() {
		this.rejoinTimer.reset();
		this.state = "errored";
		this.failPending();
		this.sendJoin();
	}

	/** Leaves the topic; no callback runs afterwards. */
	leave() {
		if (this.state === "closed") return;
		this.sendLeave();
		this.closed();
	}

	/**
	 * Sends a message once joined. Resolves with the `ok` response.
	 * @param {string} event @param {object} payload
	 * @returns {Promise<any>} Rejects with a `PushError`.
	 */
	push(event, payload) {
		const push = new Push(event, payload, this.socket.clock);
		if (this.state === "closed") push.fail("lost");
		else if (this.state === "joined") this.transmit(push);
		else this.pushBuffer.push(push);
		return push.reply;
	}

	socketOpened() {
		if (this.state !== "closed") this.sendJoin();
	}

	/** The socket closed: pending pushes fail. */
	socketClosed() {
		if (this.state === "closed") return;
		this.state = "errored";
		// The channel rejoins when the socket reopens.
		this.rejoinTimer.reset();
		this.failPending();
	}

	/** @param {string | null} joinRef @param {string | null} ref @param {string} event @param {any} payload */
	receive(joinRef, ref, event, payload) {
		// Ignore a frame of an earlier join.
		if (joinRef !== null && joinRef !== this.joinRef) return;
		if (event === "phx_reply") this.handleReply(ref, payload);
		else if (event === "phx_error") this.failed();
		else if (event === "phx_close") {
			this.closed();
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
		// The server may consider this client joined.
		if (error.failure === "timeout") this.sendLeave();
		this.failed();
		if (error.failure === "refused") this.onRefused(error.response);
	}

	failed() {
		this.state = "errored";
		this.failPending();
		if (this.socket.open) this.rejoinTimer.schedule();
		this.onError();
	}

	closed() {
		this.state = "closed";
		this.rejoinTimer.reset();
		this.failPending();
		for (const push of this.pushBuffer.splice(0)) push.fail("lost");
		this.socket.removeChannel(this);
	}

	failPending() {
		this.joining?.fail("lost");
		this.joining = null;
		for (const push of this.pending.values()) push.fail("lost");
		this.pending.clear();
	}

	/** @param {string | null} ref @param {{ status: string, response: any }} payload */
	handleReply(ref, { status, response }) {
		if (this.joining !== null && ref === this.joinRef) {
			// Now: the next frame may arrive before the promise's callback runs.
			if (status === "ok") this.state = "joined";
			this.joining.answer(status, response);
			if (status === "ok") for (const push of this.pushBuffer.splice(0)) this.transmit(push);
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
