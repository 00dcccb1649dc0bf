// The field for one's name, remembered from game to game.

import { enable, field, h, say, usable } from "./dom.js";
import { read, write } from "./memory.js";
import { because, t } from "./i18n.js";

const NAME = "islands:name";

/** @param {string} id For the label. */
export function nameField(id) {
	const { input, label, error, complain } = field(id, t("home.name"), {
		name: "name", maxlength: 32, autocomplete: "nickname", value: read(NAME) ?? "",
	});

	/** @param {string} reason */
	function refuse(reason) {
		complain(because(reason));
		input.focus();
	}

	return {
		element: h("div", { class: "field" }, label, input, error),
		/**
		 * Does what was pressed with the name, and says why if it can't be done.
		 * @param {HTMLElement} pressed @param {string} meanwhile @param {(name: string) => Promise<void>} action
		 */
		async use(pressed, meanwhile, action) {
			if (!usable(pressed)) return;
			const name = input.value.trim();
			if (name === "") return refuse("invalid_name");
			write(NAME, name);
			complain("");
			const words = pressed.textContent ?? "";
			enable(pressed, false);
			say(pressed, meanwhile);
			try {
				await action(name);
			} catch (refusal) {
				refuse(/** @type {Refusal} */ (refusal).reason);
				enable(pressed, true);
				say(pressed, words);
			}
		},
	};
}
