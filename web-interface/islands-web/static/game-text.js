// Texts about a game's state, for the screens and the live region.

import { other, turnOf } from "./reducer.js";
import { nameOf, same } from "./coordinate.js";
import { ISLANDS } from "./placement-rules.js";
import { reasonText, t } from "./i18n.js";

/** @param {View} view @param {Player} player */
export const playerName = ({ players }, player) => players[player]?.name ?? "…";

/** @param {View} view @param {Move} move */
export function moveText(view, move) {
	const { player, outcome, forested } = move;
	const what = forested ? "forested" : outcome;
	const role = view.viewer === null ? "one" : view.viewer === player ? "you" : "them";
	const island = forested ?? islandUnder(view, move);
	return t(`move.${role}.${what}`, {
		name: playerName(view, player),
		cell: nameOf(move),
		island: t(island ? `island.${island}` : "cell.land"),
	});
}

/** The viewer's own island that the move hit. @param {View} view @param {Move} move */
const islandUnder = ({ board }, move) =>
	ISLANDS.find((island) => board?.[island]?.some((cell) => same(cell, move)));

/** @param {View} view */
export const bothNames = (view) => ({ one: playerName(view, "player1"), two: playerName(view, "player2") });

/** The turn, or the winner. @param {View} view */
export function headline(view) {
	const { viewer, winner } = view;
	if (winner) return t(winner.player === viewer ? "end.won" : "end.lost", { name: playerName(view, winner.player) });
	const turn = turnOf(view);
	if (turn === null) return t("turn.placing", bothNames(view));
	return t(turn === viewer ? "turn.yours" : "turn.theirs", { name: playerName(view, turn) });
}

/** The latest move, how the game ended, or how it begins. @param {View} view */
export function subline(view) {
	const { viewer, winner, moves } = view;
	if (winner) {
		const count = moves.filter((move) => move.player === winner.player).length;
		const how = viewer === other(winner.player) ? "lost" : "won";
		return t(`end.${how}.${winner.reason}`, { count, name: playerName(view, other(viewer ?? winner.player)) });
	}
	const last = moves.at(-1);
	if (last) return moveText(view, last);
	const turn = turnOf(view);
	if (turn === null || viewer === null) return "";
	const name = playerName(view, other(viewer));
	return t(turn === viewer ? "turn.first" : "turn.wait", { name });
}

/** Why the last command was refused or is retried, or "". @param {State} state @param {View} view */
export function problemText({ refusal, retryReason, firing }, view) {
	if (retryReason) return reasonText(retryReason);
	if (refusal === null || firing) return "";
	if (refusal.reason === "already_guessed" && refusal.cell) return t("fire.again", { cell: refusal.cell });
	if (refusal.reason === "opponent_present" && view.viewer) {
		const seconds = Math.max(1, Math.ceil((refusal.wait_ms ?? 0) / 1000));
		return t("leave.wait", { name: playerName(view, other(view.viewer)), seconds });
	}
	return reasonText(refusal.reason);
}
