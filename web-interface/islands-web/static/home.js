// The home page: opens a game, or lists the games of this browser.

import { button, h, icon, setText } from "./dom.js";
import { navigate } from "./storage.js";
import { saveSeat, deleteSeat, savedSeats } from "./seat.js";
import { fetchView, openGame } from "./api.js";
import { nameField } from "./name.js";
import { other } from "./reducer.js";
import { t } from "./i18n.js";

const SHOWN = 8;

export function homeScreen() {
	const name = nameField("name");

	/** @param {HTMLElement} pressed @param {string} [opponent] */
	const startGame = (pressed, opponent) =>
		name.submit(pressed, t("home.opening"), async (mine) => {
			const { game, seat, player, url } = await openGame(mine, opponent);
			saveSeat(game, { seat, player, computer: opponent !== undefined });
			navigate(url);
		});

	const friend = button(t("home.friend"), () => startGame(friend), "primary");
	const computer = button(t("home.computer"), () => startGame(computer, strength()));
	const choices = /** @type {const} */ (["random", "hunt"]).map((value) =>
		h("label", { class: "choice" },
			h("input", { type: "radio", name: "strength", value, checked: value === "hunt" }),
			h("span", {}, h("b", {}, t(`home.${value}`)), " ", h("small", {}, t(`home.${value}.how`)))));
	const strengths = h("fieldset", {}, h("legend", {}, t("home.strength")), h("div", { class: "choices" }, ...choices));
	const strength = () => /** @type {HTMLInputElement} */ (strengths.querySelector("input:checked")).value;

	const games = gamesList();
	return h("section", { class: "home" },
		h("div", { class: "hero" },
			h("div", {}, h("h1", {}, t("home.lead")), h("p", { class: "lead" }, t("home.how"))),
			icon("archipelago", "picture")),
		h("div", { class: "begin card" }, name.element,
			h("div", { class: "way" }, friend, h("p", { class: "muted" }, t("home.friend.how"))),
			h("div", { class: "way" }, strengths, computer)),
		...(games ? [games] : []));
}

/** The games with a seat in this browser, and their status. */
function gamesList() {
	const mine = savedSeats().slice(0, SHOWN);
	if (mine.length === 0) return null;
	const list = h("ul", { class: "games" });
	for (const { game, player } of mine) {
		const title = h("b", {}, game.slice(0, 6));
		const status = h("span", { class: "muted" }, "…");
		list.append(h("li", {}, h("a", { href: `/g/${game}` }, title, status)));
		fetchView(game).then(
			(view) => {
				const opponent = view.players[other(player)]?.name;
				setText(title, opponent ? t("home.against", { name: opponent }) : t("home.alone"));
				setText(status, statusText(view, player));
			},
			({ reason }) => {
				setText(status, t(reason === "no_such_game" ? "game.gone" : "game.unknown"));
				if (reason === "no_such_game") deleteSeat(game);
			},
		);
	}
	return h("section", { class: "card" }, h("h2", {}, t("home.games")), list);
}

/** @param {View} view @param {Player} me */
function statusText({ state, winner }, me) {
	if (winner) return t(winner.player === me ? "game.won" : "game.lost");
	if (state === `${me}_turn`) return t("game.your_turn");
	return t(state.endsWith("_turn") ? "game.their_turn" : "game.placing");
}
