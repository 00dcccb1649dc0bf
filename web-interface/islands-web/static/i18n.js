// Words for people, in their language.

import { de } from "./locales/de.js";
import { en } from "./locales/en.js";
import { read, write } from "./seat.js";

/** @typedef {keyof typeof en} Key */
/** @typedef {string | { one: string, other: string }} Words With `{name}` for what is put in. */
/** @typedef {"en" | "de"} Language */

/** @type {Record<Language, Record<Key, Words>>} */
export const LOCALES = { en, de };

const CHOICE = "islands:language";

/**
 * The first language of the person that we speak, else English.
 * @param {readonly string[]} wanted For example `["de-AT", "en"]`.
 * @returns {Language}
 */
export function pick(wanted) {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0];
    if (language in LOCALES) return /** @type {Language} */ (language);
  }
  return "en";
}

/**
 * @param {Language} language
 * @param {Key} key
 * @param {Record<string, string | number>} [values] `count` chooses between one and other.
 * @returns {string}
 */
export function translate(language, key, values = {}) {
  const words = LOCALES[language][key];
  const one = new Intl.PluralRules(language).select(Number(values.count ?? 0)) === "one";
  const text = typeof words === "string" ? words : words[one ? "one" : "other"];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

const browser = typeof navigator === "undefined" ? [] : navigator.languages;

/** The language of this page. */
export const language = pick([read(CHOICE) ?? "", ...browser]);

/** @param {Key} key @param {Record<string, string | number>} [values] */
export const t = (key, values) => translate(language, key, values);

/**
 * The name of an island, or the words for a reason, if there are any.
 * @param {string} key
 * @param {Key} [fallback]
 * @param {Record<string, string | number>} [values]
 */
export const tIf = (key, fallback = "reason.other", values = {}) =>
  t(key in en ? /** @type {Key} */ (key) : fallback, values);

/** Takes the other language from now on. Everything on the page comes back after a reload. @param {Language} choice */
export function speak(choice) {
  write(CHOICE, choice);
  location.reload();
}
