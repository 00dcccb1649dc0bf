// The link to a game: for the one who sends it, and for the one who opens it.

import { button, h, icon, say, show } from "./dom.js";
import { announce } from "./announce.js";
import { home } from "./states.js";
import { nameField } from "./name.js";
import { bothNames } from "./words.js";
import { t } from "./i18n.js";

/** What the host sends. @param {string} game */
export function inviteCard(game) {
	const url = `${location.origin}/g/${game}`;
	const input = h("input", { id: "link", readonly: true, value: url, spellcheck: "false" });
	input.addEventListener("focus", () => input.select());
	const copy = button(t("invite.copy"), async () => {
		try {
			await navigator.clipboard.writeText(url);
		} catch {
			// No clipboard without https or permission; select it for the person's own copy.
			return input.focus();
		}
		say(copy, t("invite.copied"));
		announce(t("invite.copied"));
		setTimeout(() => say(copy, t("invite.copy")), 2000);
	}, "primary copy");
	const share = button(t("invite.share"), () => {
		navigator.share({ title: "Islands", url }).catch(() => {}); // closed without sharing
	});
	show(share, "share" in navigator);
	return h("section", { class: "card invite" },
		h("h2", {}, t("invite.title")),
		h("p", { class: "muted" }, t("invite.how")),
		h("label", { for: "link" }, t("invite.link")),
		h("div", { class: "together" }, input, copy, share));
}

/** @param {Session} session @returns {Scene} */
export function guestScreen(session) {
	const title = h("h1", { tabindex: -1 });
	const name = nameField("guest-name");
	const join = h("button", { type: "submit", class: "primary" }, t("invite.join"));
	const form = h("form", { class: "form" }, name.element, join);
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		name.use(join, t("invite.joining"), session.act.join);
	});
	return {
		element: h("section", { class: "card narrow" }, icon("archipelago", "picture"), title,
			h("p", { class: "muted" }, t("home.how")), form),
		render: ({ view }) => say(title, t("invite.guest", { name: view?.players.player1.name ?? "" })),
	};
}

/** Someone without a seat, where both are taken. @param {Session} session @returns {Scene} */
export function fullScreen(session) {
	const title = h("h1", { tabindex: -1 });
	const how = h("p", { class: "muted" });
	const watch = button("", session.act.watch, "primary");
	return {
		element: h("section", { class: "card narrow" }, title, how,
			h("div", { class: "actions" }, watch, home())),
		render({ view }) {
			if (view === null) return;
			const over = view.state === "game_over";
			say(title, t(over ? "invite.over" : "invite.full"));
			say(how, t(over ? "invite.over.how" : "invite.full.how", bothNames(view)));
			say(watch, t(over ? "invite.see" : "invite.watch"));
		},
	};
}
