// A browser whose settings block site data.

import assert from "node:assert/strict";
import { Person } from "./person.js";

/** Chromium's preference that blocks all site data. */
const STORES_NOTHING = { profile: { default_content_setting_values: { cookies: 2 } } };

export async function checkNoStorage({ url, check, launchWith, pictures }) {
  const context = await launchWith(STORES_NOTHING);
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(10_000);
  const nora = new Person(page, "Nora", url);
  const note = "Your browser stores nothing for this site";
  await check("this browser forbids the page its storage", async () => {
    await nora.open("/");
    const thrown = await page.evaluate(() => {
      const names = /** @type {const} */ (["localStorage", "sessionStorage"]);
      return names.map((name) => {
        try {
          return typeof globalThis[name];
        } catch (error) {
          return /** @type {Error} */ (error).name;
        }
      });
    });
    assert.deepEqual(thrown, ["SecurityError", "SecurityError"]);
  });
  await check("without storage: the page says what is lost, and a game is played", async () => {
    await nora.sees(note);
    await nora.begin("Play the computer");
    await nora.sees(note);
    await page.screenshot({ path: `${pictures}/forgetful.png`, fullPage: true });
    await nora.press("button", "Ready");
    await nora.onScreen("battle");
    for (const index of [0, 11, 22]) await nora.fire(index);
  });
  await check("without storage: a reload shows the same screen with the same seat", async () => {
    await nora.myTurn();
    const before = await nora.snapshot();
    await page.reload();
    await nora.onScreen("battle");
    await nora.myTurn();
    assert.deepEqual(await nora.snapshot(), before);
  });
  await check("without storage: changing the language keeps the state", async () => {
    await nora.press("button", "Deutsch");
    await nora.sees("Du bist am Zug");
    await nora.press("button", "English");
    await nora.myTurn();
  });
  await check("without storage: links, back and forward keep the seats", async () => {
    const game = page.url();
    await page.locator("#brand").click();
    await nora.onScreen("home");
    await nora.sees("against Computer");
    await page.goBack();
    await nora.onScreen("battle");
    await page.goForward();
    await nora.onScreen("home");
    await nora.begin("Play with a friend");
    await page.goBack();
    await nora.onScreen("home");
    await page.locator(".games a").nth(1).waitFor();
    await page.locator(`.games a[href="${new URL(game).pathname}"]`).click();
    await nora.myTurn();
  });
  await check("without storage: a guest joins by a link, and watches another game", async () => {
    const open = (body) => fetch(`${url}/api/games`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    }).then((answer) => answer.json());
    const ours = await open({ name: "Ada" });
    await nora.open(ours.url);
    await page.getByLabel("Your name").fill("Nora");
    await nora.press("button", "Join");
    await nora.onScreen("placement");
    const theirs = await open({ name: "Eve", opponent: "random" });
    await nora.open(theirs.url);
    await nora.press("button", "Watch");
    await nora.onScreen("battle");
    await page.reload();
    await nora.onScreen("battle");
  });
  await check("without storage: a new tab has no seat, and says so", async () => {
    const tab = await nora.newTab();
    await tab.open("/");
    await tab.sees(note);
    assert.equal(await tab.page.locator(".games").count(), 0);
  });
  await context.close();
}
