// Building and changing elements. Text is always text: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes (and listeners, by names such as `onclick`) and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") element.addEventListener(name.slice(2), value);
		else set(element, name, value);
	}
	element.append(...children);
	return element;
}

/** A picture of the symbols in index.html, hidden from screen readers. @param {string} symbol @param {string} [name] */
export function icon(symbol, name = "icon") {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("class", name);
	svg.setAttribute("aria-hidden", "true");
	const use = document.createElementNS(SVG, "use");
	use.setAttribute("href", `#${symbol}`);
	svg.append(use);
	return svg;
}

/**
 * Sets an attribute, or removes it for null and false; touches nothing that is right already.
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function set(element, name, value) {
	if (value === null || value === undefined || value === false) {
		if (element.hasAttribute(name)) element.removeAttribute(name);
	} else {
		const text = value === true ? "" : String(value);
		if (element.getAttribute(name) !== text) element.setAttribute(name, text);
	}
}

/** @param {Element} element @param {string} text */
export function say(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {boolean} shown */
export const show = (element, shown) => set(element, "hidden", !shown);

/**
 * A button that stays where it is, and in the tab order, while it can't be used:
 * with `disabled` the focus would be lost.
 * @param {HTMLElement} button
 * @param {boolean} usable
 */
export const enable = (button, usable) => set(button, "aria-disabled", usable ? null : "true");

/** @param {string} label @param {() => void} action @param {string} [look] */
export function button(label, action, look = "") {
	const element = h("button", { type: "button", class: look }, label);
	element.addEventListener("click", () => {
		if (element.getAttribute("aria-disabled") !== "true") action();
	});
	return element;
}
