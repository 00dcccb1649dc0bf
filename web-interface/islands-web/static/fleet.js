// A player's five islands in small drawings, forested ones marked.

import { ISLANDS } from "./placement-rules.js";
import { h, icon, setText, set } from "./dom.js";
import { shape } from "./shapes.js";
import { t } from "./i18n.js";

export function createFleet() {
	const items = ISLANDS.map((island) => {
		const words = h("span", { class: "hidden" });
		const element = h("li", {}, shape(island), icon("mark-forested", "icon grown"), words);
		return { island, element, words };
	});
	return {
		element: h("ul", { class: "fleet" }, ...items.map(({ element }) => element)),
		/** @param {Islands} forested */
		update(forested) {
			for (const { island, element, words } of items) {
				const gone = forested[island] !== undefined;
				set(element, "data-forested", gone);
				setText(words, t(`island.${island}`) + (gone ? `, ${t("cell.forested")}` : ""));
			}
		},
	};
}
