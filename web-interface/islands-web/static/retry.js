// Sends a command until the server accepts or rejects it.
//
// All attempts carry one id, which makes the command idempotent.

import { RetryTimer } from "./wire/timer.js";

const RETRY_AFTER_MS = [500, 1000, 2000, 5000];

/** Transient refusals. */
const TRANSIENT = ["busy", "timeout", "journal_unavailable", "too_many_requests", "unmatched topic"];

/**
 * Resolves with the server's reply, or rejects with its refusal `{reason, …}`.
 * @param {PushFunction} send @param {Clock} clock @param {string} event @param {object} payload With the command's `id`.
 * @param {(reason: string | null) => void} onRetry Why it is retried; null at the end.
 * @returns {Promise<any>}
 */
export async function sendWithRetry(send, clock, event, payload, onRetry) {
	let resume = (/** @type {any} */ _) => {};
	const timer = new RetryTimer(() => resume(null), RETRY_AFTER_MS, clock);
	let retried = false;
	try {
		for (;;) {
			try {
				return await send(event, payload);
			} catch (error) {
				const { failure, response } = /** @type {PushFailure} */ (error);
				if (failure === undefined) throw error;
				if (failure === "refused" && !TRANSIENT.includes(response?.reason)) throw response;
				// A lost connection has its own banner.
				if (failure !== "lost") {
					retried = true;
					onRetry(failure === "timeout" ? "timeout" : response.reason);
				}
			}
			await new Promise((resolve) => {
				resume = resolve;
				timer.schedule();
			});
		}
	} finally {
		if (retried) onRetry(null);
	}
}
