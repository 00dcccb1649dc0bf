// Retries of a command, across time-outs, lost connections and busy servers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sendWithRetry } from "../../../web-interface/islands-web/static/retry.js";
import { PushError } from "../../../web-interface/islands-web/static/wire/push.js";
import { fakeClock } from "./fake.js";

test("a command is retried with the same id after time-outs, losses and busy servers", async () => {
  const clock = fakeClock();
  const sent = [];
  const outcomes = [new PushError("timeout"), new PushError("lost"), new PushError("refused", { reason: "busy" }), null];
  const send = async (event, payload) => {
    sent.push([event, payload]);
    const outcome = outcomes.shift();
    if (outcome) throw outcome;
    return { seq: 9 };
  };
  const retries = [];
  const reply = sendWithRetry(send, clock, "guess_coordinate", { row: 1, col: 1, id: "w" }, (reason) => retries.push(reason));
  await clock.pass(60_000);
  assert.deepEqual(await reply, { seq: 9 });
  assert.equal(sent.length, 4);
  for (const each of sent) assert.deepEqual(each, ["guess_coordinate", { row: 1, col: 1, id: "w" }]);
  assert.deepEqual(retries, ["timeout", "busy", null]);
  assert.equal(clock.pending(), 0);
});

test("a permanent refusal ends the retries", async () => {
  const send = async () => {
    throw new PushError("refused", { reason: "not_your_turn", message: "…" });
  };
  await assert.rejects(sendWithRetry(send, fakeClock(), "guess_coordinate", {}, () => {}), { reason: "not_your_turn" });
});
