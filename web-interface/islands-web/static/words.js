// Sentences about a game, for the screen and for the live region.

import { alreadyGuessed, other, turnOf } from "./reducer.js";
import { nameOf, same } from "./coordinate.js";
import { ISLANDS } from "./legal.js";
import { because, t } from "./i18n.js";

/**
 * What a player is called. The computer has a name in each language.
 * @param {{ computer: boolean }} state
 * @param {View} view
 * @param {Player} player
 */
export function playerName({ computer }, view, player) {
	if (computer && view.viewer !== null && player !== view.viewer) return t("game.computer");
	return view.players[player]?.name ?? "…";
}

/** @param {State} state @param {View} view @param {Move} move */
export function moveInWords(state, view, move) {
	const { player, outcome, forested } = move;
	const who = view.viewer === null ? "one" : view.viewer === player ? "you" : "them";
	const what = forested ? "forested" : outcome;
	const island = forested ?? islandUnder(view, move);
	return t(`told.${who}.${what}`, {
		name: playerName(state, view, player),
		cell: nameOf(move),
		island: t(island ? `island.${island}` : "cell.land"),
	});
}

/** Of one's own islands, the one that was hit. @param {View} view @param {Move} move */
const islandUnder = ({ board }, move) =>
	ISLANDS.find((island) => board?.[island]?.some((cell) => same(cell, move)));

/** Whose turn it is, or who won. @param {State} state @param {View} view */
export function headline(state, view) {
	const { viewer, winner, players } = view;
	if (winner) {
		return winner.player === viewer ? t("end.won") : t("end.lost", { name: playerName(state, view, winner.player) });
	}
	const turn = turnOf(view);
	if (turn === null) return t("turn.placing", { one: players.player1.name, two: players.player2?.name ?? "…" });
	return turn === viewer ? t("turn.yours") : t("turn.theirs", { name: playerName(state, view, turn) });
}

/** The latest move, how the game ended, or how it begins. @param {State} state @param {View} view */
export function subline(state, view) {
	const { viewer, winner, moves } = view;
	if (winner) {
		const count = moves.filter((move) => move.player === winner.player).length;
		const who = viewer === null ? "one" : winner.player === viewer ? "won" : "lost";
		const opponent = viewer ? other(viewer) : other(winner.player);
		const name = playerName(state, view, opponent);
		return t(`end.${who}.${winner.reason}`, { count, name, other: name });
	}
	const last = moves.at(-1);
	if (last) return moveInWords(state, view, last);
	const turn = turnOf(view);
	if (turn === null || viewer === null) return "";
	const name = playerName(state, view, other(viewer));
	return t(turn === viewer ? "turn.first" : "turn.wait", { name });
}

/** How long, for a person. @param {number} ms */
export function duration(ms) {
	const all = Math.max(1, Math.ceil(ms / 1000));
	const minutes = Math.floor(all / 60);
	return minutes > 0 ? t("leave.minutes", { minutes, seconds: all % 60 }) : t("leave.seconds", { seconds: all });
}

/** Why the latest wish was refused, or what it waits for; empty if all is well. @param {State} state @param {View} view */
export function trouble(state, view) {
	const { refusal, delay, firing } = state;
	if (delay) return because(delay);
	if (refusal === null || firing) return "";
	if (refusal.reason === "already_guessed" && refusal.cell) return t("fire.again", { cell: refusal.cell });
	if (refusal.reason === "opponent_present" && view.viewer) {
		const name = playerName(state, view, other(view.viewer));
		return t("leave.wait", { name, time: duration(refusal.wait_ms ?? 0) });
	}
	return because(refusal.reason);
}

/** Whether firing there makes sense for the viewer. @param {View} view @param {Cell} cell */
export const isOpen = (view, cell) => view.viewer !== null && !alreadyGuessed(view, view.viewer, cell);
