// A whole game by clicks, with reloads, a second tab, touch, and a killed server.

import assert from "node:assert/strict";
import { nameOf, newPerson, outage } from "./person.js";

export async function checkBattle({ browser, url, check, inspect, pictures, killServer, startAgain }, { ada, bob, link }) {
  const [adas, bobs] = await Promise.all([ada.land(), bob.land()]);
  await check("each player sees only their own islands", async () => {
    assert.equal(adas.length, 18);
    assert.equal(bobs.length, 18);
    for (const { land: shown, name } of await ada.cells("theirs")) assert.ok(!shown && name.endsWith("unknown"), name);
  });
  const water = (islands) => Array.from({ length: 100 }, (_, i) => (i * 37) % 100).filter((i) => !islands.includes(i));
  // Ada sometimes misses; Bob hits a few cells and loses.
  const adasMoves = [...bobs.slice(0, 6), ...water(bobs).slice(0, 6), ...bobs.slice(6, 12), ...water(bobs).slice(6, 9), ...bobs.slice(12)];
  const bobsMoves = [...water(adas).slice(0, 4), ...adas.slice(0, 7), ...water(adas).slice(4)];
  let [a, b] = [0, 0];
  const rounds = async (count) => {
    for (let n = 0; n < count; n += 1) {
      await ada.fire(adasMoves[a++]);
      await bob.fire(bobsMoves[b++]);
    }
  };

  await check("eleven rounds are played by clicks", () => rounds(11));
  await ada.myTurn();
  await check("a cell that was fired at can't be fired at again", async () => {
    const before = await ada.snapshot();
    await ada.page.locator(".theirs .cell").nth(adasMoves[0]).click({ force: true });
    await ada.sees(`You have already fired at ${nameOf(adasMoves[0])}.`);
    assert.deepEqual(await ada.snapshot(), before);
  });
  await check("a reload shows the same screen with the same seat within a second", async () => {
    const before = await ada.snapshot();
    const start = Date.now();
    await ada.page.reload({ waitUntil: "commit" });
    await ada.onScreen("battle");
    await ada.myTurn();
    const took = Date.now() - start;
    assert.deepEqual(await ada.snapshot(), before);
    assert.ok(took < 1000, `${took} ms`);
  });
  await check("two tabs with one seat both work", async () => {
    const tab = await ada.newTab();
    await tab.page.goto(link);
    await tab.fire(adasMoves[a]);
    await ada.page.locator(`.theirs .cell[data-mark][aria-label^="${nameOf(adasMoves[a])},"]`).waitFor();
    a += 1;
    await bob.fire(bobsMoves[b++]);
    await Promise.all([tab.myTurn(), ada.myTurn()]);
    await tab.page.close();
  });
  await check("on touch a tap aims and the button fires", async () => {
    const finger = await newPerson(browser, { name: "Ada's phone", seed: 3, url, touch: true });
    await finger.open("/");
    const kept = await ada.page.evaluate(() => ({ ...localStorage }));
    await finger.page.evaluate((all) => Object.assign(localStorage, all), kept);
    await finger.page.setViewportSize({ width: 360, height: 740 });
    await finger.page.goto(link);
    await finger.myTurn();
    const target = nameOf(adasMoves[a]);
    await finger.page.locator(".theirs .cell").nth(adasMoves[a]).tap();
    await finger.page.getByRole("button", { name: `Fire at ${target}` }).tap();
    await finger.page.locator(`.theirs .cell[data-mark][aria-label^="${target},"]`).waitFor();
    a += 1;
    await bob.fire(bobsMoves[b++]);
    await finger.page.context().close();
  });
  await ada.myTurn();
  await ada.page.screenshot({ path: `${pictures}/readme.png`, animations: "disabled" });
  await inspect(ada, "battle");
  await inspect(bob, "battle-waiting");

  await check("after kill -9 a banner shows; a restart on the same journal reconnects both pages", async () => {
    const before = await Promise.all([ada.snapshot(), bob.snapshot()]);
    outage.now = true;
    await killServer();
    const shown = (person) => person.page.locator("#banner[data-shown]").waitFor();
    await Promise.all([shown(ada), shown(bob)]);
    assert.deepEqual(await Promise.all([ada.snapshot(), bob.snapshot()]), before);
    await ada.pictures(pictures, "reconnecting");
    // A command sent while offline is carried out once, after the restart.
    await ada.page.locator(".theirs .cell").nth(adasMoves[a]).click();
    await startAgain();
    await ada.page.locator(`.theirs .cell[data-mark][aria-label^="${nameOf(adasMoves[a])},"]`).waitFor({ timeout: 20_000 });
    a += 1;
    await bob.myTurn();
    const gone = (person) => person.page.locator("#banner:not([data-shown])").waitFor({ state: "attached" });
    await Promise.all([gone(ada), gone(bob)]);
    outage.now = false;
    await bob.fire(bobsMoves[b++]);
    const cells = (await ada.snapshot()).theirs.filter(({ mark }) => mark).length;
    assert.equal(cells, a, "every acknowledged move is still there");
  });

  const eve = await newPerson(browser, { name: "Eve", seed: 4, url });
  await check("a full game offers to watch, and a spectator sees guesses only", async () => {
    await eve.page.goto(link);
    await eve.sees("This game has two players");
    await inspect(eve, "full");
    await eve.press("button", "Watch");
    await eve.onScreen("battle");
    await eve.page.reload();
    await eve.onScreen("battle");
    const [bobsSea, adasSea] = [await eve.cells("theirs"), await eve.cells("mine")];
    assert.equal(bobsSea.filter(({ mark }) => mark).length, a);
    assert.equal(adasSea.filter(({ mark }) => mark).length, b);
    for (const { land: shown, mark } of [...bobsSea, ...adasSea]) assert.ok(mark || !shown);
  });
  await inspect(eve, "watch");

  await check("the game is played to its end by clicks", async () => {
    while (a < adasMoves.length - 1) await rounds(1);
    await ada.fire(adasMoves[a++]);
    await Promise.all([ada, bob, eve].map((each) => each.page.locator('.battle[data-turn="over"]').waitFor()));
    assert.equal(await ada.heading(), "You won");
    assert.equal(await bob.heading(), "Ada won");
    await ada.sees(`All five islands of Bob forested in ${a} guesses.`);
    await bob.sees(`All your islands were forested in ${a} guesses.`);
  });
  await check("at the end both boards are shown, and one can look back", async () => {
    const shown = (await bob.cells("theirs")).flatMap(({ land: yes }, index) => (yes ? [index] : []));
    assert.deepEqual(shown, adas);
    await bob.page.getByLabel("Through the game").fill("3");
    assert.equal((await bob.cells("mine")).filter(({ mark }) => mark).length, 2);
    await bob.page.getByLabel("Through the game").fill("99");
  });
  await inspect(ada, "won");
  await inspect(bob, "lost");
  await check("after the end a reload shows the end", async () => {
    await ada.page.reload();
    await ada.page.locator('.battle[data-turn="over"]').waitFor();
    assert.equal(await ada.heading(), "You won");
  });
}

export async function checkRematch({ check, inspect }, { ada, bob }) {
  const first = ada.page.url();
  await check("a rematch needs both players, and the other one moves first", async () => {
    await ada.press("button", "Rematch");
    await bob.sees("Ada would like a rematch.");
    await bob.press("button", "Rematch");
    await Promise.all([ada.onScreen("placement"), bob.onScreen("placement")]);
    assert.equal(ada.page.url(), bob.page.url());
    assert.notEqual(ada.page.url(), first);
    await ada.press("button", "Ready");
    await bob.press("button", "Ready");
    await bob.myTurn();
  });
  await check("claiming the win from a present opponent says how long to wait", async () => {
    await bob.page.locator("summary").click();
    await bob.press("button", "Ada is gone: claim the win");
    await bob.sees("If they stay away, you can claim the win in");
  });
  await check("resigning asks first, then ends the game for both", async () => {
    await bob.press("button", "Resign");
    await bob.press("button", "Yes, resign");
    await ada.sees("Bob resigned.");
    await bob.sees("You resigned.");
  });
  await check("the home page lists the user's games", async () => {
    await ada.open("/");
    await ada.sees("against Bob");
    assert.equal(await ada.page.locator(".games li").count(), 2);
  });
  await inspect(ada, "home-games");
}
