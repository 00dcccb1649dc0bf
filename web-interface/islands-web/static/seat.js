// What this browser remembers of games: its seats and drafts.
//
// A seat is a token that the server gave for one game. All tabs share them, so two
// tabs of one game sit in the same seat; the server sends both everything.

import { keys, read, write } from "./memory.js";

const SEAT = "islands:seat:";
const DRAFT = "islands:draft:";
const REMEMBERED = 50;

/** @param {string} key @returns {any} */
function readJson(key) {
	try {
		return JSON.parse(read(key) ?? "null");
	} catch {
		return null; // someone else's, or an older version's
	}
}

/** @param {string} game @returns {Seat | null} */
export const seatIn = (game) => readJson(SEAT + game);

/** @param {string} game @param {Omit<Seat, "at">} seat */
export function keepSeat(game, seat) {
	write(SEAT + game, JSON.stringify({ ...seat, at: Date.now() }));
	for (const old of seats().slice(REMEMBERED)) leaveSeat(old.game);
}

/** @param {string} game */
export function leaveSeat(game) {
	write(SEAT + game, null);
	write(DRAFT + game, null);
}

/** The games in which this browser has a seat, the newest first. */
export function seats() {
	return keys()
		.filter((key) => key.startsWith(SEAT))
		.map((key) => ({ game: key.slice(SEAT.length), .../** @type {Seat} */ (readJson(key)) }))
		.filter(({ seat }) => typeof seat === "string")
		.sort((a, b) => b.at - a.at);
}

/** @param {string} game @returns {SavedDraft | null} */
export const draftIn = (game) => readJson(DRAFT + game);

/** @param {string} game @param {SavedDraft | null} draft */
export const keepDraft = (game, draft) => write(DRAFT + game, draft && JSON.stringify(draft));

/** Another tab took or left the seat in this game. @param {string} game @param {() => void} callback */
export function onSeatChange(game, callback) {
	addEventListener("storage", (event) => {
		if (event.key === SEAT + game) callback();
	});
}

/** An id for one wish of the player, the same in every repetition of it. */
export function newId() {
	const bytes = crypto.getRandomValues(new Uint8Array(12));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
