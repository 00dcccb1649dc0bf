// Messages: both languages have every key, with the same placeholders.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import de from "../../../web-interface/islands-web/static/locales/de.js";
import en from "../../../web-interface/islands-web/static/locales/en.js";
import { LANGUAGES, pickLanguage, translate } from "../../../web-interface/islands-web/static/i18n.js";
import { announcementText } from "../../../web-interface/islands-web/static/announce.js";
import { subline, problemText } from "../../../web-interface/islands-web/static/game-text.js";

/** `{group: {name: message}}` as `{"group.name": message}`. */
const flat = (locale) => Object.fromEntries(Object.entries(locale).flatMap(([group, names]) =>
  Object.entries(names).map(([name, words]) => [`${group}.${name}`, words])));
const LOCALES = { en: flat(en), de: flat(de) };

const placeholders = (words) =>
  [...new Set(JSON.stringify(words).match(/\{\w+\}/g)?.map((placeholder) => placeholder.slice(1, -1)) ?? [])].sort();
const STATIC = new URL("../../../web-interface/islands-web/static/", import.meta.url);
const scripts = readdirSync(STATIC).filter((name) => name.endsWith(".js")).map((name) => readFileSync(new URL(name, STATIC), "utf8"));

test("every language has every key", () => {
  assert.deepEqual(Object.keys(LOCALES), LANGUAGES);
  const keys = Object.keys(LOCALES.en).sort();
  assert.ok(keys.length > 100);
  for (const words of Object.values(LOCALES)) assert.deepEqual(Object.keys(words).sort(), keys);
});

test("no text is empty, and no language uses a placeholder that English lacks", () => {
  for (const [language, all] of Object.entries(LOCALES)) {
    for (const [key, words] of Object.entries(all)) {
      const forms = typeof words === "string" ? [words] : [words.one, words.other];
      for (const form of forms) assert.ok(form?.trim(), `${language} ${key}`);
      for (const placeholder of placeholders(words)) assert.ok([...placeholders(LOCALES.en[key]), "count"].includes(placeholder), `${language} ${key} {${placeholder}}`);
    }
  }
});

test("every key that the page uses exists", () => {
  const groups = Object.keys(en).join("|");
  const asked = scripts.flatMap((text) => text.match(new RegExp(`(?<=")(${groups})\\.[\\w.]+(?=")`, "g")) ?? []);
  assert.ok(asked.length > 80);
  for (const key of asked) assert.ok(key in LOCALES.en, key);
});

test("every refusal that a player can meet has a text, and all others share a general one", () => {
  const reasons = ["not_your_turn", "wrong_state", "islands_already_set", "already_guessed", "name_taken",
    "invalid_name", "game_full", "game_over", "already_requested", "busy", "timeout",
    "journal_unavailable", "quarantined", "no_such_game", "unauthorized", "too_many_requests", "other"];
  for (const reason of reasons) assert.ok(`reason.${reason}` in LOCALES.en, reason);
  const present = problemText({ refusal: { reason: "opponent_present", wait_ms: 86_001 }, retryReason: null, firing: null }, view);
  assert.equal(present, "Bob was here a moment ago. If they stay away, you can claim the win in 87 s.");
});

test("the first supported language of the user is chosen", () => {
  assert.equal(pickLanguage(["de-AT", "en"]), "de");
  assert.equal(pickLanguage(["fr", "de"]), "de");
  assert.equal(pickLanguage(["fr"]), "en");
  assert.equal(pickLanguage([]), "en");
  assert.equal(pickLanguage(["", "en-GB"]), "en");
});

test("plurals follow the number, and inserted values stay text", () => {
  assert.equal(translate(en, "en", "sea.left", { count: 1 }), "1 island left");
  assert.equal(translate(en, "en", "sea.left", { count: 4 }), "4 islands left");
  assert.equal(translate(de, "de", "sea.left", { count: 1 }), "noch 1 Insel");
  assert.equal(translate(en, "en", "invite.guest", { name: "{name}<b>" }), "{name}<b> invites you to a game of Islands");
});

const view = {
  game: "g", seq: 9, viewer: "player1", state: "player1_turn",
  players: { player1: { name: "Ada", islands_set: true }, player2: { name: "Bob", islands_set: true } },
  board: { atoll: [{ row: 2, col: 7 }] },
  moves: [{ player: "player2", row: 2, col: 7, outcome: "hit", forested: null }],
  forested: { player1: {}, player2: {} }, winner: null, rematch: [], boards: null,
};

test("an announced move names its player, its cell, its outcome and the turn", () => {
  assert.equal(announcementText(view, "player_guessed_coordinate", {}), "Bob fired at B7 and hit your atoll. Your turn.");
  assert.equal(subline({ ...view, viewer: "player2" }), "You fired at B7: land!");
  assert.equal(subline({ ...view, viewer: null }), "Bob fired at B7: land!");
});

test("the end has a text for each reason and each viewer", () => {
  const moves = Array(18).fill(view.moves[0]);
  const over = (viewer, reason) => subline({ ...view, moves, viewer, state: "game_over", winner: { player: "player2", reason } });
  assert.equal(over("player2", "forested"), "All five islands of Ada forested in 18 guesses.");
  assert.equal(over("player1", "resigned"), "You resigned.");
  assert.equal(over("player2", "resigned"), "Ada resigned.");
  assert.equal(over("player1", "abandoned"), "You were away, and Bob claimed the win.");
  assert.equal(over(null, "resigned"), "Ada resigned.");
});
