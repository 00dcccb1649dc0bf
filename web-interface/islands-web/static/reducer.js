// What the player may see, and how one event of the server changes it. Pure.

import { same } from "./coordinate.js";

/** @param {Player} player */
export const other = (player) => (player === "player1" ? "player2" : "player1");

/** Whose turn it is. @param {View} view */
export const turnOf = ({ state }) =>
	state === "player1_turn" ? "player1" : state === "player2_turn" ? "player2" : null;

/** @param {View} view @param {Player} by @param {Cell} cell */
export const alreadyGuessed = ({ moves }, by, cell) =>
	moves.some((move) => move.player === by && same(move, cell));

/**
 * The view after an event. An event that the view has already is none; `null` means that
 * events in between are missing and that the whole view must be asked for.
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
			// Only their owner is told where they lie.
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
			// A newer server may tell of things that this page does not show.
			return {};
	}
}
