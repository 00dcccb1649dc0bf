// A small Phoenix Channels client, protocol V2: one WebSocket, many topics.
// Knows nothing about games; works with any Phoenix server.

import { Channel } from "./channel.js";
import { RetryTimer, systemClock } from "./timer.js";

const RECONNECT_AFTER_MS = [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000];
const HEARTBEAT_MS = 30000;
const CONNECT_TIMEOUT_MS = 10000;

export class Socket {
	/**
	 * @param {string} endpoint For example `wss://example.com/socket`.
	 * @param {{ transport?: any, clock?: Clock }} [options]
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
		/** @type {any} Deadline to open, to send a heartbeat, or to receive its reply. */
		this.timer = null;
		this.heartbeatRef = "";

		/** @type {(code: number) => void} Runs after a close or a failed attempt. */
		this.onClose = () => {};
	}

	/** Connects, and reconnects from then on. */
	connect() {
		if (this.connection !== null) return;
		this.reconnectTimer.cancel();
		const connection = new this.transport(this.url);
		this.connection = connection;
		/** Ignores events of an abandoned connection. @param {(event: any) => void} handle */
		const ifCurrent = (handle) => (/** @type {any} */ event) => connection === this.connection && handle(event);
		connection.onopen = ifCurrent(() => this.opened());
		connection.onclose = ifCurrent((event) => this.closed(event?.code ?? 1006));
		connection.onmessage = ifCurrent((event) => this.receive(event.data));
		connection.onerror = () => {}; // a close always follows
		this.timer = this.clock.setTimeout(() => this.abandon(), CONNECT_TIMEOUT_MS);
	}

	/** After sleep or offline: reconnects at once, or tests an open connection. */
	wake() {
		if (this.connection === null) {
			this.reconnectTimer.reset();
			this.connect();
		} else if (this.open) this.heartbeat(5000);
	}

	/** Creates a channel; `join()` joins it. @param {string} topic @param {() => object} [params] */
	channel(topic, params = () => ({})) {
		const channel = new Channel(this, topic, params);
		this.channels.set(topic, channel);
		return channel;
	}

	/** @param {Channel} channel */
	removeChannel(channel) {
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
		// Reset the backoff on a frame, not on opening, in case the server closes
		// each connection at once.
		this.reconnectTimer.reset();
		if (topic === "phoenix") {
			if (ref === this.heartbeatRef) this.scheduleHeartbeat();
		} else this.channels.get(topic)?.receive(joinRef, ref, event, payload);
	}

	scheduleHeartbeat() {
		this.clock.clearTimeout(this.timer);
		this.timer = this.clock.setTimeout(() => this.heartbeat(HEARTBEAT_MS), HEARTBEAT_MS);
	}

	/** Sends a heartbeat, and abandons the connection without a reply. @param {number} timeoutMs */
	heartbeat(timeoutMs) {
		this.clock.clearTimeout(this.timer);
		this.heartbeatRef = this.makeRef();
		this.send([null, this.heartbeatRef, "phoenix", "heartbeat", {}]);
		this.timer = this.clock.setTimeout(() => this.abandon(), timeoutMs);
	}

	/** Closes a dead connection; its close event may take minutes. */
	abandon() {
		this.connection.close();
		this.closed(1006);
	}
}
