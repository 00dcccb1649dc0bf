// The game through plain HTML forms (chapter 6), in a browser that runs no script.
//
//   node forms.mjs          FORMS_BIN   the program (target/debug/ch06)
//                           CHROMIUM    the browser (/usr/bin/chromium)
//
// Prints one line per check and ends with `N passed, M failed`.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { chromium } from "playwright-core";
import { startProgram } from "./browser/server.js";
import { check, finish } from "./check.mjs";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-quic", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
/** The number of checks: a skipped check counts as a failure. */
const CHECKS = 31;
const PATIENCE_MS = 10_000;
const WIDTHS = [360, 1280];
const THEMES = /** @type {const} */ (["light", "dark"]);
const POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const CELLS = [..."ABCDEFGHIJ"].flatMap((row) => Array.from({ length: 10 }, (_, i) => `${row}${i + 1}`));
/** The upper left corners of both players' islands, and the land that they make. */
const CORNERS = { "atoll": "A1", "dot": "A5", "l shape": "A7", "s shape": "E1", "square": "E6" };
const LAND = "A1 A2 B2 C1 C2 A5 A7 B7 C7 C8 E2 E3 F1 F2 E6 E7 F6 F7".split(" ");
/** The longest name, and no place to break it. */
const BOB = "Bob".padEnd(32, "W");

const root = new URL("../..", import.meta.url).pathname;
const pictures = `${root}target/screenshots/forms`;
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const server = await startProgram(process.env.FORMS_BIN ?? `${root}target/debug/ch06`, ["--serve"]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** What went wrong on any page; must stay empty. @type {string[]} */
const problems = [];
/** The address of a game that does not exist: the one response that is refused on purpose. */
const unknown = `${server.url}/games/aaaaaaaaaaaaaaaa/`;

/** Opens a page in a context of its own. @param {import("playwright-core").BrowserContextOptions} [options] */
async function newPage(options) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" && message.location().url !== unknown) problems.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${server.url}/`)) problems.push(`request: ${request.url()}`);
  });
  page.on("response", (response) => {
    const [status, url] = [response.status(), response.url()];
    if (status >= 400 && url !== unknown) problems.push(`${status}: ${url}`);
    if (!response.request().isNavigationRequest() || status === 303) return;
    const policy = response.headers()["content-security-policy"];
    if (policy !== POLICY) problems.push(`policy of ${url}: ${policy}`);
  });
  return page;
}

/** A person with a keyboard and without a mouse. */
class Person {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    this.keyboard = page.keyboard;
  }

  /** Presses Tab as often as it takes to get to this element. @param {import("playwright-core").Locator} target */
  async reach(target) {
    const tabs = await target.evaluate((element) => {
      const stops = [...document.querySelectorAll("a, button, input:not([type=hidden]), select")];
      return stops.indexOf(element) - stops.indexOf(/** @type {Element} */ (document.activeElement));
    });
    for (let tab = 0; tab < tabs; tab += 1) await this.keyboard.press("Tab");
    assert.ok(await target.evaluate((element) => element === document.activeElement), `${tabs} times Tab do not reach ${target}`);
  }

  /** Presses the button or the link of this name, and gets the next page. @param {string} name */
  async press(name) {
    await this.reach(this.page.locator(`:is(button, a):text-is("${name}")`));
    await this.next(() => this.keyboard.press("Enter"));
  }

  /** Does this, and waits for the page that it leads to. @param {() => Promise<unknown>} act */
  async next(act) {
    await Promise.all([this.page.waitForEvent("load"), act()]);
  }

  /** @param {string} label @param {string} text */
  async write(label, text) {
    await this.reach(this.page.getByLabel(label));
    await this.keyboard.type(text);
  }

  async placeIslands() {
    for (const [kind, corner] of Object.entries(CORNERS)) await this.write(kind, corner);
    await this.press("Place them");
  }

  heading() {
    return this.page.locator("h1").innerText();
  }

  /** Fails if the page has another heading. @param {string} heading */
  async sees(heading) {
    assert.equal(await this.heading(), heading);
  }

  /** Fails if other cells of this sea have been guessed. @param {string} owner @param {string[]} cells */
  async seesGuesses(owner, cells) {
    const marks = await this.page.locator("table", { hasText: `The sea of ${owner}` }).locator("td").evaluateAll((all) =>
      // The first one is the empty corner of the table.
      all.slice(1).flatMap((cell, index) => (/miss|hit|found/.test(cell.className) ? [index] : [])));
    assert.deepEqual(marks.map((index) => CELLS[index]).sort(), [...cells].sort());
  }
}

/** Checks this person's page: axe-core, width, targets; takes pictures. @param {string} kind @param {Person} person */
async function inspect(kind, { page }) {
  await check(`${kind}: axe-core finds nothing serious, in light and dark`, async () => {
    // axe-core needs timers, which a context without scripts lacks: the same page in another one.
    const twin = await newPage({ javaScriptEnabled: true, storageState: await page.context().storageState() });
    await twin.goto(page.url());
    assert.equal(await twin.locator("h1").innerText(), await page.locator("h1").innerText());
    for (const colorScheme of THEMES) {
      await twin.emulateMedia({ colorScheme });
      await twin.evaluate(axe);
      const { violations, passes } = await twin.evaluate(() => /** @type {any} */ (globalThis).axe.run());
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, nodes }) => `${colorScheme}: ${id} ${nodes[0].html} ${nodes[0].failureSummary}`), []);
      assert.ok(passes.length > 5, "axe has looked at something");
    }
    await twin.context().close();
  });
  await check(`${kind}: no scrolling to the side at 360 and 1280 px, targets of 24 px`, async () => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} px wider than a window of ${width} px`);
      const small = await page.locator("button, .button, input:not([type=hidden]), select").evaluateAll((all) =>
        all.map((each) => ({ box: each.getBoundingClientRect(), html: each.outerHTML }))
          .filter(({ box }) => box.width < 24 || box.height < 24)
          .map(({ box, html }) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`));
      assert.deepEqual(small, [], `in a window of ${width} px`);
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${pictures}/${kind}-${width}-${colorScheme}.png`, fullPage: true });
      }
    }
  });
}

async function checkGameOfTwo() {
  const [ada, bob, eve] = [new Person(await newPage()), new Person(await newPage()), new Person(await newPage())];
  await ada.page.goto(server.url);
  await inspect("start", ada);
  await check("a game is opened and joined by keyboard alone", async () => {
    await ada.write("Your name", "Ada");
    await ada.press("Open a game");
    await ada.sees("Waiting for a second player");
    await inspect("waiting for a guest", ada);
    await bob.page.goto(ada.page.url());
    await bob.sees("Ada invites you");
    await inspect("invitation", bob);
    await bob.write("Your name", BOB);
    await bob.press("Join the game");
    await ada.press("Look again");
  });
  await check("islands are arranged by keyboard alone", async () => {
    for (const person of [ada, bob]) {
      await person.sees("Arrange your islands");
      await person.placeIslands();
      if (person === ada) await inspect("arranging", ada);
      await person.press("Play with these islands");
      if (person === ada) await inspect("waiting", ada);
    }
    await ada.sees(`Waiting for ${BOB}`);
    await ada.press("Look again");
    await ada.sees("Your turn");
  });
  // Ada misses once, and finds the rest; Bob is one cell behind her.
  const adas = [...LAND.slice(0, 9), "A3", ...LAND.slice(9)];
  const bobs = CELLS.slice(0, adas.length - 1);
  let round = 0;
  const guessInTurn = async () => {
    await ada.press(adas[round]);
    await bob.press("Look again");
    await bob.press(bobs[round]);
    round += 1;
  };
  await check("a reload after a guess sends no form again", async () => {
    while (round < 11) {
      await guessInTurn();
      await ada.press("Look again");
    }
    await guessInTurn();
    await bob.seesGuesses("Ada", bobs.slice(0, round));
    /** @type {string[]} */
    const methods = [];
    bob.page.on("request", (request) => methods.push(request.method()));
    await bob.page.reload();
    assert.ok(methods.length > 0 && methods.every((method) => method === "GET"), methods.join());
    await bob.sees("Ada is guessing");
    await bob.seesGuesses("Ada", bobs.slice(0, round));
  });
  await inspect("the other's turn", bob);
  await eve.page.goto(ada.page.url());
  await eve.sees(`Ada plays ${BOB}`);
  await inspect("watching", eve);
  await check("after Back, another guess works", async () => {
    await ada.next(() => ada.page.goBack());
    if (await ada.heading() !== "Your turn") await ada.press("Look again");
    await guessInTurn();
    await ada.seesGuesses(BOB, adas.slice(0, round));
  });
  await check("a guess on an old page works, if it is this player's turn", async () => {
    await ada.press("Look again");
    const old = new Person(await ada.page.context().newPage());
    await old.page.goto(ada.page.url());
    await guessInTurn();
    await old.press(adas[round]);
    await old.sees(`${BOB} is guessing`);
    await old.seesGuesses(BOB, adas.slice(0, round + 1));
    await old.page.close();
    await bob.press("Look again");
    await bob.press(bobs[round]);
    round += 1;
    await ada.press("Look again");
  });
  await inspect("one's turn", ada);
  const bobsTurn = async () => {
    // Whatever comes after the page with the guess: a refusal must not be waited for in vain.
    await ada.page.locator('h1:not(:text-is("Your turn"))').waitFor();
    await ada.sees(`${BOB} is guessing`);
    await ada.seesGuesses(BOB, adas.slice(0, round + 1));
    await bob.press("Look again");
    await bob.press(bobs[round]);
    round += 1;
    await ada.press("Look again");
  };
  await check("a double click on a cell makes one move, and shows the game", async () => {
    await ada.page.locator(`[value=${adas[round]}]`).dblclick();
    await bobsTurn();
  });
  await check("a double click whose both forms reach the server makes one move", async () => {
    /** @type {(string | null)[]} */
    const sent = [];
    // On a slow network: the first form is carried out, and its answer never comes.
    /** @type {Promise<void>} */
    const carriedOut = new Promise((resolve, reject) => {
      ada.page.route("**/guesses", (route) => {
        sent.push(route.request().postData());
        if (sent.length > 1) return route.continue();
        route.fetch({ maxRedirects: 0 }).then(() => resolve(), reject);
      });
    });
    const { mouse } = ada.page;
    const box = await ada.page.locator(`[value=${adas[round]}]`).boundingBox();
    assert.ok(box);
    await mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await carriedOut;
    await mouse.down({ clickCount: 2 });
    await mouse.up({ clickCount: 2 });
    await bobsTurn();
    await ada.page.unroute("**/guesses");
    assert.equal(sent.length, 2);
    assert.equal(sent[0], sent[1]);
  });
  await check("a whole game is played by keyboard alone, and its end says who won", async () => {
    while (round < bobs.length) {
      await guessInTurn();
      await ada.press("Look again");
    }
    await ada.press(adas[round]);
    await ada.sees("You won: all five islands are found");
    await bob.press("Look again");
    await bob.sees("Ada won: all five islands are found");
  });
  await inspect("game over", bob);
  await eve.page.goto(unknown);
  await eve.sees("That was not possible");
  await inspect("refusal", eve);
  for (const { page } of [ada, bob, eve]) await page.context().close();
}

async function checkGameAgainstComputer() {
  await check("a game against the computer is played to the end", async () => {
    const kim = new Person(await newPage());
    await kim.page.goto(server.url);
    await kim.write("Your name", "Kim");
    await kim.write("You play", "the computer, hunting");
    await kim.press("Open a game");
    await kim.placeIslands();
    await kim.press("Play with these islands");
    for (const cell of CELLS) {
      const end = Date.now() + PATIENCE_MS;
      while (/is guessing$|^Waiting/.test(await kim.heading())) {
        assert.ok(Date.now() < end, "the computer does not answer");
        await kim.press("Look again");
      }
      if (await kim.heading() !== "Your turn") break;
      await kim.next(() => kim.page.locator(`[value=${cell}]`).press("Enter"));
    }
    assert.match(await kim.heading(), /^(You|Computer) won: all five islands are found$/);
  });
}

/** Whether anything accepts a connection at this address. @param {string} url */
function listens(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => resolve(true));
    socket.on("error", () => resolve(false)).on("close", () => socket.destroy());
  });
}

try {
  // At once: each waits for pages most of the time.
  await Promise.all([checkGameOfTwo(), checkGameAgainstComputer()]);
  await check("no page has an error, a request to another host or a weaker policy", async () => assert.deepEqual(problems, []));
  // The browser still holds its connections.
  await check("SIGINT ends the server with exit code 0, and nothing listens afterwards", async () => {
    assert.equal(await listens(server.url), true);
    assert.equal(await server.end("SIGINT"), 0);
    assert.equal(await listens(server.url), false);
  });
} catch (error) {
  await check("all checks run to the end", () => Promise.reject(error));
} finally {
  await browser.close();
  await server.end("SIGKILL");
}
process.exitCode = finish(CHECKS);
