// Waiting that grows with each try.

/** @type {Clock} */
export const systemClock = {
	setTimeout: (callback, ms) => setTimeout(callback, ms),
	clearTimeout: (timer) => clearTimeout(timer),
	random: () => Math.random(),
};

/** Calls back after the first wait, then the second, and so on; the last wait repeats. */
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

	/** Starts the next wait, instead of one that is under way. */
	schedule() {
		this.cancel();
		const wait = this.waits[Math.min(this.tries, this.waits.length - 1)];
		this.tries += 1;
		// Between half of the wait and all of it: a server that comes back is not
		// met by all its clients in the same millisecond.
		this.timer = this.clock.setTimeout(this.callback, wait * (0.5 + this.clock.random() / 2));
	}

	/** Stops a wait and keeps the count of tries. */
	cancel() {
		this.clock.clearTimeout(this.timer);
	}

	/** Stops a wait and begins with the first one again. */
	reset() {
		this.cancel();
		this.tries = 0;
	}
}
