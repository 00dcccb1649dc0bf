// A small client for Phoenix Channels, protocol V2: one WebSocket, many topics.
// It knows nothing of this game and works against any Phoenix server.

import { Channel } from "./channel.js";
import { RetryTimer, systemClock } from "./timer.js";

const RECONNECT_AFTER_MS = [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000];
const HEARTBEAT_MS = 30000;
const CONNECT_TIMEOUT_MS = 10000;

export class Socket {
	/**
	 * @param {string} endpoint For example `wss://example.com/socket`.
	 * @param {{ transport?: any, clock?: Clock }} [outside]
	 */
	constructor(endpoint, { transport = WebSocket, clock = systemClock } = {}) {
		this.url = `${endpoint}/websocket?vsn=2.0.0`;
		this.transport = transport;
		this.clock = clock;
		/** @type {Map<string, Channel>} */
		this.channels = new Map();
		/** @type {any} The WebSocket in use. */
		this.connection = null;
		this.open = false;
		this.lastRef = 0;
		this.reconnectTimer = new RetryTimer(() => this.connect(), RECONNECT_AFTER_MS, clock);
		/** @type {any} What the connection must do in time: open, beat, or answer. */
		this.timer = null;
		this.heartbeatRef = ""; // of the latest

		/** @type {(code: number) => void} The application may set it. Also after an attempt that failed. */
		this.onClose = () => {};
	}

	/** Connects, and comes back by itself from then on. */
	connect() {
		if (this.connection !== null) return;
		this.reconnectTimer.cancel();
		const connection = new this.transport(this.url);
		this.connection = connection;
		/** One that was given up is not heard. @param {(event: any) => void} handle */
		const hear = (handle) => (/** @type {any} */ event) => connection === this.connection && handle(event);
		connection.onopen = hear(() => this.opened());
		connection.onclose = hear((event) => this.closed(event?.code ?? 1006));
		connection.onmessage = hear((event) => this.receive(event.data));
		connection.onerror = () => {}; // a close always follows
		this.timer = this.clock.setTimeout(() => this.abandon(), CONNECT_TIMEOUT_MS);
	}

	/** The device woke up or is online again: try at once, and don't trust an old connection. */
	wake() {
		if (this.connection === null) {
			this.reconnectTimer.reset();
			this.connect();
		} else if (this.open) this.heartbeat(5000);
	}

	/** The channel of a topic. Join it with `join()`. @param {string} topic @param {() => object} [params] */
	channel(topic, params = () => ({})) {
		const channel = new Channel(this, topic, params);
		this.channels.set(topic, channel);
		return channel;
	}

	/** @param {Channel} channel */
	forget(channel) {
		if (this.channels.get(channel.topic) === channel) this.channels.delete(channel.topic);
	}

	makeRef() {
		return String(++this.lastRef);
	}

	/** @param {[string | null, string, string, string, any]} frame */
	send(frame) {
		if (this.open) this.connection.send(JSON.stringify(frame));
	}

	opened() {
		this.open = true;
		this.scheduleHeartbeat();
		for (const channel of [...this.channels.values()]) channel.socketOpened();
	}

	/** @param {number} code */
	closed(code) {
		this.connection = null;
		this.open = false;
		this.clock.clearTimeout(this.timer);
		for (const channel of [...this.channels.values()]) channel.socketClosed();
		this.reconnectTimer.schedule();
		this.onClose(code);
	}

	/** @param {any} data */
	receive(data) {
		if (typeof data !== "string") return;
		const [joinRef, ref, topic, event, payload] = JSON.parse(data);
		// The server speaks our protocol, so the waits begin anew. The mere opening
		// does not count: a server that opens and closes at once would be hammered.
		this.reconnectTimer.reset();
		if (topic === "phoenix") {
			if (ref === this.heartbeatRef) this.scheduleHeartbeat();
		} else this.channels.get(topic)?.receive(joinRef, ref, event, payload);
	}

	scheduleHeartbeat() {
		this.clock.clearTimeout(this.timer);
		this.timer = this.clock.setTimeout(() => this.heartbeat(HEARTBEAT_MS), HEARTBEAT_MS);
	}

	/** Asks whether the server is there, and gives the connection up if it is not. @param {number} patienceMs */
	heartbeat(patienceMs) {
		this.clock.clearTimeout(this.timer);
		this.heartbeatRef = this.makeRef();
		this.send([null, this.heartbeatRef, "phoenix", "heartbeat", {}]);
		this.timer = this.clock.setTimeout(() => this.abandon(), patienceMs);
	}

	/** Closes a dead connection without waiting for its close event, which may take minutes. */
	abandon() {
		this.connection.close();
		this.closed(1006);
	}
}
