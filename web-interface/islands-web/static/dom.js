// Creates and changes elements. Text is never parsed as HTML.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} attributes @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) set(element, name, value);
	element.append(...children);
	return element;
}

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...Node} children */
export function svg(tag, attributes, ...children) {
	const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
	for (const [name, value] of Object.entries(attributes)) set(element, name, value);
	element.append(...children);
	return element;
}

/** An SVG symbol of index.html, hidden from screen readers. @param {string} symbol @param {string} [name] */
export const icon = (symbol, name = "icon") =>
	svg("svg", { class: name, "aria-hidden": "true" }, svg("use", { href: `#${symbol}` }));

/**
 * Sets an attribute, or removes it for null and false. Skips an unchanged value.
 * @param {Element} element @param {string} name @param {string | number | boolean | null | undefined} value
 */
export function set(element, name, value) {
	const text = value === true ? "" : value === false ? null : (value?.toString() ?? null);
	if (element.getAttribute(name) === text) return;
	if (text === null) element.removeAttribute(name);
	else element.setAttribute(name, text);
}

/** An element of index.html. @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Element} element @param {string} text */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {boolean} shown */
export const show = (element, shown) => set(element, "hidden", !shown);

/**
 * Uses `aria-disabled`, since `disabled` would drop the focus and the tab stop.
 * @param {HTMLElement} button @param {boolean} on
 */
export const enable = (button, on) => set(button, "aria-disabled", !on && "true");

/** A text field, its label and its error. @param {string} id @param {string} name @param {Record<string, any>} attributes */
export function field(id, name, attributes) {
	const error = h("p", { id: `${id}-error`, class: "error", role: "alert", hidden: true });
	const input = h("input", { id, spellcheck: "false", "aria-describedby": error.id, ...attributes });
	/** Shows an error; "" clears it. @param {string} text */
	function showError(text) {
		show(error, text !== "");
		setText(error, text);
		set(input, "aria-invalid", text !== "" && "true");
	}
	return { input, label: h("label", { for: id }, name), error, showError };
}

/** @param {HTMLElement} button */
export const isEnabled = (button) => button.getAttribute("aria-disabled") !== "true";

/** @param {string} label @param {() => void} action @param {string} [className] */
export function button(label, action, className = "") {
	const element = h("button", { type: "button", class: className }, label);
	element.addEventListener("click", () => isEnabled(element) && action());
	return element;
}
