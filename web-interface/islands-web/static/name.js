// The field for the player's name, kept in storage.

import { enable, field, h, setText, isEnabled } from "./dom.js";
import { read, write } from "./storage.js";
import { reasonText, t } from "./i18n.js";

const NAME = "islands:name";

/** @param {string} id Of the input. */
export function nameField(id) {
	const { input, label: inputLabel, error, showError } = field(id, t("home.name"), {
		name: "name", maxlength: 32, autocomplete: "nickname", value: read(NAME) ?? "",
	});

	/** @param {string} reason */
	function showReason(reason) {
		showError(reasonText(reason));
		input.focus();
	}

	return {
		element: h("div", { class: "field" }, inputLabel, input, error),
		/**
		 * Runs the action with the name; shows the reason of a refusal.
		 * @param {HTMLElement} pressed @param {string} meanwhile @param {(name: string) => Promise<void>} action
		 */
		async submit(pressed, meanwhile, action) {
			if (!isEnabled(pressed)) return;
			const name = input.value.trim();
			if (name === "") return showReason("invalid_name");
			write(NAME, name);
			showError("");
			const label = pressed.textContent ?? "";
			enable(pressed, false);
			setText(pressed, meanwhile);
			try {
				await action(name);
			} catch (refusal) {
				showReason(/** @type {Refusal} */ (refusal).reason);
				enable(pressed, true);
				setText(pressed, label);
			}
		},
	};
}
