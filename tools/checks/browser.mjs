// Whole games in a real browser against the built server.
//
//   node browser.mjs          ISLANDS_BIN   the server (target/debug/islands)
//                             CHROMIUM      the browser (/usr/bin/chromium)
//
// Prints one line per check and ends with `N passed, M failed`.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { theBattle, theRematch } from "./browser/battle.js";
import { theInvitation } from "./browser/invitation.js";
import { theForgetfulBrowser } from "./browser/forgetful.js";
import { theHints } from "./browser/hints.js";
import { theKeyboard } from "./browser/keyboard.js";
import { theDamagedLinks } from "./browser/links.js";
import { complaints } from "./browser/person.js";
import { startServer } from "./browser/server.js";
import { theSize } from "./browser/size.js";
import { theOtherStates } from "./browser/states.js";
import { check, finish } from "./check.mjs";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-quic", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
/** How many there are: a check that was left out is not one that passed. */
const CHECKS = 99;

const pictures = new URL("../../target/screenshots", import.meta.url).pathname;
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "islands-page-"));
const journal = join(folder, "journal.redb");

/** @type {import("playwright-core").Browser[]} */
const browsers = [];
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** @param {...string} more */
async function launch(...more) {
  browsers.push(await chromium.launch({ executablePath, args: [...FLAGS, ...more] }));
  return browsers[browsers.length - 1];
}

/** A browser whose person has chosen these settings: its one context. @param {object} preferences */
async function launchWith(preferences) {
  const profile = mkdtempSync(join(folder, "profile-"));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  return chromium.launchPersistentContext(profile, { executablePath, args: FLAGS });
}

let server = await startServer(journal);
const browser = await launch();
const stage = {
  browser,
  launch,
  launchWith,
  check,
  pictures,
  url: server.url,
  killServer: () => server.end("SIGKILL"),
  async startAgain() {
    server = await startServer(journal, server.address);
  },
  /** All that one looks at on each screen. @param {any} person @param {string} screen */
  async inspect(person, screen) {
    await check(`${screen}: axe-core finds nothing serious`, () => person.axe(screen));
    await check(`${screen}: fits 320 and 1440 px, targets of 24 px`, () => person.fits(screen));
    await check(`${screen}: pictures`, () => person.pictures(pictures, screen));
  },
};

try {
  await theSize(stage);
  const pair = await theInvitation(stage);
  await theBattle(stage, pair);
  await theRematch(stage, pair);
  await theKeyboard(stage);
  await theHints(stage);
  await theDamagedLinks(stage);
  await theForgetfulBrowser(stage);
  await theOtherStates(stage);
  await check("no page has complained: no console error, no policy violation", async () => assert.deepEqual(complaints, []));
} catch (error) {
  await check("the checks reach their end", () => Promise.reject(error));
} finally {
  for (const each of browsers) await each.close();
  await server.end("SIGTERM");
  rmSync(folder, { recursive: true });
}
process.exitCode = finish(CHECKS);
