// A client of a game, made of the stock phoenix package and nothing else. It
// remembers what it was sent and what it should have been sent.

import { Socket } from "phoenix";
import WebSocket from "ws";

import { cellKey } from "../oracle.mjs";
import { cellsIn, difference } from "./compare.mjs";
import { late } from "./request.mjs";

const WAIT_MS = 10_000;

/** Phoenix's own events, and what comes without a number. */
const UNNUMBERED = /^(phx_|chan_reply_|presence_|reaction$|game_unavailable$)/;

export class Client {
  /** Whose eyes these are (null: a spectator's), with the token of the seat. */
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

  /** Connects and joins; gives the reply of the join. */
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
      if (!UNNUMBERED.test(event)) this.take(event, payload);
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

  /** Sends an event; gives the status and the response of its reply. */
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

  /** A numbered push: each is told once, in order, without a hole. */
  take(event, payload) {
    if (payload.seq !== this.lastSeq + 1) {
      this.faults.push(`${event} has number ${payload.seq} after ${this.lastSeq}`);
    }
    this.lastSeq = payload.seq;
    this.pushed.push({ event, payload });
    this.wake();
  }

  /** No frame, whatever it is for, may show a hidden cell of someone else. */
  scan(frame) {
    if (!this.oracle) return;
    const shown = new Set(cellsIn(JSON.parse(frame.toString())).map(cellKey));
    for (const owner of ["player1", "player2"]) {
      if (owner === this.viewer) continue;
      const leaked = this.oracle.hidden(owner).find((cell) => shown.has(cellKey(cell)));
      if (leaked) this.faults.push(`${this.who()} is shown ${cellKey(leaked)} of ${owner}: ${frame}`);
    }
  }

  /** What must have come by now, neither less nor more. */
  async settled() {
    await this.until(() => this.pushed.length >= this.expected.length, "a push is missing");
    const sent = this.pushed.splice(0);
    const found = difference(this.expected.splice(0), sent);
    if (found) this.faults.push(found);
    if (this.faults.length > 0) throw new Error(`${this.who()}: ${this.faults.join("; ")}`);
    return sent;
  }

  /** Waits for something that comes with a message. */
  async until(condition, otherwise) {
    const come = new Promise((done) => this.waiting.push({ condition, done }));
    this.wake();
    await Promise.race([come, late(WAIT_MS, `${this.who()}: ${otherwise}`)]);
  }

  wake() {
    const ready = this.waiting.filter(({ condition }) => condition());
    this.waiting = this.waiting.filter((it) => !ready.includes(it));
    ready.forEach(({ done }) => done());
  }

  who() {
    return this.viewer ?? "the spectator";
  }

  leave() {
    this.socket?.disconnect();
  }
}
