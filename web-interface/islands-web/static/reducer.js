// Folds the server's events into the view. Pure.

import { same } from "./coordinate.js";

/** @param {Player} player */
export const other = (player) => (player === "player1" ? "player2" : "player1");

/** Whose turn it is. @param {View} view */
export const turnOf = ({ state }) =>
	state === "player1_turn" ? "player1" : state === "player2_turn" ? "player2" : null;

/** @param {View} view @param {Player} by @param {Cell} cell */
export const alreadyGuessed = ({ moves }, by, cell) =>
	moves.some((move) => move.player === by && same(move, cell));

/** Whether the viewer has not guessed this cell. @param {View} view @param {Cell} cell */
export const canGuess = (view, cell) => view.viewer !== null && !alreadyGuessed(view, view.viewer, cell);

/**
 * The view after an event; unchanged if it already includes the event, null after a gap in
 * `seq`: then fetch the whole view.
 * @param {View} view @param {string} event @param {any} payload @returns {View | null}
 */
export function reduce(view, event, payload) {
	const { seq } = payload;
	if (typeof seq !== "number" || seq <= view.seq) return view;
	if (seq > view.seq + 1) return null;
	return { ...view, ...change(view, event, payload), seq };
}

/** @param {View} view @param {string} event @param {any} payload @returns {Partial<View>} */
function change(view, event, payload) {
	const { players, moves, forested, state } = view;
	/** @type {Player} */
	const player = payload.player;
	switch (event) {
		case "player_added":
			return { players: { ...players, player2: { name: payload.name, islands_set: false } }, state: "players_set" };
		case "island_positioned":
		case "islands_positioned":
			// Only the owner's payload contains the positions.
			if (player !== view.viewer || !payload.islands) return {};
			return { board: { ...view.board, ...payload.islands } };
		case "player_set_islands": {
			const after = { ...players, [player]: { ...players[player], islands_set: true } };
			const ready = after.player1.islands_set && after.player2?.islands_set;
			return { players: after, state: ready ? "player1_turn" : state };
		}
		case "player_guessed_coordinate": {
			const { row, col, outcome } = payload;
			/** @type {Island | null} */
			const island = payload.forested ?? null;
			const owner = other(player);
			return {
				moves: [...moves, { player, row, col, outcome, forested: island }],
				forested: island ? { ...forested, [owner]: { ...forested[owner], [island]: payload.cells } } : forested,
				state: `${owner}_turn`,
			};
		}
		case "game_over":
			return { state: "game_over", winner: { player: payload.winner, reason: payload.reason }, boards: payload.boards };
		case "rematch_requested":
			return { rematch: [...view.rematch, player] };
		case "rematch_started":
			return { next: { game: payload.game, seat: payload.seat } };
		default:
			// From a newer server: only `seq` counts.
			return {};
	}
}
