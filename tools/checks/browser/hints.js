// Hints match the input modality: mouse, touch or keys.

import assert from "node:assert/strict";
import { newPerson } from "./person.js";

export async function checkHints({ browser, url, check, pictures }) {
  /** Starts a game against the computer, up to the first turn. @param {import("./person.js").Person} person */
  const toTheBattle = async (person) => {
    await person.begin("Play the computer");
    await person.press("button", "Ready");
    await person.onScreen("battle");
    await person.myTurn();
  };
  const hint = (person) => person.page.locator(".fire .keys").innerText();

  const phil = await newPerson(browser, { name: "Phil", seed: 13, url, touch: true, phone: true });
  await check("a phone shows the hint to tap, and none about keys", async () => {
    await toTheBattle(phil);
    assert.equal(await hint(phil), "Tap a cell to aim, and again to fire");
    await phil.page.screenshot({ path: `${pictures}/hint-touch.png`, fullPage: true });
    const shown = await phil.page.locator("body").innerText();
    assert.doesNotMatch(shown, /Arrow|keyboard|\/ to/i);
  });
  await check("a phone with a keyboard shows the hint about keys after a key, and about taps after a tap", async () => {
    await phil.page.keyboard.press("Tab");
    assert.equal(await hint(phil), "Arrow keys and Enter, or / to type a move");
    await phil.page.locator(".theirs .cell").first().tap();
    await phil.page.locator(".theirs .cell").first().tap();
    await phil.myTurn();
    assert.equal(await hint(phil), "Tap a cell to aim, and again to fire");
  });
  await phil.page.context().close();

  const mia = await newPerson(browser, { name: "Mia", seed: 14, url });
  await check("with a mouse the hint is to click", async () => {
    await toTheBattle(mia);
    assert.match(await hint(mia), /^A click fires\./);
  });
  await mia.page.context().close();
}
