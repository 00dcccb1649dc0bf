// What a player wants, carried through whatever happens to the connection.

import assert from "node:assert/strict";
import { test } from "node:test";
import { carry } from "../../../web-interface/islands-web/static/intent.js";
import { PushError } from "../../../web-interface/islands-web/static/wire/push.js";
import { fakeClock } from "./fake.js";

test("a wish is carried on with the same id through time-outs, losses and busy servers", async () => {
  const clock = fakeClock();
  const sent = [];
  const fates = [new PushError("timeout"), new PushError("lost"), new PushError("refused", { reason: "busy" }), null];
  const send = async (event, payload) => {
    sent.push([event, payload]);
    const fate = fates.shift();
    if (fate) throw fate;
    return { seq: 9 };
  };
  const delays = [];
  const wish = carry(send, clock, "guess_coordinate", { row: 1, col: 1, id: "w" }, (delay) => delays.push(delay));
  await clock.pass(60_000);
  assert.deepEqual(await wish, { seq: 9 });
  assert.equal(sent.length, 4);
  for (const each of sent) assert.deepEqual(each, ["guess_coordinate", { row: 1, col: 1, id: "w" }]);
  assert.deepEqual(delays, ["timeout", "busy", null]);
  assert.equal(clock.pending(), 0);
});

test("a refusal that will stay true ends the wish", async () => {
  const send = async () => {
    throw new PushError("refused", { reason: "not_your_turn", message: "…" });
  };
  await assert.rejects(carry(send, fakeClock(), "guess_coordinate", {}, () => {}), { reason: "not_your_turn" });
});
