// A simulated user of the page: actions and assertions.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = /** @type {const} */ ([[360, 740], [768, 1024], [1280, 800]]);
const LETTERS = "ABCDEFGHIJ";

/** @param {number} index */
export const nameOf = (index) => `${LETTERS[Math.floor(index / 10)]}${(index % 10) + 1}`;

/** Console errors and exceptions of all pages; must stay empty. */
export const pageErrors = [];
/** While `now` is true the server is down on purpose, and connection errors are ignored. */
export const outage = { now: false };

/**
 * Creates a user with a separate browser context and a seeded `Math.random`.
 * @param {import("playwright-core").Browser} browser
 * @param {{ name: string, seed: number, url: string, locale?: string, touch?: boolean, phone?: boolean }} options
 */
export async function newPerson(browser, { name, seed, url, locale = "en-US", touch = false, phone = false }) {
  const viewport = phone ? { width: 360, height: 740 } : { width: 1280, height: 800 };
  const context = await browser.newContext({ locale, hasTouch: touch, isMobile: phone, viewport });
  await context.addInitScript((start) => {
    let state = start;
    Math.random = () => {
      state = (state * 1664525 + 1013904223) % 4294967296;
      return state / 4294967296;
    };
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
    });
  }, seed);
  context.setDefaultTimeout(10_000);
  const person = new Person(await context.newPage(), name, url);
  person.taps = phone;
  return person;
}

export class Person {
  /** @param {import("playwright-core").Page} page @param {string} name @param {string} url */
  constructor(page, name, url) {
    this.page = page;
    this.name = name;
    this.url = url;
    /** Whether to tap instead of click. */
    this.taps = false;
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      if (outage.now && /WebSocket|ERR_CONNECTION/.test(message.text())) return;
      pageErrors.push(`${name}: ${message.text()}`);
    });
    page.on("pageerror", (error) => pageErrors.push(`${name}: ${error}`));
  }

  /** Another tab of the same profile. */
  async newTab() {
    return new Person(await this.page.context().newPage(), `${this.name}'s other tab`, this.url);
  }

  /** @param {string} path */
  open(path) {
    return this.page.goto(this.url + path);
  }

  /** @param {string} name */
  onScreen(name) {
    return this.page.locator(`#main[data-screen="${name}"]`).waitFor();
  }

  /** @param {string} text */
  sees(text) {
    return this.page.getByText(text).first().waitFor();
  }

  heading() {
    return this.page.locator("h1").innerText();
  }

  /** @param {string} role @param {string} name */
  async press(role, name) {
    const pressed = this.page.getByRole(/** @type {any} */ (role), { name, exact: true });
    await (this.taps ? pressed.tap() : pressed.click());
  }

  /** Opens a game from the home page, by clicks. @param {string} button */
  async begin(button) {
    await this.open("/");
    await this.page.getByLabel("Your name").fill(this.name);
    await this.press("button", button);
    await this.onScreen("placement");
  }

  /** The cells of a board: accessible name and data attributes. @param {"mine" | "theirs"} sea */
  cells(sea) {
    return this.page.$$eval(`.${sea} .cell`, (cells) =>
      cells.map((cell) => ({
        name: cell.getAttribute("aria-label"),
        mark: cell.getAttribute("data-mark"),
        land: cell.hasAttribute("data-land"),
      })));
  }

  /** Indices of the user's own land cells. @returns {Promise<number[]>} */
  async land() {
    const cells = await this.cells("mine");
    return cells.flatMap(({ land }, index) => (land ? [index] : []));
  }

  myTurn() {
    return this.page.locator('.battle[data-turn="mine"]').waitFor();
  }

  isOver() {
    return this.page.locator('.battle[data-turn="over"]').count();
  }

  /** @param {number} index */
  async fire(index) {
    await this.myTurn();
    await this.page.locator(".theirs .cell").nth(index).click();
    await this.page.locator(`.theirs .cell[data-mark][aria-label^="${nameOf(index)},"]`).waitFor();
  }

  /** The visible state of a game, for comparison. */
  async snapshot() {
    return { heading: await this.heading(), mine: await this.cells("mine"), theirs: await this.cells("theirs") };
  }

  /** Runs axe-core in light and dark. Serious and critical findings fail. @param {string} screen */
  async axe(screen) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // The page's policy forbids injected script elements; `evaluate` needs none.
      await this.page.evaluate(AXE);
      const { violations, passes } = await this.page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, nodes }) => `${screen} ${colorScheme}: ${id} ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`), []);
      assert.ok(passes.length > 5, "axe has looked at something");
    }
  }

  /** Checks that nothing overflows the width, and that targets have 24 px. @param {string} screen */
  async fits(screen) {
    for (const width of [320, 1440]) {
      await this.page.setViewportSize({ width, height: 800 });
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${screen} is ${wide} px wide on ${width}`);
      const small = await this.page.$$eval("button, a, input, summary, select", (all) =>
        all.filter((each) => /** @type {HTMLElement} */ (each).checkVisibility() && !each.closest("label"))
          .map((each) => ({ box: each.getBoundingClientRect(), html: each.outerHTML.slice(0, 120) }))
          .filter(({ box }) => box.width < 24 || box.height < 24)
          .map(({ box, html }) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`));
      assert.deepEqual(small, [], `${screen} on ${width} px`);
    }
  }

  /** Takes screenshots in three widths, light and dark. @param {string} folder @param {string} screen */
  async pictures(folder, screen) {
    for (const [width, height] of WIDTHS) {
      await this.page.setViewportSize({ width, height });
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await this.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await this.page.screenshot({ path: `${folder}/${screen}-${width}-${colorScheme}.png`, fullPage: true, animations: "disabled" });
      }
    }
    await this.page.setViewportSize({ width: 1280, height: 800 });
    await this.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  }
}
