// The size of the page's files, and its content security policy.

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { newPerson } from "./person.js";

const STATIC = new URL("../../../web-interface/islands-web/static", import.meta.url).pathname;
const BUDGET = 160_000;
const POLICY = ["base-uri 'none'", "default-src 'self'", "form-action 'self'", "frame-ancestors 'none'"];

export async function checkSize({ browser, url, check }) {
  await check(`all files of the page stay under ${BUDGET} bytes uncompressed`, async () => {
    const person = await newPerson(browser, { name: "Zoe", seed: 9, url });
    const requested = new Set();
    person.page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      requested.add(pathname.startsWith("/g/") ? "/" : pathname); // the same document
    });
    await person.begin("Play with a friend");
    await person.page.context().close();
    const loaded = [...requested].filter((path) => !path.startsWith("/api/"));
    let bytes = 0;
    for (const path of loaded) bytes += (await (await fetch(url + path)).arrayBuffer()).byteLength;
    const entries = readdirSync(STATIC, { recursive: true }).map((name) => statSync(join(STATIC, String(name))));
    const files = entries.filter((entry) => entry.isFile());
    const total = files.reduce((sum, { size }) => sum + size, 0);
    console.log(`        ${total} bytes in ${files.length} files; one visit loads ${bytes} bytes in ${loaded.length}`);
    assert.ok(loaded.length > 20, "the scripts have been counted");
    assert.ok(bytes <= total, "a visit loads nothing else");
    assert.ok(total < BUDGET, `${total} bytes`);
  });
  await check("the policy allows nothing but the page's own files", async () => {
    const response = await fetch(url);
    const parts = (response.headers.get("content-security-policy") ?? "").split("; ");
    assert.deepEqual(parts.sort(), POLICY);
  });
}
