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
import { checkBattle, checkRematch } from "./browser/battle.js";
import { checkInvitation } from "./browser/invitation.js";
import { checkNoStorage } from "./browser/no-storage.js";
import { checkHints } from "./browser/hints.js";
import { checkKeyboard } from "./browser/keyboard.js";
import { checkDamagedLinks } from "./browser/links.js";
import { pageErrors } from "./browser/person.js";
import { checkResume } from "./browser/resume.js";
import { startServer } from "./browser/server.js";
import { checkSize } from "./browser/size.js";
import { checkStatusScreens } from "./browser/states.js";
import { check, finish } from "./check.mjs";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-quic", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
/** The number of checks: a skipped check counts as a failure. */
const CHECKS = 102;

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

/** Launches a browser with these preferences; resolves with its context. @param {object} preferences */
async function launchWith(preferences) {
  const profile = mkdtempSync(join(folder, "profile-"));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  return chromium.launchPersistentContext(profile, { executablePath, args: FLAGS });
}

let server = await startServer(journal);
const browser = await launch();
const environment = {
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
  /** Checks that run on every screen. @param {any} person @param {string} screen */
  async inspect(person, screen) {
    await check(`${screen}: axe-core finds nothing serious`, () => person.axe(screen));
    await check(`${screen}: fits 320 and 1440 px, targets of 24 px`, () => person.fits(screen));
    await check(`${screen}: pictures`, () => person.pictures(pictures, screen));
  },
};

try {
  await checkSize(environment);
  const pair = await checkInvitation(environment);
  await checkBattle(environment, pair);
  await checkRematch(environment, pair);
  await checkKeyboard(environment);
  await checkHints(environment);
  await checkDamagedLinks(environment);
  await checkNoStorage(environment);
  await checkResume(environment);
  await checkStatusScreens(environment);
  await check("no page has logged a console error or a policy violation", async () => assert.deepEqual(pageErrors, []));
} catch (error) {
  await check("all checks run to the end", () => Promise.reject(error));
} finally {
  for (const each of browsers) await each.close();
  await server.end("SIGTERM");
  rmSync(folder, { recursive: true });
}
process.exitCode = finish(CHECKS);
