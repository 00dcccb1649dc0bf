// The stock phoenix packages over long polling, refused by the built server: they must
// recover from every refusal by themselves.
//
//   node polls.mjs          ISLANDS_BIN   the server (target/debug/islands)

import assert from "node:assert/strict";
import { connect } from "node:net";

import * as phoenix18 from "phoenix";
import XMLHttpRequest from "xhr2";

import { BINARY, startProgram } from "./browser/server.js";
import { check, finish } from "./check.mjs";

// The older package needs some globals of a browser.
globalThis.self = globalThis;
const phoenix17 = await import("phoenix-1.7");
const CLIENTS = { "phoenix 1.8.16": phoenix18, "phoenix 1.7.21": phoenix17 };
const PATIENCE_MS = 15_000;

// An exception in one of the client's own callbacks would end its polling.
const thrown = [];
process.on("unhandledRejection", (error) => thrown.push(error));
process.on("uncaughtException", (error) => thrown.push(error));

async function until(isTrue, what) {
  for (const end = Date.now() + PATIENCE_MS; !isTrue(); ) {
    if (Date.now() > end) throw new Error(`${what} did not come true; thrown: ${thrown}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// An address share of 1 % allows forty connections for each address.
const server = await startProgram(BINARY, ["--listen", "127.0.0.1:0", "--journal", "memory", "--address-share", "1"]);
const port = Number(new URL(server.url).port);
/** Opens as many connections as one address may have. */
async function fillAddressLimit() {
  const open = Array.from({ length: 45 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  await new Promise((resolve) => setTimeout(resolve, 200));
  return () => open.forEach((each) => each.destroy());
}

for (const [version, { Socket, LongPoll }] of Object.entries(CLIENTS)) {
  if (version === "phoenix 1.7.21") globalThis.XMLHttpRequest = XMLHttpRequest;
  /** A polling client, with counts of its failures and its joins of the lobby. */
  const client = (path) => {
    const socket = new Socket(server.url.replace("http", "ws") + path, { transport: LongPoll });
    const seen = { socket, failures: 0, joins: 0 };
    socket.onError(() => (seen.failures += 1));
    socket.channel("lobby").join().receive("ok", () => (seen.joins += 1));
    socket.connect();
    return seen;
  };
  await check(`${version}: the client joins after refusals with too many requests`, async () => {
    const free = await fillAddressLimit();
    const seen = client("/socket");
    await until(() => seen.failures >= 2, "being refused twice");
    free();
    await until(() => seen.joins === 1, "the join");
    seen.socket.disconnect();
  });
  await check(`${version}: the client keeps retrying on an unknown path`, async () => {
    const seen = client("/sockets");
    await until(() => seen.failures >= 3, "three attempts");
    seen.socket.disconnect();
  });
  await check(`${version}: no error was thrown`, async () => assert.deepEqual(thrown.splice(0), []));
}
await server.end("SIGTERM");
process.exit(finish());
