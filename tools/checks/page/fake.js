// A fake clock and a fake transport, for tests of the Phoenix client.

import { Socket } from "../../../web-interface/islands-web/static/wire/socket.js";

/** A clock that moves only by `pass`. */
export function fakeClock() {
  let now = 0;
  let timers = [];
  return {
    random: () => 1,
    setTimeout(callback, ms) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return timer;
    },
    clearTimeout(timer) {
      timers = timers.filter((each) => each !== timer);
    },
    /** Advances the time; lets promises settle after each timer. */
    async pass(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        timers.sort((a, b) => a.at - b.at);
        const next = timers[0];
        if (next === undefined || next.at > end) break;
        timers.shift();
        now = next.at;
        next.callback();
      }
      now = end;
      await settle();
    },
    pending: () => timers.length,
  };
}

export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A WebSocket class whose connections are driven by the test. */
export function fakeTransport() {
  const connections = [];
  class Transport {
    constructor(url) {
      this.url = url;
      this.sent = [];
      this.closed = false;
      connections.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close() {
      this.closed = true;
    }
    /** The following methods act as the server. */
    open() {
      this.onopen();
    }
    push(...frame) {
      this.onmessage({ data: JSON.stringify(frame) });
    }
    reply([joinRef, ref, topic], status, response) {
      this.push(joinRef, ref, topic, "phx_reply", { status, response });
    }
    drop(code = 1006) {
      this.onclose({ code });
    }
    last(event) {
      return this.sent.findLast((frame) => frame[3] === event);
    }
  }
  return { Transport, connections, now: () => connections.at(-1) };
}

export function setup() {
  const clock = fakeClock();
  const { Transport, connections, now } = fakeTransport();
  const socket = new Socket("ws://x/socket", { transport: Transport, clock });
  const log = [];
  const channel = socket.channel("room:1", () => ({ seat: "s" }));
  channel.onJoin = (response) => log.push(["join", response]);
  channel.onRefused = (response) => log.push(["refused", response]);
  channel.onMessage = (event, payload) => log.push([event, payload]);
  channel.onClose = () => log.push(["closed"]);
  const joined = async () => {
    channel.join();
    socket.connect();
    now().open();
    now().reply(now().last("phx_join"), "ok", { seq: 1 });
    await settle();
  };
  return { clock, connections, socket, channel, log, now, joined };
}
