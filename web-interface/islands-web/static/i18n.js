// Translations: message lookup, plural forms, choice of language.

import { read, write } from "./storage.js";

/** @type {Language[]} */
export const LANGUAGES = ["en", "de"];

const CHOICE = "islands:language";

/** The first supported language, else English. @param {readonly string[]} wanted For example `["de-AT", "en"]`. */
export const pickLanguage = (wanted) =>
	wanted.map((tag) => LANGUAGES.find((each) => each === tag.toLowerCase().split("-")[0])).find(Boolean) ?? "en";

/**
 * The text of a message, or ""; `count` chooses the plural form.
 * @param {Locale} locale @param {Language} language @param {MessageKey} key @param {Record<string, string | number>} [values]
 */
export function translate(locale, language, key, values = {}) {
	const dot = key.indexOf(".");
	/** @type {any} */
	const groups = locale;
	/** @type {Message} */
	const message = groups[key.slice(0, dot)]?.[key.slice(dot + 1)] ?? "";
	const one = new Intl.PluralRules(language).select(Number(values.count ?? 0)) === "one";
	const text = typeof message === "string" ? message : message[one ? "one" : "other"];
	return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** The language of this page; no other is loaded. */
export const language = pickLanguage([read(CHOICE) ?? "", ...(globalThis.navigator?.languages ?? [])]);

/** @type {Locale} */
const locale = (await import(`./locales/${language}.js`)).default;

/** @param {MessageKey} key @param {Record<string, string | number>} [values] */
export const t = (key, values) => translate(locale, language, key, values);

/** The text for a reason, or a general one. @param {string} reason */
export const reasonText = (reason) => t(/** @type {MessageKey} */ (`reason.${reason}`)) || t("reason.other");

/** Stores the choice and reloads the page. @param {Language} choice */
export function switchLanguage(choice) {
	write(CHOICE, choice);
	location.reload();
}
