// Parsing links to a game, whole and damaged.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseGamePath } from "../../../web-interface/islands-web/static/link.js";

const ID = "abcdefgh234567xy";
const check = (path, game, extra, capitals) => assert.deepEqual(parseGamePath(path), { game, extra, capitals }, path);

test("a link is valid with or without a trailing slash", () => {
  check(`/g/${ID}`, ID, "", false);
  check(`/g/${ID}/`, ID, "", false);
  assert.equal(parseGamePath("/"), null);
  assert.equal(parseGamePath("/static/main.js"), null);
});

test("text around or in a link is found, and so is the game", () => {
  for (const [path, extra] of [
    [`/g/${ID}.`, "."],
    [`/g/${ID})`, ")"],
    [`/g/${ID}).`, ")."],
    [`/g/(${ID})`, "()"],
    [`/g/${ID},`, ","],
    [`/g/${ID}%22`, '"'],
    [`/g/${ID}%E2%80%9D`, "”"],
    [`/g/%3C${ID}%3E`, "<>"],
    [`/g/${ID}%20`, " "],
    [`/g/${ID}…`, "…"],
    [`/g/${ID}です`, "です"],
    [`/g/${ID.slice(0, 8)}%0A${ID.slice(8)}`, "\n"],
    [`/g/${ID.slice(0, 8)}-${ID.slice(8)}`, "-"],
    [`/g/${ID}\u200b`, "\u200b"],
    [`/g/${ID}/.`, "/."],
  ]) check(path, ID, extra, false);
});

test("capital letters are lower-cased and reported", () => {
  check(`/g/${ID.toUpperCase()}`, ID, "", true);
  check(`/g/A${ID.slice(1)}.`, ID, ".", true);
});

test("an unrecoverable path has no game", () => {
  for (const path of ["/g/", "/g/.", `/g/${ID}a`, `/g/${ID.slice(1)}`, "/g/%FF", `/g/${ID.slice(1)}1`, `/g/${ID}/x`]) {
    assert.equal(parseGamePath(path)?.game, "", path);
  }
});
