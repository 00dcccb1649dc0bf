// Retry timer with backoff and jitter.

/** @type {Clock} */
export const systemClock = {
	setTimeout: (callback, ms) => setTimeout(callback, ms),
	clearTimeout: (timer) => clearTimeout(timer),
	random: () => Math.random(),
};

/** Calls back after the next wait of a list; the last wait repeats. */
export class RetryTimer {
	/** @param {() => void} callback @param {number[]} waits Milliseconds. @param {Clock} clock */
	constructor(callback, waits, clock) {
		this.callback = callback;
		this.waits = waits;
		this.clock = clock;
		this.tries = 0;
		/** @type {any} */
		this.timer = null;
	}

	/** Starts the next wait; cancels a running one. */
	schedule() {
		this.cancel();
		const wait = this.waits[Math.min(this.tries, this.waits.length - 1)];
		this.tries += 1;
		// Jitter, so that clients of a restarted server do not reconnect all at once.
		this.timer = this.clock.setTimeout(this.callback, wait * (0.5 + this.clock.random() / 2));
	}

	/** Cancels the wait; keeps the number of tries. */
	cancel() {
		this.clock.clearTimeout(this.timer);
	}

	/** Cancels the wait; the next one is the first. */
	reset() {
		this.cancel();
		this.tries = 0;
	}
}
