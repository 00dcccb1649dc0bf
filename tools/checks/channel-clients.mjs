// The stock phoenix packages against the channel layer's conformance server, in two
// versions of the client and over both transports.
//
//   cargo build -p axum-channels --example conformance
//   node channel-clients.mjs      (CONFORMANCE_BIN overrides the server)

import assert from "node:assert/strict";

import * as phoenix18 from "phoenix";
import WebSocket from "ws";
import XMLHttpRequest from "xhr2";

import { startProgram } from "./browser/server.js";

// The older package needs some globals of a browser.
globalThis.self = globalThis;
const phoenix17 = await import("phoenix-1.7");

const BINARY =
  process.env.CONFORMANCE_BIN ??
  new URL("../../target/debug/examples/conformance", import.meta.url).pathname;
const PATIENCE_MS = 10_000;
const CLIENTS = { "phoenix 1.8.16": phoenix18, "phoenix 1.7.21": phoenix17 };

/** Settles like the promise, or rejects after a time-out. */
function withTimeout(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took too long`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The reply to a join or a push. */
const replyTo = (push) =>
  withTimeout(
    new Promise((resolve, reject) => {
      push
        .receive("ok", resolve)
        .receive("weird", (response) => resolve({ weird: response }))
        .receive("error", (response) => reject(Object.assign(new Error("refused"), { response })))
        .receive("timeout", () => reject(new Error("no answer")));
    }),
    "an answer",
  );

/** The payload of the next event of this name. */
const nextEvent = (channel, event) =>
  withTimeout(new Promise((resolve) => channel.on(event, resolve)), `the event ${event}`);

/** Polls until a condition is true. */
async function until(isTrue, what) {
  for (const end = Date.now() + PATIENCE_MS; !isTrue(); ) {
    if (Date.now() > end) throw new Error(`${what} did not come true`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const bytes = (...values) => new Uint8Array(values).buffer;
const toArray = (buffer) => [...new Uint8Array(buffer)];

/** The rules by name. Each gets a function to connect, and the package. */
const RULES = {
  async "joins that succeed, are refused or crash get distinct replies"({ connect }) {
    const socket = connect();
    assert.deepEqual(await replyTo(socket.channel("room:reply", { a: 1 }).join()), { echo: { a: 1 } });
    for (const [topic, reason] of [
      ["room:deny", "unauthorized"],
      ["room:crash", "join crashed"],
      ["nowhere", "unmatched topic"],
    ]) {
      const channel = socket.channel(topic);
      const refused = await replyTo(channel.join()).catch((error) => error.response);
      assert.deepEqual(refused, { reason });
      channel.leave();
    }
  },

  async "events get their replies, of any status"({ connect }) {
    const channel = connect().channel("room:a");
    await replyTo(channel.join());
    assert.deepEqual(await replyTo(channel.push("echo", [1, "two", null])), { echo: [1, "two", null] });
    assert.deepEqual(await replyTo(channel.push("custom_status", {})), { weird: { x: 1 } });
    const refused = await replyTo(channel.push("err", {})).catch((error) => error.response);
    assert.deepEqual(refused, { reason: "no" });
  },

  async "broadcasts reach all, or all but the sender, or are intercepted"({ connect }) {
    const [one, two] = [connect().channel("room:a"), connect().channel("room:a")];
    await replyTo(one.join());
    await replyTo(two.join());
    const both = Promise.all([nextEvent(one, "bcast"), nextEvent(two, "bcast")]);
    one.push("bcast", { n: 1 });
    assert.deepEqual(await both, [{ n: 1 }, { n: 1 }]);
    const seen = [];
    one.on("bcast", ({ n }) => seen.push(n));
    const other = nextEvent(two, "bcast");
    await replyTo(one.push("bcast_from", { n: 2 }));
    assert.deepEqual(await other, { n: 2 });
    assert.deepEqual(seen, []);
    const intercepted = nextEvent(two, "icept");
    one.push("icept", { n: 3 });
    assert.deepEqual(await intercepted, { n: 3, seen: true });
  },

  async "binary payloads arrive as binary; a long poll gets an error instead"({ connect, polls }) {
    const channel = connect().channel("room:a");
    await replyTo(channel.join());
    if (polls) {
      const refused = await replyTo(channel.push("echo", bytes(1, 2))).catch((error) => error.response);
      return assert.deepEqual(refused, { reason: "binary payloads need a WebSocket" });
    }
    assert.deepEqual(toArray(await replyTo(channel.push("echo", bytes(1, 2, 255)))), [1, 2, 255]);
    const pushed = Promise.all([nextEvent(channel, "bin"), nextEvent(channel, "bbin")]);
    await replyTo(channel.push("binpush", {}));
    assert.deepEqual((await pushed).map(toArray), [[9, 8], [7]]);
  },

  async "a crashed channel is rejoined, and a stopped one is not"({ connect }) {
    const channel = connect().channel("room:a");
    let joins = 0;
    channel.join().receive("ok", () => (joins += 1));
    await until(() => joins === 1, "the first join");
    channel.push("raise", {});
    await until(() => joins === 2, "the second join");
    assert.deepEqual(await replyTo(channel.push("echo", {})), { echo: {} });
    const closed = withTimeout(new Promise((resolve) => channel.onClose(resolve)), "the close");
    channel.push("stop_normal", {});
    await closed;
    assert.equal(channel.state, "closed");
    assert.equal(joins, 2);
  },

  async "a disconnected socket reconnects and rejoins all its channels"({ connect, polls }) {
    const socket = connect({ uid: "ada" });
    const [one, two] = [socket.channel("room:a"), socket.channel("room:b")];
    let joins = 0;
    for (const channel of [one, two]) channel.join().receive("ok", () => (joins += 1));
    await until(() => joins === 2, "both joins");
    const codes = [];
    socket.onClose(({ code }) => codes.push(code));
    one.push("disconnect_me", {});
    await until(() => joins === 4, "both joins again");
    // The older package reports the close twice when it polls.
    assert.equal(codes[0], polls ? 1011 : 1001);
  },

  async "a hundred pushes at once get their replies, in order"({ connect }) {
    const channel = connect().channel("room:a");
    await replyTo(channel.join());
    const replies = [];
    const pushes = Array.from({ length: 100 }, (_, n) => channel.push("echo", { n }));
    await Promise.all(pushes.map(async (push) => replies.push((await replyTo(push)).echo.n)));
    assert.deepEqual(replies, Array.from({ length: 100 }, (_, n) => n));
  },

  async "invalid input is refused on its channel, and the other channels stay joined"({ connect }) {
    const socket = connect();
    const good = socket.channel("room:a");
    let joins = 0;
    await replyTo(good.join().receive("ok", () => (joins += 1)));
    const closed = [];
    socket.onClose(() => closed.push(true));
    const reason = async (push) => {
      const refused = await replyTo(push).catch((error) => error.response);
      return refused.reason;
    };
    const long = "x".repeat(300);
    let deep = [];
    for (let n = 0; n < 100; n += 1) deep = [deep];
    for (const [topic, params, expected] of [
      [`room:${long}`, {}, "name too long"],
      [`room:${"é".repeat(150)}`, {}, "name too long"],
      ["room:b", { deep }, "nested too deeply"],
      [7, {}, "not text"],
      // A lone surrogate.
      ["room:\ud83d", {}, "not text"],
    ]) {
      const channel = socket.channel(topic, params);
      assert.equal(await reason(channel.join()), expected, String(topic).slice(0, 20));
      channel.leave();
    }
    assert.equal(await reason(good.push(long, {})), "name too long");
    assert.equal(await reason(good.push("echo", { deep })), "nested too deeply");
    assert.deepEqual(await replyTo(good.push("echo", { n: 1 })), { echo: { n: 1 } });
    assert.deepEqual([joins, closed], [1, []], "it has never been away");
  },

  async "a client with an oversized join reconnects once a second, not seventy times"({ connect }) {
    const socket = connect();
    let opened = 0;
    socket.onOpen(() => (opened += 1));
    socket.channel("room:a", { large: "x".repeat(70_000) }).join();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    assert.ok(opened >= 2 && opened <= 4, `it has connected ${opened} times`);
  },

  async "a trailing slash in the address is ignored"({ connect }) {
    const channel = connect({}, "/").channel("room:a");
    await replyTo(channel.join());
    assert.deepEqual(await replyTo(channel.push("echo", {})), { echo: {} });
  },

  async "all clients agree on presence, through tabs, updates and lost sockets"({ connect, polls, Presence }) {
    const present = (name) => {
      const socket = connect();
      const channel = socket.channel("room:pres", { name });
      const presence = new Presence(channel);
      const times = () =>
        Object.fromEntries(presence.list((key, { metas }) => [key, metas.map((meta) => meta.online_at)]));
      return { socket, channel, times, joins: 0 };
    };
    const shows = async (people, expected) => {
      for (const person of people) {
        await until(
          () => JSON.stringify(person.times()) === JSON.stringify(expected),
          `what ${JSON.stringify(expected)} is to be`,
        );
      }
    };
    const [one, two, bob] = [present("ada"), present("ada"), present("bob")];
    for (const person of [one, two, bob]) {
      await replyTo(person.channel.join().receive("ok", () => (person.joins += 1)));
    }
    await shows([one, two, bob], { ada: [1, 1], bob: [1] });
    bob.channel.push("update", {});
    await shows([one, two, bob], { ada: [1, 1], bob: [2] });
    if (polls) two.socket.conn.close(1006, "lost", false);
    else two.socket.conn.terminate();
    await until(() => two.joins === 2, "coming back");
    await shows([one, two, bob], { ada: [1, 1], bob: [2] });
    two.channel.leave();
    await shows([one, bob], { ada: [1], bob: [2] });
    bob.socket.disconnect();
    await shows([one], { ada: [1] });
  },
};


let [passed, failed] = [0, 0];
const server = await startProgram(BINARY, ["--port", "0"]);
const url = `${server.url.replace("http", "ws")}/socket`;
for (const [version, { Socket, Presence, LongPoll }] of Object.entries(CLIENTS)) {
  // The older package polls with XMLHttpRequest only.
  if (version === "phoenix 1.7.21") globalThis.XMLHttpRequest = XMLHttpRequest;
  for (const [name, transport] of Object.entries({ WebSocket, "long poll": LongPoll })) {
    for (const [rule, check] of Object.entries(RULES)) {
      const sockets = [];
      const connect = (params = {}, more = "") => {
        const heartbeatIntervalMs = 1_000; // the server closes sockets that are silent for 2 s
        const socket = new Socket(url + more, { transport, params, heartbeatIntervalMs });
        socket.connect();
        sockets.push(socket);
        return socket;
      };
      try {
        await check({ connect, polls: transport === LongPoll, Presence });
        passed += 1;
        console.log(`ok      ${version}, ${name}: ${rule}`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED  ${version}, ${name}: ${rule}: ${error.stack}`);
      }
      for (const socket of sockets) socket.disconnect();
    }
  }
}
await server.end("SIGKILL");
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
