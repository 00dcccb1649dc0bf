// The one live region: what a screen reader tells without being asked.

import { headline, playerName, subline } from "./words.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";

/** What is worth telling of an event, or "". @param {View} view After it. @param {string} event @param {any} payload */
export function news(view, event, payload) {
	switch (event) {
		case "player_added":
			return t("place.joined", { name: payload.name });
		case "player_set_islands":
			if (view.state !== "players_set") return headline(view);
			if (payload.player === view.viewer) return "";
			return t("place.opponent_ready", { name: playerName(view, payload.player) });
		case "player_guessed_coordinate":
			return `${subline(view)} ${headline(view)}.`;
		case "game_over":
			return `${headline(view)}. ${subline(view)}`;
		case "rematch_requested":
			if (payload.player === view.viewer) return "";
			return t("end.rematch.asked", { name: playerName(view, payload.player) });
		default:
			return "";
	}
}

/** @type {string[]} */
const queue = [];

/** Says it with all that comes at once: one text would swallow the other. @param {string} text */
export function announce(text) {
	if (!text) return;
	queue.push(text);
	if (queue.length === 1) setTimeout(flush, 100);
}

function flush() {
	// The same words twice in a row are no change to a screen reader, so empty it first.
	const region = byId("live");
	region.textContent = "";
	const text = queue.splice(0).join(" ");
	setTimeout(() => (region.textContent = text), 50);
}
