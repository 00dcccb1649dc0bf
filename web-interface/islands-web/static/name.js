// The field for one's name, remembered from game to game.

import { h, say, set, show } from "./dom.js";
import { read, write } from "./seat.js";
import { because, t } from "./i18n.js";

const NAME = "islands:name";

/** @param {string} id For the label. */
export function nameField(id) {
	const input = h("input", {
		id, name: "name", maxlength: 32, autocomplete: "nickname", spellcheck: "false", value: read(NAME) ?? "",
		"aria-describedby": `${id}-error`,
	});
	const error = h("p", { id: `${id}-error`, class: "error", role: "alert", hidden: true });
	return {
		element: h("div", { class: "field" }, h("label", { for: id }, t("home.name")), input, error),
		/** The name, or null with the reason shown. @returns {string | null} */
		take() {
			const name = input.value.trim();
			if (name === "") {
				this.refuse({ reason: "invalid_name" });
				return null;
			}
			write(NAME, name);
			this.refuse(null);
			return name;
		},
		/** @param {{ reason: string } | null} refusal */
		refuse(refusal) {
			show(error, refusal !== null);
			say(error, refusal ? because(refusal.reason) : "");
			set(input, "aria-invalid", refusal !== null && "true");
			if (refusal) input.focus();
		},
	};
}
