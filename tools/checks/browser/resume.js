// A page that was away asks for the events that it missed, and fetches no whole view again.

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect, createServer } from "node:net";
import { nameOf, newPerson, outage } from "./person.js";

const PATIENCE_MS = 20_000;

export async function checkResume({ browser, url, check, killServer, startAgain }) {
  const proxy = await startProxy(new URL(url));
  const ada = await newPerson(browser, { name: "Ada", seed: 21, url: proxy.url });
  const bob = await newPerson(browser, { name: "Bob", seed: 22, url });
  const [adasFrames, bobsFrames] = [recordFrames(ada.page), recordFrames(bob.page)];

  await ada.begin("Play with a friend");
  const path = new URL(ada.page.url()).pathname;
  await bob.open(path);
  await bob.sees("Ada invites you");
  await check("a guest who takes a seat joins again for a whole view", async () => {
    await bob.page.getByLabel("Your name").fill("Bob");
    await bob.press("button", "Join");
    await bob.onScreen("placement");
    const [watching, seated] = bobsFrames.joins();
    assert.deepEqual(watching, {});
    assert.deepEqual(Object.keys(seated), ["seat"]);
  });
  await Promise.all([ada.press("button", "Ready"), bob.press("button", "Ready")]);
  await ada.myTurn();

  // Ada's other device has her seat, and a connection of its own.
  const device = await newPerson(browser, { name: "Ada's other device", seed: 23, url });
  await device.open("/");
  const kept = await ada.page.evaluate(() => ({ ...localStorage }));
  await device.page.evaluate((all) => Object.assign(localStorage, all), kept);
  await device.open(path);
  await device.onScreen("battle");

  let next = 0;
  /** Each player fires once at the next cell. @param {import("./person.js").Person} first Plays for Ada. */
  const round = async (first) => {
    await first.fire(next);
    await bob.fire(next);
    next += 1;
  };
  const seq = async () => (await (await fetch(`${url}/api${path.replace("/g/", "/games/")}`)).json()).seq;
  /** The board, the turn and the move log of Ada's page are those of her other device. */
  const showsEveryMove = async () => {
    await ada.page.locator(`.mine .cell[data-mark][aria-label^="${nameOf(next - 1)},"]`).waitFor();
    await Promise.all([ada.myTurn(), device.myTurn()]);
    assert.deepEqual(await ada.snapshot(), await device.snapshot());
    const [log, expected] = await Promise.all([moveLog(ada), moveLog(device)]);
    assert.deepEqual(log, expected);
    assert.equal(log.length, 2 * next);
  };

  await round(ada);
  await ada.myTurn();
  await check("after a cut connection the page gets exactly the missed events", async () => {
    const since = await seq();
    adasFrames.forget();
    outage.now = true;
    proxy.cut();
    for (let n = 0; n < 3; n += 1) await round(device);
    await ada.page.locator("#live", { hasText: "The connection is lost." }).waitFor({ state: "attached" });
    const spoken = await recordLiveRegion(ada);
    proxy.mend();
    await showsEveryMove();
    outage.now = false;
    await adasFrames.assertResumed(since, await seq());
    // Of six moves the live region tells the latest, each once.
    const text = await spoken();
    const [mine, theirs] = [`You fired at ${nameOf(next - 1)}`, `Bob fired at ${nameOf(next - 1)}`];
    assert.match(text, new RegExp(`^${mine}: .* ${theirs}.* Your turn\\. Connected again\\.$`));
    assert.equal(text.match(/fired at/g)?.length, 2);
  });

  await check("after kill -9 and a restart the pages get exactly the missed events", async () => {
    const since = await seq();
    adasFrames.forget();
    outage.now = true;
    proxy.cut();
    await round(device);
    const beforeKill = await seq();
    bobsFrames.forget();
    await killServer();
    await startAgain();
    // Bob has missed nothing; Ada misses moves from before and after the restart.
    await bobsFrames.assertResumed(beforeKill, beforeKill);
    await round(device);
    proxy.mend();
    await showsEveryMove();
    outage.now = false;
    await adasFrames.assertResumed(since, await seq());
    assert.equal(await seq(), since + 4);
  });

  for (const each of [ada, bob, device]) await each.page.context().close();
  proxy.close();
}

/** The lines of the move log. @param {import("./person.js").Person} person @returns {Promise<string[]>} */
const moveLog = (person) => person.page.locator(".log li").allInnerTexts();

/**
 * Watches the live region. The result resolves with its next text.
 * @param {import("./person.js").Person} person
 */
async function recordLiveRegion({ page }) {
  await page.evaluate(() => {
    const region = document.getElementById("live");
    /** @type {any} */ (globalThis).spoken = new Promise((resolve) => {
      new MutationObserver(() => region?.textContent && resolve(region.textContent)).observe(region, { childList: true });
    });
  });
  return () => page.evaluate(() => /** @type {any} */ (globalThis).spoken);
}

/** Records the WebSocket frames of a page. @param {import("playwright-core").Page} page */
function recordFrames(page) {
  const arrivals = new EventEmitter();
  /** @type {{ sent: boolean, ref: string, event: string, payload: any }[]} */
  let frames = [];
  const record = (sent) => ({ payload: text }) => {
    const [, ref, , event, payload] = JSON.parse(text);
    frames.push({ sent, ref, event, payload });
    arrivals.emit("frame");
  };
  page.on("websocket", (socket) => socket.on("framesent", record(true)).on("framereceived", record(false)));

  const joins = () => frames.filter(({ sent, event }) => sent && event === "phx_join");
  const joinReply = () =>
    frames.find(({ sent, ref, event }) => !sent && event === "phx_reply" && joins().some((join) => join.ref === ref));

  return {
    /** The parameters of each join. */
    joins: () => joins().map(({ payload }) => payload),
    forget() {
      frames = [];
    },
    /** Waits for a rejoin; checks that it asked for the events after `since`, and got those up to `last`. */
    async assertResumed(since, last) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      while (joinReply() === undefined) await once(arrivals, "frame", { signal });
      for (const { payload } of joins()) assert.equal(payload.since, since);
      const { response } = joinReply().payload;
      assert.equal(response.resumed, true);
      assert.deepEqual(response.events.map(({ seq }) => seq), Array.from({ length: last - since }, (_, n) => since + 1 + n));
      assert.deepEqual(frames.filter(({ sent, event, payload }) => (sent ? event === "view" : payload.response?.view)), []);
    },
  };
}

/** A TCP proxy whose connections can be cut. @param {URL} target */
async function startProxy({ hostname, port }) {
  const sockets = new Set();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return client.destroy();
    const upstream = connect(Number(port), hostname);
    for (const [socket, other] of [[client, upstream], [upstream, client]]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`,
    cut,
    mend() {
      isCut = false;
    },
    close() {
      cut();
      server.close();
    },
  };
}
