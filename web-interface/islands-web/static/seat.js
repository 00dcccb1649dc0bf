// Seats and drafts in this browser's storage.
//
// A seat holds the server's token for one game. All tabs share it: two tabs of one game
// act as the same player, and both receive every event.

import { keys, read, write } from "./storage.js";

const SEAT = "islands:seat:";
const DRAFT = "islands:draft:";
const MAX_SEATS = 50;

/** @param {string} key @returns {any} */
function readJson(key) {
	try {
		return JSON.parse(read(key) ?? "null");
	} catch {
		return null; // written by an older version
	}
}

/** @param {string} game @returns {Seat | null} */
export const loadSeat = (game) => readJson(SEAT + game);

/** @param {string} game @param {Omit<Seat, "at">} seat */
export function saveSeat(game, seat) {
	write(SEAT + game, JSON.stringify({ ...seat, at: Date.now() }));
	for (const old of savedSeats().slice(MAX_SEATS)) deleteSeat(old.game);
}

/** @param {string} game */
export function deleteSeat(game) {
	write(SEAT + game, null);
	write(DRAFT + game, null);
}

/** The stored seats with their games, newest first. */
export function savedSeats() {
	return keys()
		.filter((key) => key.startsWith(SEAT))
		.map((key) => ({ game: key.slice(SEAT.length), .../** @type {Seat} */ (readJson(key)) }))
		.filter(({ seat }) => typeof seat === "string")
		.sort((a, b) => b.at - a.at);
}

/** @param {string} game @returns {SavedDraft | null} */
export const loadDraft = (game) => readJson(DRAFT + game);

/** @param {string} game @param {SavedDraft | null} draft */
export const saveDraft = (game, draft) => write(DRAFT + game, draft && JSON.stringify(draft));

/** Calls back when another tab changes the seat. @param {string} game @param {() => void} callback */
export function onSeatChange(game, callback) {
	addEventListener("storage", (event) => {
		if (event.key === SEAT + game) callback();
	});
}

/** A random id that makes the repeats of one command idempotent. */
export function newCommandId() {
	const bytes = crypto.getRandomValues(new Uint8Array(12));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
