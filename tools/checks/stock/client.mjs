// A game client based on the stock phoenix package. It records the pushes that it
// received and the expected ones.

import { Socket } from "phoenix";
import WebSocket from "ws";

import { cellKey } from "../oracle.mjs";
import { cellsIn, difference } from "./compare.mjs";
import { rejectAfter } from "./request.mjs";

const WAIT_MS = 10_000;

/** Phoenix's own events, and events without a sequence number. */
const UNNUMBERED = /^(phx_|chan_reply_|presence_|reaction$|game_unavailable$)/;

export class Client {
  /** `viewer` is null for a spectator; `seat` is the seat token. */
  constructor(viewer, seat = null) {
    this.viewer = viewer;
    this.seat = seat;
    this.pushed = [];
    this.expected = [];
    this.joins = 0;
    this.lastSeq = 0;
    this.waiting = [];
    this.faults = [];
  }

  /** Connects and joins; resolves with the reply of the join. */
  async join(url, game, oracle) {
    this.oracle = oracle;
    const watch = (frame) => this.scan(frame);
    class Watched extends WebSocket {
      constructor(address, protocols) {
        super(address, protocols);
        this.on("message", watch);
      }
    }
    this.socket = new Socket(`${url.replace("http", "ws")}/socket`, { transport: Watched });
    this.socket.connect();
    this.channel = this.socket.channel(`game:${game}`, this.seat ? { seat: this.seat } : {});
    this.channel.onMessage = (event, payload) => {
      if (!UNNUMBERED.test(event)) this.onPush(event, payload);
      return payload;
    };
    return new Promise((joined, refused) => {
      this.channel
        .join(WAIT_MS)
        .receive("ok", (reply) => {
          this.joins += 1;
          this.lastSeq = reply.seq;
          this.joined = reply;
          this.wake();
          joined(reply);
        })
        .receive("error", (reply) => refused(new Error(`the join was refused: ${JSON.stringify(reply)}`)))
        .receive("timeout", () => refused(new Error("the join was not answered")));
    });
  }

  /** Sends an event; resolves with the status and response of its reply. */
  send(event, payload) {
    return new Promise((answered, failed) => {
      const reply = (status) => (response) => answered({ status, response, seen: this.lastSeq });
      this.channel
        .push(event, payload, WAIT_MS)
        .receive("ok", reply("ok"))
        .receive("error", reply("error"))
        .receive("timeout", () => failed(new Error(`${event} was not answered`)));
    });
  }

  /** Records a numbered push. Numbers must be gapless and in order. */
  onPush(event, payload) {
    if (payload.seq !== this.lastSeq + 1) {
      this.faults.push(`${event} has number ${payload.seq} after ${this.lastSeq}`);
    }
    this.lastSeq = payload.seq;
    this.pushed.push({ event, payload });
    this.wake();
  }

  /** Checks that a frame contains no hidden cell of another player. */
  scan(frame) {
    if (!this.oracle) return;
    const shown = new Set(cellsIn(JSON.parse(frame.toString())).map(cellKey));
    for (const owner of ["player1", "player2"]) {
      if (owner === this.viewer) continue;
      const leaked = this.oracle.hidden(owner).find((cell) => shown.has(cellKey(cell)));
      if (leaked) this.faults.push(`${this.label()} is shown ${cellKey(leaked)} of ${owner}: ${frame}`);
    }
  }

  /** Waits for the expected pushes, and returns them; fails on any difference. */
  async settled() {
    await this.until(() => this.pushed.length >= this.expected.length, "a push is missing");
    const sent = this.pushed.splice(0);
    const found = difference(this.expected.splice(0), sent);
    if (found) this.faults.push(found);
    if (this.faults.length > 0) throw new Error(`${this.label()}: ${this.faults.join("; ")}`);
    return sent;
  }

  /** Waits for a condition, which is checked after each message. */
  async until(condition, otherwise) {
    const come = new Promise((done) => this.waiting.push({ condition, done }));
    this.wake();
    await Promise.race([come, rejectAfter(WAIT_MS, `${this.label()}: ${otherwise}`)]);
  }

  wake() {
    const ready = this.waiting.filter(({ condition }) => condition());
    this.waiting = this.waiting.filter((it) => !ready.includes(it));
    ready.forEach(({ done }) => done());
  }

  label() {
    return this.viewer ?? "the spectator";
  }

  leave() {
    this.socket?.disconnect();
  }
}
