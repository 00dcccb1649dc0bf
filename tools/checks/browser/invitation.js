// From the first page to the first turn: home, invitation, placement.

import assert from "node:assert/strict";
import { pageErrors, newPerson } from "./person.js";

/** Indices of the land cells on the placement screen. */
const land = (person) => person.page.$$eval(".placement .cell", (cells) =>
  cells.flatMap((cell, index) => (cell.hasAttribute("data-land") ? [index] : [])));

/** A host invites a guest by link. */
export async function checkInvitation({ browser, url, check, inspect, pictures }) {
  const ada = await newPerson(browser, { name: "Ada", seed: 1, url });
  const bob = await newPerson(browser, { name: "Bob", seed: 2, url });
  await check("the home page opens", async () => {
    await ada.open("/");
    assert.equal(await ada.heading(), "Hide five islands. Find your friend’s first.");
  });
  await inspect(ada, "home");
  await check("a name is needed, and the page says so", async () => {
    await ada.press("button", "Play with a friend");
    await ada.sees("A name has 1 to 32 characters that can be seen.");
  });
  await check("the host gets a link and a board of five islands", async () => {
    await ada.begin("Play with a friend");
    assert.equal((await land(ada)).length, 18);
  });
  const link = await ada.page.getByLabel("Link to this game").inputValue();
  await inspect(ada, "host");
  await check("the host's arrangement survives a reload", async () => {
    await ada.press("button", "Shuffle");
    const before = await land(ada);
    await ada.page.reload();
    await ada.onScreen("placement");
    assert.deepEqual(await land(ada), before);
  });
  await check("an illegal placement is refused with a message, and Esc cancels it", async () => {
    await ada.page.getByRole("button", { name: /^square/ }).click();
    await ada.page.locator('.cell[aria-label^="J10,"]').click();
    await ada.sees("part of it would lie off the board");
    await ada.pictures(pictures, "impossible");
    await ada.page.keyboard.press("Escape");
    await ada.sees("All five lie well.");
  });
  await check("the host may be ready before the guest joins, and may undo it", async () => {
    await ada.press("button", "Ready");
    await ada.press("button", "Change");
    await ada.press("button", "Ready");
    await ada.page.reload();
    await ada.sees("You are ready.");
  });
  await check("a guest sees the host's name, and opening the link takes no seat", async () => {
    await bob.page.goto(link);
    await bob.sees("Ada invites you to a game of Islands");
    await ada.page.getByLabel("Link to this game").waitFor();
  });
  await inspect(bob, "guest");
  await check("the guest can't take the host's name", async () => {
    await bob.page.getByLabel("Your name").fill("Ada");
    await bob.press("button", "Join");
    await bob.sees("The other player has that name, or one that looks the same.");
    // The browser logs the status 409 to the console.
    assert.match(pageErrors.pop() ?? "", /409/);
  });
  await check("the guest joins, and the seat is not lost with the answer that gives it", async () => {
    const loseAnswer = async (route) => {
      await route.fetch();
      await route.abort();
    };
    await bob.page.route("**/players", loseAnswer, { times: 1 });
    await bob.page.getByLabel("Your name").fill("Bob");
    await bob.press("button", "Join");
    await bob.onScreen("placement");
    assert.match(pageErrors.pop() ?? "", /ERR_FAILED/);
  });
  await check("the host's islands are set without another click", async () => {
    await bob.sees("Ada is ready and waits for you.");
    await ada.sees("Waiting for Bob");
  });
  await inspect(bob, "placement");
  await inspect(ada, "waiting");
  await check("with both ready the battle begins, and the host moves first", async () => {
    await bob.press("button", "Ready");
    await Promise.all([ada.onScreen("battle"), bob.onScreen("battle")]);
    assert.equal(await ada.heading(), "Your turn");
    assert.equal(await bob.heading(), "Ada’s turn");
    assert.equal(await ada.page.title(), "Your turn · Islands");
  });
  return { ada, bob, link };
}
