// A wish of the player, carried to the server until it has decided.
//
// Every repetition bears the same id, so the server does it once, however often it is
// told: a lost reply, a reconnect, a restart or a busy server cost time and nothing else.

import { RetryTimer } from "./wire/timer.js";

const AGAIN_AFTER_MS = [500, 1000, 2000, 5000];

/** Refusals that say nothing of the wish, only of the moment. */
const FOR_NOW = ["busy", "timeout", "journal_unavailable", "too_many_requests", "unmatched topic"];

/**
 * Resolves with the server's reply, or rejects with its refusal `{reason, …}`.
 * @param {Send} send @param {Clock} clock @param {string} event @param {object} payload With the wish's `id`.
 * @param {(reason: string | null) => void} onDelay Why it takes longer; null when it is over.
 * @returns {Promise<any>}
 */
export async function carry(send, clock, event, payload, onDelay) {
	let goOn = (/** @type {any} */ _) => {};
	const timer = new RetryTimer(() => goOn(null), AGAIN_AFTER_MS, clock);
	let delayed = false;
	try {
		for (;;) {
			try {
				return await send(event, payload);
			} catch (error) {
				const { failure, response } = /** @type {PushFailure} */ (error);
				if (failure === undefined) throw error;
				if (failure === "refused" && !FOR_NOW.includes(response?.reason)) throw response;
				// A lost connection has its own banner.
				if (failure !== "lost") {
					delayed = true;
					onDelay(failure === "timeout" ? "timeout" : response.reason);
				}
			}
			await new Promise((resolve) => {
				goOn = resolve;
				timer.schedule();
			});
		}
	} finally {
		if (delayed) onDelay(null);
	}
}
