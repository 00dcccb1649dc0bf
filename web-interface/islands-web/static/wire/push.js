// One message to the server, and the promise of its reply.

const REPLY_TIMEOUT_MS = 10000;

export class PushError extends Error {
	/** @param {PushFailureKind} failure @param {any} [response] */
	constructor(failure, response = {}) {
		super(failure === "refused" ? `refused: ${response?.reason ?? "?"}` : failure);
		this.failure = failure;
		this.response = response;
	}
}

export class Push {
	/** @param {string} event @param {any} payload @param {Clock} clock */
	constructor(event, payload, clock) {
		this.event = event;
		this.payload = payload;
		this.clock = clock;
		this.settled = false;
		/** @type {Promise<any>} */
		this.reply = new Promise((resolve, reject) => {
			this.resolve = resolve;
			this.reject = reject;
		});
		// The timeout includes the time that the push waits for the join.
		this.timer = clock.setTimeout(() => this.fail("timeout"), REPLY_TIMEOUT_MS);
	}

	/** The server's reply. @param {string} status @param {any} response */
	answer(status, response) {
		if (!this.finish()) return;
		if (status === "ok") this.resolve?.(response);
		else this.reject?.(new PushError("refused", response));
	}

	/** @param {"timeout" | "lost"} failure */
	fail(failure) {
		if (this.finish()) this.reject?.(new PushError(failure));
	}

	finish() {
		if (this.settled) return false;
		this.settled = true;
		this.clock.clearTimeout(this.timer);
		return true;
	}
}
