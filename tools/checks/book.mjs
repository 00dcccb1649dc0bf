// The built book in a real browser.
//
//   node book.mjs             BOOK       the folder with the pages (book/out)
//                             CHROMIUM   the browser (/usr/bin/chromium)
//
// Prints one line per check and ends with `N passed, M failed`.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";
import { check, finish } from "./check.mjs";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-quic", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const WIDTHS = [360, 1280];
const THEMES = ["light", "navy"];

const root = new URL("../..", import.meta.url).pathname;
const book = process.env.BOOK ?? join(root, "book/out");
const pictures = join(root, "target/screenshots/book");
mkdirSync(pictures, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The pages of the book; those that mdBook makes for its own use are no pages. */
const pages = readdirSync(book).filter((name) => name.endsWith(".html") && !["404.html", "toc.html"].includes(name));

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://book").pathname);
  // A browser asks for this one beside a file that is no page.
  if (path === "/favicon.ico") return void response.writeHead(204).end();
  try {
    const file = readFileSync(join(book, path === "/" ? "index.html" : path));
    const type = TYPES[/** @type {keyof TYPES} */ (extname(path))] ?? "text/plain";
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(file);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const address = `http://127.0.0.1:${port}`;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/**
 * Opens a page of the book in this theme and width; resolves with it and what went wrong.
 * @param {string} name @param {string} theme @param {number} width
 */
async function open(name, theme, width) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  await context.addInitScript((theme) => localStorage.setItem("mdbook-theme", theme), theme);
  const page = await context.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith("data:")) problems.push(`request: ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(`${address}/${name}`, { waitUntil: "networkidle" });
  return { context, page, problems };
}

for (const name of pages) {
  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      await check(`${name} in ${theme} at ${width} px has no error, no foreign request and no serious finding`, async () => {
        const { context, page, problems } = await open(name, theme, width);
        await page.screenshot({ path: join(pictures, `${name}-${theme}-${width}.png`), fullPage: true });
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          // @ts-ignore: axe has just been loaded.
          const { violations } = await axe.run();
          return violations
            .filter((/** @type {any} */ it) => ["serious", "critical"].includes(it.impact))
            .map((/** @type {any} */ it) => `${it.id}: ${it.nodes.map((/** @type {any} */ node) => node.target).join(" ")}`);
        });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        await context.close();
        assert.deepEqual([...problems, ...found], []);
        assert.ok(wide <= 0, `the page is ${wide} px wider than the window`);
      });
    }
  }
}

await check('a search for "overlap" finds the chapter', async () => {
  const { context, page, problems } = await open("introduction.html", "light", 1280);
  await page.keyboard.press("s");
  await page.keyboard.type("overlap");
  const result = page.locator("#mdbook-searchresults a, #searchresults a").first();
  await result.waitFor();
  assert.match(String(await result.getAttribute("href")), /ch02/);
  await result.click();
  await page.waitForURL(/ch02/);
  await context.close();
  assert.deepEqual(problems, []);
});

await check("a quoted file opens as text", async () => {
  const { context, page, problems } = await open("ch02.html", "light", 1280);
  await page.locator(".source a").first().click();
  await page.waitForURL(/source\/.*\.rs\.txt/);
  assert.match(await page.locator("body").innerText(), /pub struct Coordinate/);
  await context.close();
  assert.deepEqual(problems, []);
});

await check("every figure has an alternative text", async () => {
  for (const name of pages) {
    const { context, page } = await open(name, "light", 1280);
    for (const figure of await page.locator("figure svg").all()) {
      assert.ok(String(await figure.getAttribute("aria-label")).length > 40, name);
    }
    await context.close();
  }
});

await browser.close();
server.close();
process.exitCode = finish(pages.length * THEMES.length * WIDTHS.length + 3);
