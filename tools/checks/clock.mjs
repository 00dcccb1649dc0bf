// The built server under wrong clocks: it loses no game, and still deletes old games.
// A fast clock also shortens checks that would take minutes.
//
//   node clock.mjs          ISLANDS_BIN   the server (target/debug/islands)
//                           LIBFAKETIME   the library that sets its clock (Debian's path)

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BINARY, startProgram } from "./browser/server.js";
import { check, finish } from "./check.mjs";

const installed = readdirSync("/usr/lib").map((folder) => `/usr/lib/${folder}/faketime/libfaketime.so.1`);
const LIBFAKETIME = process.env.LIBFAKETIME ?? installed.find((path) => existsSync(path));
assert.ok(LIBFAKETIME, "libfaketime is not installed");
/** An hour takes three seconds; the server looks for old games every hour. */
const FAST = "x1200";
const A_FEW_HOURS_MS = 8_000;
const PATIENCE_MS = 60_000;

const started = [];
/** Runs a check; if it fails, kills the servers that it left running. */
async function checkAndCleanUp(name, run) {
  if (await check(name, run)) return;
  for (const server of started) await server.end("SIGKILL");
}
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), "islands-clock-"));
const options = ["--listen", "127.0.0.1:0", "--journal", join(folder, "games.redb")];
/** Starts the server with this clock; null is the real time. */
async function start(clock, ...more) {
  const environment = clock === null ? {} : { LD_PRELOAD: LIBFAKETIME, FAKETIME: clock };
  const server = await startProgram(BINARY, [...options, ...more], environment);
  started.push(server);
  return server;
}

/** Opens a game on a server with this clock; returns its id. */
async function openGame(clock) {
  const server = await start(clock);
  const answer = await fetch(`${server.url}/api/games`, {
    method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"Ada"}',
  });
  assert.equal(answer.status, 201);
  const { game } = await answer.json();
  await server.end("SIGTERM");
  return game;
}

/** Runs the server with this clock for some of its hours; it must delete nothing. */
async function runForHours(clock) {
  const server = await start(clock);
  await sleep(A_FEW_HOURS_MS);
  await server.end("SIGTERM");
  assert.doesNotMatch(server.output(), /forgot/);
}

/** The HTTP status of each game, from a server with the real time. */
async function gameStatuses(...games) {
  const server = await start(null);
  const statuses = [];
  for (const game of games) statuses.push((await fetch(`${server.url}/api/games/${game}`)).status);
  await server.end("SIGTERM");
  return statuses;
}

try {
  const today = await openGame(null);
  await checkAndCleanUp("a start with the clock 40 days ahead, and some hours of it, lose no game", async () => {
    await runForHours(`+40d ${FAST}`);
    assert.deepEqual(await gameStatuses(today), [200]);
  });
  const in1970 = await openGame("@1970-01-02 00:00:00");
  await checkAndCleanUp("a game that was opened at a clock of 1970 is not lost when that is set", async () => {
    await runForHours(`+0 ${FAST}`);
    assert.deepEqual(await gameStatuses(today, in1970), [200, 200]);
  });
  await checkAndCleanUp("idle games are deleted after the retention time, and the log says so", async () => {
    const server = await start(`+0 ${FAST}`, "--keep", "5h");
    for (const end = Date.now() + PATIENCE_MS; !/forgot old games.*5h.*games=2/.test(server.output()); await sleep(50)) {
      assert.ok(Date.now() < end, server.output());
    }
    await server.end("SIGTERM");
    assert.deepEqual(await gameStatuses(today, in1970), [404, 404]);
  });
  await checkAndCleanUp("a connection at its greatest age finishes the poll under way, and no poll is cut", async () => {
    // Five minutes take 7.5 s; an empty poll takes a fraction of a second.
    const server = await start("+0 x40");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const poll = (token) => new Promise((resolve, reject) => {
      const url = `${server.url}/socket/longpoll?vsn=2.0.0&token=${token}`;
      const request = get(url, { agent }, async (answer) => {
        let text = "";
        try {
          for await (const part of answer) text += part;
          const closes = answer.headers.connection === "close";
          resolve({ ...JSON.parse(text), port: request.socket.localPort, closes });
        } catch (error) {
          reject(error);
        }
      }).on("error", reject);
    });
    const first = await poll("");
    let [polls, last] = [0, first];
    for (const end = Date.now() + PATIENCE_MS; !last.closes; polls += 1) {
      assert.ok(Date.now() < end, "the connection does not end");
      last = await poll(first.token);
      assert.deepEqual([last.status, last.port], [204, first.port]);
    }
    assert.ok(polls > 10, `${polls} polls`);
    const next = await poll(first.token);
    assert.equal(next.status, 204);
    assert.notEqual(next.port, first.port);
    agent.destroy();
    await server.end("SIGTERM");
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(finish());
