// Words for people, in their language.

import { read, write } from "./memory.js";

/** @type {Language[]} */
export const LANGUAGES = ["en", "de"];

const CHOICE = "islands:language";

/** The first that we speak, else English. @param {readonly string[]} wanted For example `["de-AT", "en"]`. */
export const pick = (wanted) =>
	wanted.map((tag) => LANGUAGES.find((each) => each === tag.toLowerCase().split("-")[0])).find(Boolean) ?? "en";

/**
 * The words for a key, or "" if there are none; `count` chooses between one and other.
 * @param {Locale} locale @param {Language} language @param {Key} key @param {Record<string, string | number>} [values]
 */
export function translate(locale, language, key, values = {}) {
	const dot = key.indexOf(".");
	/** @type {any} */
	const groups = locale;
	/** @type {Words} */
	const words = groups[key.slice(0, dot)]?.[key.slice(dot + 1)] ?? "";
	const one = new Intl.PluralRules(language).select(Number(values.count ?? 0)) === "one";
	const text = typeof words === "string" ? words : words[one ? "one" : "other"];
	return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** The language of this page. No other is loaded. */
export const language = pick([read(CHOICE) ?? "", ...(globalThis.navigator?.languages ?? [])]);

/** @type {Locale} */
const locale = (await import(`./locales/${language}.js`)).default;

/** @param {Key} key @param {Record<string, string | number>} [values] */
export const t = (key, values) => translate(locale, language, key, values);

/** The words for a reason, or some that always fit. @param {string} reason */
export const because = (reason) => t(/** @type {Key} */ (`reason.${reason}`)) || t("reason.other");

/** Takes another language from now on. @param {Language} choice */
export function speak(choice) {
	write(CHOICE, choice);
	location.reload(); // brings everything back, in other words
}
