// Screens without a board, and user preferences: language, no script, reduced motion.

import assert from "node:assert/strict";
import { newPerson } from "./person.js";

export async function checkStatusScreens({ browser, url, check, inspect, launch }) {
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
  await check("an unknown seat is refused, and the visitor may watch", async () => {
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
  await check("without JavaScript the page names its requirements", async () => {
    // A separate browser: with scripts disabled per context, <noscript> stays hidden.
    // Nothing can be evaluated without scripts, so read the accessibility tree.
    const scriptless = await launch("--blink-settings=scriptEnabled=false");
    const page = await scriptless.newPage();
    await page.goto(url, { waitUntil: "commit" });
    const session = await page.context().newCDPSession(page);
    const deadline = Date.now() + 10_000;
    for (let text = ""; !text.includes("This game needs JavaScript"); ) {
      assert.ok(Date.now() < deadline, `the page tells: ${text}`);
      const { nodes } = await session.send("Accessibility.getFullAXTree");
      text = nodes.map(({ name }) => name?.value ?? "").join(" ");
    }
    await scriptless.close();
  });
  await check("no animation runs with reduced motion", async () => {
    await eve.page.emulateMedia({ reducedMotion: "reduce" });
    await eve.open("/");
    const moving = await eve.page.$$eval("*", (all) => all.filter((each) => getComputedStyle(each).transitionDuration !== "0s").length);
    assert.equal(moving, 0);
  });
}
