// A whole game without a mouse: Tab, arrows, Enter, Esc and "/".

import assert from "node:assert/strict";
import { nameOf, newPerson } from "./person.js";

export async function checkKeyboard({ browser, url, check }) {
  const kim = await newPerson(browser, { name: "Kim", seed: 5, url });
  const { page } = kim;
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
  /** Presses Tab until the focused element matches; fails after 60 times. */
  const tabTo = async (what) => {
    for (let n = 0; n < 60; n += 1) {
      if (what.test(await focused())) return;
      await keyboard.press("Tab");
    }
    assert.fail(`Tab does not lead to ${what}, but to ${await focused()}`);
  };

  await check("by keyboard: begin against the computer, place an island, be ready", async () => {
    await kim.open("/");
    await kim.onScreen("home");
    await page.keyboard.press("Tab");
    for (let n = 0; n < 10 && (await page.evaluate(() => document.activeElement?.id)) !== "name"; n += 1) await keyboard.press("Tab");
    await keyboard.type("Kim");
    await tabTo(/^Play the computer$/);
    await keyboard.press("Enter");
    await kim.onScreen("placement");
    await tabTo(/^Clear$/);
    await keyboard.press("Enter");
    await keyboard.press("Shift+Tab");
    await keyboard.press("Shift+Tab");
    await tabTo(/^square/);
    await keyboard.press("Enter");
    for (let n = 0; n < 20 && !/^A1,/.test(await focused()); n += 1) await keyboard.press("Shift+Tab");
    await keyboard.press("Control+End");
    assert.match(await focused(), /^J10,/);
    await keyboard.press("Enter");
    await kim.sees("part of it would lie off the board");
    await keyboard.press("ArrowUp");
    await keyboard.press("ArrowLeft");
    await keyboard.press("Enter");
    assert.match(await focused(), /^I9, square/);
    await tabTo(/^Shuffle$/);
    await keyboard.press("Enter");
    await tabTo(/^Ready$/);
    await keyboard.press("Enter");
    await kim.onScreen("battle");
  });
  await check("by keyboard: Enter aims, Esc forgets, Enter twice fires, and the focus stays", async () => {
    await kim.myTurn();
    await tabTo(/^A1,/);
    await keyboard.press("ArrowDown");
    await keyboard.press("End");
    assert.match(await focused(), /^B10,/);
    await keyboard.press("Home");
    await keyboard.press("Enter");
    assert.match(await focused(), /^B1, unknown, aimed at/);
    await page.getByRole("button", { name: "Fire at B1" }).waitFor();
    await keyboard.press("Escape");
    assert.match(await focused(), /^B1, unknown$/);
    await keyboard.press("Enter");
    await keyboard.press("Enter");
    await page.locator('.theirs .cell[data-mark][aria-label^="B1,"]').waitFor();
    // The computer has moved; the focus must stay.
    await page.locator(".log li").nth(1).waitFor();
    await kim.myTurn();
    // The cell may hold anything, also the dot (forested by one hit).
    assert.match(await focused(), /^B1, (miss|hit|forested)/);
  });
  await check("by keyboard: the board is one tab stop with named rows and columns", async () => {
    const grid = await page.locator(".theirs .board").evaluate((board) => ({
      stops: board.querySelectorAll('[tabindex="0"]').length,
      columns: board.querySelectorAll('[role="columnheader"]').length,
      rows: board.querySelectorAll('[role="rowheader"]').length,
      cells: board.querySelectorAll('[role="gridcell"]').length,
    }));
    assert.deepEqual(grid, { stops: 1, columns: 11, rows: 10, cells: 100 });
  });
  await check("by keyboard: \"/\" opens a field that refuses nonsense, and Esc returns", async () => {
    await keyboard.press("/");
    await keyboard.type("Z9");
    await keyboard.press("Enter");
    await kim.sees("is no cell");
    await keyboard.press("Escape");
    assert.match(await focused(), /^B1,/);
  });
  await check("by keyboard: a whole game against the computer", async () => {
    const order = Array.from({ length: 100 }, (_, i) => (i * 37) % 100).map(nameOf).filter((name) => name !== "B1");
    for (const name of order) {
      await page.locator('.battle:is([data-turn="mine"], [data-turn="over"])').waitFor();
      if (await kim.isOver()) break;
      await keyboard.press("/");
      await keyboard.type(name);
      await keyboard.press("Enter");
      await page.locator(`.theirs .cell[data-mark][aria-label^="${name},"]`).waitFor();
    }
    await page.locator('.battle[data-turn="over"]').waitFor();
    assert.match(await kim.heading(), /^(You|Computer) won$/);
  });
  await check("the live region has announced the end", async () => {
    await page.locator("#live").getByText("won").waitFor({ state: "attached" });
    assert.equal(await page.locator("[aria-live]").count(), 1);
  });
  await page.context().close();
}
