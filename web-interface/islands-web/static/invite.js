// Invitations: the host's link, and a visitor's screens.

import { button, h, icon, setText, show } from "./dom.js";
import { announce } from "./announce.js";
import { home } from "./status-screens.js";
import { nameField } from "./name.js";
import { bothNames } from "./game-text.js";
import { t } from "./i18n.js";

/** The host's card with the link. @param {string} game */
export function inviteCard(game) {
	const url = `${location.origin}/g/${game}`;
	const input = h("input", { id: "link", readonly: true, value: url, spellcheck: "false" });
	input.addEventListener("focus", () => input.select());
	const copy = button(t("invite.copy"), async () => {
		try {
			await navigator.clipboard.writeText(url);
		} catch {
			// The clipboard needs https and permission; else select the link.
			return input.focus();
		}
		setText(copy, t("invite.copied"));
		announce(t("invite.copied"));
		setTimeout(() => setText(copy, t("invite.copy")), 2000);
	}, "primary copy");
	const share = button(t("invite.share"), () => {
		navigator.share({ title: "Islands", url }).catch(() => {}); // cancelled
	});
	show(share, "share" in navigator);
	return h("section", { class: "card invite" },
		h("h2", {}, t("invite.title")),
		h("p", { class: "muted" }, t("invite.how")),
		h("label", { for: "link" }, t("invite.link")),
		h("div", { class: "together" }, input, copy, share));
}

/** @param {Session} session @returns {GameScreen} */
export function guestScreen(session) {
	const title = h("h1", { tabindex: -1 });
	const name = nameField("guest-name");
	const join = h("button", { type: "submit", class: "primary" }, t("invite.join"));
	const form = h("form", { class: "form" }, name.element, join);
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		name.submit(join, t("invite.joining"), session.actions.join);
	});
	return {
		element: h("section", { class: "card narrow" }, icon("archipelago", "picture"), title,
			h("p", { class: "muted" }, t("home.how")), form),
		render: ({ view }) => setText(title, t("invite.guest", { name: view?.players.player1.name ?? "" })),
	};
}

/** For a visitor when both seats are taken. @param {Session} session @returns {GameScreen} */
export function fullScreen(session) {
	const title = h("h1", { tabindex: -1 });
	const how = h("p", { class: "muted" });
	const watch = button("", session.actions.watch, "primary");
	return {
		element: h("section", { class: "card narrow" }, title, how,
			h("div", { class: "actions" }, watch, home())),
		render({ view }) {
			if (view === null) return;
			const over = view.state === "game_over";
			setText(title, t(over ? "invite.over" : "invite.full"));
			setText(how, t(over ? "invite.over.how" : "invite.full.how", bothNames(view)));
			setText(watch, t(over ? "invite.see" : "invite.watch"));
		},
	};
}
