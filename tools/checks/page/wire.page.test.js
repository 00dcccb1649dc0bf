// The Phoenix client, with a fake transport and a fake clock.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PushError } from "../../../web-interface/islands-web/static/wire/push.js";
import { settle, setup } from "./fake.js";

test("the join goes out when the socket opens, as one V2 frame with the parameters", async () => {
  const { now, joined, channel, log } = setup();
  await joined();
  assert.equal(now().url, "ws://x/socket/websocket?vsn=2.0.0");
  const [joinRef, ref, topic, event, payload] = now().sent[0];
  assert.equal(joinRef, ref);
  assert.deepEqual([topic, event, payload], ["room:1", "phx_join", { seat: "s" }]);
  assert.equal(channel.state, "joined");
  assert.deepEqual(log, [["join", { seq: 1 }]]);
});

test("a push resolves with its own reply, whatever comes before it", async () => {
  const { now, joined, channel, log } = setup();
  await joined();
  const one = channel.push("echo", { n: 1 });
  const first = now().last("echo");
  const two = channel.push("echo", { n: 2 });
  const second = now().last("echo");
  now().reply(second, "ok", { n: 2 });
  now().push(first[0], null, "room:1", "pushed", { a: 1 });
  now().push(null, null, "room:1", "pushed", { b: 2 });
  now().reply(first, "error", { reason: "no" });
  assert.deepEqual(await two, { n: 2 });
  await assert.rejects(one, (error) => error instanceof PushError && error.failure === "refused" && error.response.reason === "no");
  assert.deepEqual(log.slice(1), [["pushed", { a: 1 }], ["pushed", { b: 2 }]]);
});

test("pushes wait for the join, in order", async () => {
  const { now, socket, channel } = setup();
  channel.join();
  const reply = channel.push("a", {});
  channel.push("b", {}).catch(() => {});
  socket.connect();
  now().open();
  assert.equal(now().sent.length, 1);
  now().reply(now().sent[0], "ok", {});
  await settle();
  assert.deepEqual(now().sent.map((frame) => frame[3]), ["phx_join", "a", "b"]);
  now().reply(now().sent[1], "ok", { done: true });
  assert.deepEqual(await reply, { done: true });
});

test("a push in the same chunk as the join reply is delivered", async () => {
  const { now, socket, channel, log } = setup();
  channel.join();
  socket.connect();
  now().open();
  const join = now().sent[0];
  now().reply(join, "ok", { seq: 1 });
  now().push(join[0], null, "room:1", "pushed", { seq: 2 });
  await settle();
  assert.deepEqual(log.map(([what]) => what).sort(), ["join", "pushed"]);
});

test("a push without a reply times out after ten seconds", async () => {
  const { clock, joined, channel } = setup();
  await joined();
  const reply = channel.push("echo", {}).catch((error) => error.failure);
  await clock.pass(10_000);
  assert.equal(await reply, "timeout");
});

test("a lost socket fails its pushes, reconnects and rejoins", async () => {
  const { clock, connections, now, joined, channel, log } = setup();
  await joined();
  const reply = channel.push("echo", {}).catch((error) => error.failure);
  now().drop();
  assert.equal(await reply, "lost");
  assert.equal(channel.state, "errored");
  await clock.pass(10);
  assert.equal(connections.length, 2);
  now().open();
  now().reply(now().last("phx_join"), "ok", { seq: 5 });
  await settle();
  assert.equal(channel.state, "joined");
  assert.deepEqual(log.at(-1), ["join", { seq: 5 }]);
});

test("the reconnect backoff grows from 10 ms to 5 s, and resets after a reply", async () => {
  const { clock, connections, now, socket, joined } = setup();
  socket.connect();
  for (const wait of [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000]) {
    const before = connections.length;
    now().drop();
    await clock.pass(wait - 1);
    assert.equal(connections.length, before, `not before ${wait}`);
    await clock.pass(1);
    assert.equal(connections.length, before + 1, `after ${wait}`);
  }
  await joined();
  now().drop();
  await clock.pass(10);
  assert.equal(connections.length, 13);
});

test("a connection that never opens is given up after ten seconds", async () => {
  const { clock, connections, socket } = setup();
  socket.connect();
  await clock.pass(10_010);
  assert.equal(connections[0].closed, true);
  assert.equal(connections.length, 2);
});

test("a heartbeat is sent every 30 s, and one without a reply ends the connection", async () => {
  const { clock, connections, now, joined } = setup();
  await joined();
  await clock.pass(30_000);
  const [joinRef, , topic, , payload] = now().last("heartbeat");
  assert.deepEqual([joinRef, topic, payload], [null, "phoenix", {}]);
  now().reply(now().last("heartbeat"), "ok", {});
  await clock.pass(30_000);
  assert.equal(now().sent.filter((frame) => frame[3] === "heartbeat").length, 2);
  await clock.pass(30_000);
  assert.equal(connections[0].closed, true);
  await clock.pass(10);
  assert.equal(connections.length, 2);
});

test("waking up connects at once, or sends a heartbeat on an open connection", async () => {
  const { clock, connections, now, socket, joined } = setup();
  await joined();
  socket.wake();
  assert.ok(now().last("heartbeat"));
  await clock.pass(5000);
  assert.equal(connections[0].closed, true);
  for (let n = 0; n < 9; n += 1) {
    await clock.pass(5000);
    now().drop();
  }
  const before = connections.length;
  socket.wake();
  assert.equal(connections.length, before + 1);
});

test("phx_error rejoins after 1, 2, 5, 10 and 10 s; pending pushes fail", async () => {
  const { clock, now, joined, channel } = setup();
  await joined();
  const reply = channel.push("echo", {}).catch((error) => error.failure);
  for (const wait of [1000, 2000, 5000, 10_000, 10_000]) {
    const { joinRef } = channel;
    now().push(joinRef, joinRef, "room:1", "phx_error", { reason: "channel_crash" });
    await clock.pass(wait - 1);
    assert.equal(channel.state, "errored");
    now().last("heartbeat") && now().reply(now().last("heartbeat"), "ok", {});
    await clock.pass(1);
    assert.equal(channel.state, "joining");
  }
  assert.equal(await reply, "lost");
  now().reply(now().last("phx_join"), "ok", {});
  await settle();
  assert.equal(channel.state, "joined");
});

test("a refused join is reported and retried until the channel leaves", async () => {
  const { clock, now, socket, channel, log } = setup();
  channel.join();
  socket.connect();
  now().open();
  now().reply(now().last("phx_join"), "error", { reason: "busy" });
  await clock.pass(1000);
  assert.deepEqual(log, [["refused", { reason: "busy" }]]);
  assert.equal(now().sent.filter((frame) => frame[3] === "phx_join").length, 2);
  channel.leave();
  await clock.pass(20_000);
  assert.equal(now().sent.filter((frame) => frame[3] === "phx_join").length, 2);
  assert.equal(channel.state, "closed");
});

test("a join without a reply is left and retried", async () => {
  const { clock, now, socket, channel } = setup();
  channel.join();
  socket.connect();
  now().open();
  const first = now().last("phx_join");
  await clock.pass(10_000);
  assert.equal(now().last("phx_leave")[0], first[0]);
  await clock.pass(1000);
  assert.notEqual(now().last("phx_join")[0], first[0]);
});

test("a rejoin sends fresh parameters, and ignores the close of the old join", async () => {
  const { now, joined, channel, log } = setup();
  await joined();
  const old = channel.joinRef;
  channel.params = () => ({ seat: "t" });
  channel.join();
  const join = now().last("phx_join");
  assert.deepEqual(join[4], { seat: "t" });
  now().reply(join, "ok", { seq: 2 });
  now().push(old, old, "room:1", "phx_close", {});
  now().push(old, null, "room:1", "pushed", { late: true });
  await settle();
  assert.equal(channel.state, "joined");
  assert.deepEqual(log.map(([what]) => what), ["join", "join"]);
});

test("phx_close ends the channel for good", async () => {
  const { clock, now, joined, channel, log } = setup();
  await joined();
  now().push(channel.joinRef, channel.joinRef, "room:1", "phx_close", {});
  await clock.pass(25_000);
  assert.deepEqual(log.at(-1), ["closed"]);
  assert.equal(now().sent.filter((frame) => frame[3] === "phx_join").length, 1);
  await assert.rejects(channel.push("echo", {}), { failure: "lost" });
});

test("frames of an abandoned connection are ignored", async () => {
  const { clock, connections, now, joined, channel, log } = setup();
  await joined();
  const { joinRef } = channel;
  now().drop();
  await clock.pass(10);
  connections[0].push(joinRef, null, "room:1", "pushed", {});
  connections[0].drop();
  assert.deepEqual(log, [["join", { seq: 1 }]]);
  assert.equal(connections.length, 2);
});
