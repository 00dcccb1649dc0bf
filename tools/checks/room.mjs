// Stock phoenix packages on the room of chapter 7.
//
//   cargo build -p ch07
//   node room.mjs           ROOM_BIN   the program (target/debug/ch07)
//
// Prints one line per check and ends with `N passed, M failed`.

import assert from "node:assert/strict";
import * as phoenix18 from "phoenix";
import WebSocket from "ws";
import { startProgram } from "./browser/server.js";
import { check, finish } from "./check.mjs";

// The older package needs some globals of a browser.
globalThis.self = globalThis;
const phoenix17 = await import("phoenix-1.7");

const CLIENTS = { "phoenix 1.8": phoenix18, "phoenix 1.7": phoenix17 };
const CHECKS = 6 * Object.keys(CLIENTS).length + 1;
const PATIENCE_MS = 10_000;
const binary = process.env.ROOM_BIN ?? new URL("../../target/debug/ch07", import.meta.url).pathname;

/** Settles like the promise, or rejects after a time-out. @template T @param {Promise<T>} promise @param {string} what */
async function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took too long`)), PATIENCE_MS);
  });
  return /** @type {Promise<T>} */ (Promise.race([promise, late])).finally(() => clearTimeout(timer));
}

/** A client of the room: one socket, one channel, and what it has received, in order. */
class Client {
  /** @param {any} phoenix @param {string} url @param {string} topic @param {object} params */
  constructor(phoenix, url, topic, params) {
    /** @type {{ event: string, payload: any }[]} */
    this.received = [];
    this.seq = 0;
    this.joins = 0;
    /** @type {(() => void)[]} */
    this.waiting = [];
    const endpoint = `${url.replace("http", "ws")}/socket`;
    this.socket = new phoenix.Socket(endpoint, { transport: WebSocket, heartbeatIntervalMs: 100 });
    this.socket.connect();
    const since = () => (this.joins > 0 ? { ...params, since: this.seq } : params);
    this.channel = this.socket.channel(topic, since);
    this.presence = new phoenix.Presence(this.channel);
    this.presence.onSync(() => this.note("presence", {}));
    this.channel.onMessage = (event, payload) => {
      if (typeof payload?.seq === "number" && !/^(phx|chan)_/.test(event)) this.note(event, payload);
      return payload;
    };
  }

  note(event, payload) {
    this.received.push({ event, payload });
    this.seq = payload.seq ?? this.seq;
    for (const wake of this.waiting.splice(0)) wake();
  }

  join() {
    const joined = new Promise((resolve, reject) => {
      this.channel
        .join()
        .receive("ok", (reply) => {
          this.joins += 1;
          this.reply = reply;
          this.seq = Math.max(this.seq, reply.seq);
          this.note("joined", reply);
          resolve(reply);
        })
        .receive("error", (reply) => reject(new Error(reply.reason)));
    });
    return inTime(joined, "a join");
  }

  push(event, payload) {
    const pushed = new Promise((resolve) => {
      const push = this.channel.push(event, payload);
      for (const status of ["ok", "error"]) push.receive(status, (response) => resolve({ status, response, at: this.received.length }));
    });
    return inTime(pushed, event);
  }

  /** Waits until this holds. @param {() => boolean} holds @param {string} what */
  async until(holds, what) {
    while (!holds()) await inTime(new Promise((resolve) => this.waiting.push(() => resolve(undefined))), what);
  }
}

for (const [name, phoenix] of Object.entries(CLIENTS)) {
  const server = await startProgram(binary, ["--serve"]);
  while (!server.output().includes("Ada begins")) await new Promise((resolve) => setTimeout(resolve, 10));
  const [, topic] = /topic is (\S+)\.\n/.exec(server.output()) ?? [];
  const [, ada] = /Ada's seat: (\S+)/.exec(server.output()) ?? [];
  const [, bob] = /Bob's seat: (\S+)/.exec(server.output()) ?? [];
  const client = (params) => new Client(phoenix, server.url, topic, params);
  const [adas, bobs, cleos] = [client({ seat: ada }), client({ seat: bob }), client({})];

  await check(`${name}: players join with their seats, and a spectator without one`, async () => {
    const views = [await adas.join(), await bobs.join(), await cleos.join()].map(({ view }) => view.viewer);
    assert.deepEqual(views, ["player1", "player2", null]);
  });
  await check(`${name}: the event of a guess comes before its reply, and to everybody`, async () => {
    const { status, response, at } = await adas.push("guess_coordinate", { row: 2, col: 7 });
    assert.equal(status, "ok");
    const event = adas.received.slice(0, at).find(({ payload }) => payload.seq === response.seq && payload.outcome);
    assert.ok(event, "the event was there when the reply came");
    for (const each of [bobs, cleos]) await each.until(() => each.seq === response.seq, "the event");
  });
  await check(`${name}: a spectator's guess is refused, and so is one out of turn`, async () => {
    const refusals = [await cleos.push("guess_coordinate", { row: 1, col: 1 }), await adas.push("guess_coordinate", { row: 1, col: 1 })];
    assert.deepEqual(refusals.map(({ status, response }) => [status, response.reason]), [["error", "not_a_player"], ["error", "not_your_turn"]]);
  });
  await check(`${name}: its presence lists who is here, and notices who leaves`, async () => {
    const here = () => adas.presence.list((key) => key).sort().join();
    await adas.until(() => here() === "player1,player2,spectators", "the presence of all");
    cleos.channel.leave();
    cleos.socket.disconnect();
    await adas.until(() => here() === "player1,player2", "the end of a presence");
  });
  await check(`${name}: its heartbeats are answered`, async () => {
    const before = adas.socket.ref;
    // Each heartbeat takes a reference, and an unanswered one closes the socket.
    while (adas.socket.ref < before + 3) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(adas.socket.isConnected(), true);
    assert.equal(adas.joins, 1);
  });
  await check(`${name}: after a lost connection it gets exactly the events that it has missed`, async () => {
    const seen = adas.seq;
    await new Promise((resolve) => adas.socket.disconnect(() => resolve(undefined)));
    const second = client({ seat: ada });
    await second.join();
    await bobs.push("guess_coordinate", { row: 1, col: 1 });
    await second.push("guess_coordinate", { row: 3, col: 3 });
    const { response } = await bobs.push("guess_coordinate", { row: 1, col: 2 });
    adas.socket.connect();
    await adas.until(() => adas.joins === 2, "the return");
    assert.equal(adas.reply.resumed, true);
    assert.deepEqual(adas.reply.events.map(({ seq }) => seq), [seen + 1, seen + 2, seen + 3]);
    assert.equal(adas.seq, response.seq);
    second.socket.disconnect();
  });
  for (const each of [adas, bobs]) each.socket.disconnect();
  const code = await server.end("SIGINT");
  if (name === "phoenix 1.7") await check("Ctrl-C ends the room", async () => assert.equal(code, 0));
}

process.exit(finish(CHECKS));
