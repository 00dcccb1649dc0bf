// The screens without a game, and what people ask of their device.

import assert from "node:assert/strict";
import { newPerson } from "./person.js";

export async function theOtherStates({ browser, url, check, inspect, launch }) {
  const eve = await newPerson(browser, { name: "Eve", seed: 6, url, locale: "de-DE" });
  await check("an unknown game says so, in the browser's language", async () => {
    await eve.open("/g/aaaaaaaaaaaaaaaa");
    await eve.sees("Dieses Spiel gibt es nicht");
    assert.equal(await eve.page.getAttribute("html", "lang"), "de");
  });
  await inspect(eve, "unknown");
  await check("the switch overrides the browser's language, also after a reload", async () => {
    await eve.press("button", "English");
    await eve.sees("There is no such game");
    await eve.page.reload();
    await eve.sees("There is no such game");
  });
  await check("a seat that the server doesn't know is refused, and one may look on", async () => {
    await eve.open("/");
    await eve.page.getByLabel("Your name").fill("Eve");
    await eve.press("button", "Play with a friend");
    await eve.onScreen("placement");
    await eve.page.evaluate(() => {
      const key = Object.keys(localStorage).find((each) => each.startsWith("islands:seat:")) ?? "";
      localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage[key]), seat: "bm9uc2Vuc2U" }));
    });
    await eve.page.reload();
    await eve.sees("This seat is not valid");
    await inspect(eve, "refused");
    await eve.press("button", "Open as a visitor");
    await eve.sees("Eve invites you");
  });
  await check("without script the page says what it needs", async () => {
    // A browser of its own: a page that is merely forbidden to run scripts still hides <noscript>.
    // Without script nothing can be evaluated in the page either; what it tells assistive
    // technology can still be read.
    const scriptless = await launch("--blink-settings=scriptEnabled=false");
    const page = await scriptless.newPage();
    await page.goto(url, { waitUntil: "commit" });
    const session = await page.context().newCDPSession(page);
    const deadline = Date.now() + 10_000;
    for (let told = ""; !told.includes("This game needs JavaScript"); ) {
      assert.ok(Date.now() < deadline, `the page tells: ${told}`);
      const { nodes } = await session.send("Accessibility.getFullAXTree");
      told = nodes.map(({ name }) => name?.value ?? "").join(" ");
    }
    await scriptless.close();
  });
  await check("no animation runs where reduced motion is asked for", async () => {
    await eve.page.emulateMedia({ reducedMotion: "reduce" });
    await eve.open("/");
    const moving = await eve.page.$$eval("*", (all) => all.filter((each) => getComputedStyle(each).transitionDuration !== "0s").length);
    assert.equal(moving, 0);
  });
}
