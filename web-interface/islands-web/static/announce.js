// Announcements in the ARIA live region.

import { headline, playerName, subline } from "./game-text.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";

/** The text for an event, or "". @param {View} view After it. @param {string} event @param {any} payload */
export function announcementText(view, event, payload) {
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

const MAX_TEXTS = 3;

/** @type {string[]} */
const queue = [];

/** Joins the newest texts of 100 ms: a later one would replace an earlier. @param {string} text */
export function announce(text) {
	if (!text) return;
	queue.push(text);
	if (queue.length === 1) setTimeout(flush, 100);
}

function flush() {
	// A screen reader ignores an unchanged text, so clear the region first.
	const region = byId("live");
	region.textContent = "";
	// A rejoin may bring dozens of missed moves at once. The newest say whose turn it is, and
	// the move log has them all.
	const text = queue.splice(0).slice(-MAX_TEXTS).join(" ");
	setTimeout(() => (region.textContent = text), 50);
}
