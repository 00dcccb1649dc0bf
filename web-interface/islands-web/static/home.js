// The first page: begin a game, or go back to one.

import { button, h, icon, say } from "./dom.js";
import { go } from "./memory.js";
import { keepSeat, leaveSeat, seats } from "./seat.js";
import { look, openGame } from "./api.js";
import { nameField } from "./name.js";
import { other } from "./reducer.js";
import { t } from "./i18n.js";

const SHOWN = 8;

export function homeScreen() {
	const name = nameField("name");

	/** @param {HTMLElement} pressed @param {string} [opponent] */
	const begin = (pressed, opponent) =>
		name.use(pressed, t("home.opening"), async (mine) => {
			const { game, seat, player, url } = await openGame(mine, opponent);
			keepSeat(game, { seat, player, computer: opponent !== undefined });
			go(url);
		});

	const friend = button(t("home.friend"), () => begin(friend), "primary");
	const computer = button(t("home.computer"), () => begin(computer, strength()));
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

/** The games in which this browser has a seat, with how they stand. */
function gamesList() {
	const mine = seats().slice(0, SHOWN);
	if (mine.length === 0) return null;
	const list = h("ul", { class: "games" });
	for (const { game, player } of mine) {
		const who = h("b", {}, game.slice(0, 6));
		const how = h("span", { class: "muted" }, "…");
		list.append(h("li", {}, h("a", { href: `/g/${game}` }, who, how)));
		look(game).then(
			(view) => {
				const opponent = view.players[other(player)]?.name;
				say(who, opponent ? t("home.against", { name: opponent }) : t("home.alone"));
				say(how, standing(view, player));
			},
			({ reason }) => {
				say(how, t(reason === "no_such_game" ? "game.gone" : "game.unknown"));
				if (reason === "no_such_game") leaveSeat(game);
			},
		);
	}
	return h("section", { class: "card" }, h("h2", {}, t("home.games")), list);
}

/** @param {View} view @param {Player} me */
function standing({ state, winner }, me) {
	if (winner) return t(winner.player === me ? "game.won" : "game.lost");
	if (state === `${me}_turn`) return t("game.your_turn");
	return t(state.endsWith("_turn") ? "game.their_turn" : "game.placing");
}
