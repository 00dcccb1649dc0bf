// The one live region: what a screen reader tells without being asked.

import { headline, moveInWords, playerName, subline } from "./words.js";
import { t } from "./i18n.js";

/**
 * What is worth telling of an event, or nothing.
 * @param {State} state
 * @param {View} view After the event.
 * @param {string} event
 * @param {any} payload
 */
export function news(state, view, event, payload) {
	switch (event) {
		case "player_added":
			return t("place.joined", { name: payload.name });
		case "player_set_islands":
			if (view.state !== "players_set") return headline(state, view);
			if (payload.player === view.viewer) return "";
			return t("place.opponent_ready", { name: playerName(state, view, payload.player) });
		case "player_guessed_coordinate": {
			const move = view.moves.at(-1);
			return move ? `${moveInWords(state, view, move)} ${headline(state, view)}.` : "";
		}
		case "game_over":
			return `${headline(state, view)}. ${subline(state, view)}`;
		case "rematch_requested":
			if (payload.player === view.viewer) return "";
			return t("end.rematch.asked", { name: playerName(state, view, payload.player) });
		default:
			return "";
	}
}

const region = () => /** @type {HTMLElement} */ (document.getElementById("live"));

/** Says it once the present one has had its moment: two events at once would swallow each other. */
/** @type {string[]} */
const queue = [];

/** @param {string} text */
export function announce(text) {
	if (!text) return;
	queue.push(text);
	if (queue.length === 1) setTimeout(flush, 100);
}

function flush() {
	// The same words twice in a row are no change to a screen reader, so empty it first.
	region().textContent = "";
	const text = queue.splice(0).join(" ");
	setTimeout(() => (region().textContent = text), 50);
}
