// A game with two stock players, a spectator, and the oracle, who says
// beforehand what each of them is to see.

import assert from "node:assert/strict";

import { Oracle, gameId, text } from "../oracle.mjs";
import { Client } from "./client.mjs";
import { difference } from "./compare.mjs";
import { request } from "./request.mjs";

/** Fails unless the value is what was predicted. */
export function agree(expected, actual, what) {
  const found = difference(expected, actual);
  assert.ok(!found, `${what}: ${found}`);
}

export class Table {
  constructor(url, game, oracle) {
    this.url = url;
    this.game = game;
    this.oracle = oracle;
    this.clients = {};
    /** Every event so far, as a spectator may see it. */
    const name = oracle.names.player1;
    this.history = [{ event: "game_created", seq: 1, player: "player1", name }];
  }

  /** Opens a game over HTTP: Ada in the first seat, Bob in the second. */
  static async open(url) {
    const host = await request(`${url}/api/games`, { body: { name: "Ada" }, status: 201 });
    const seat = (player) => ({ game: gameId, player, seat: text, url: `/g/${host.game}` });
    agree(seat("player1"), host, "opening a game");
    const table = new Table(url, host.game, new Oracle(host.game, "Ada"));
    await table.enter("player1", host.seat);
    await table.enter(null);
    const players = `${url}/api/games/${host.game}/players`;
    const taken = await request(players, { body: { name: " Ada " }, status: 409 });
    agree({ reason: "name_taken", message: text }, taken, "taking the same name");
    table.predict(null, "add_player", { name: "Bob" });
    const guest = await request(players, { body: { name: "Bob" }, status: 201 });
    agree(seat("player2"), guest, "taking a seat");
    await table.settled();
    await table.enter("player2", guest.seat);
    const full = await request(players, { body: { name: "Eve" }, status: 409 });
    agree({ reason: "game_full", message: text }, full, "a full game");
    return table;
  }

  /** The game of a rematch: these two have their seats already. */
  static async again(url, game, seats) {
    const table = new Table(url, game, new Oracle(game, "Bob"));
    table.predict(null, "add_player", { name: "Ada" });
    await table.enter("player1", seats.player1);
    await table.enter("player2", seats.player2);
    await table.enter(null);
    return table;
  }

  async enter(viewer, seat) {
    const client = new Client(viewer, seat);
    this.clients[viewer ?? "spectator"] = client;
    const reply = await client.join(this.url, this.game, this.oracle);
    agree(this.seen(viewer), reply, `the join of ${client.who()}`);
  }

  seen(viewer) {
    return { seq: this.oracle.seq, view: this.oracle.view(viewer) };
  }

  everyone() {
    return Object.entries(this.clients);
  }

  /** What the oracle says comes of a command, for every client at the table. */
  predict(by, event, payload) {
    const { status, response, pushes } = this.oracle.command(by, event, payload);
    for (const { event, to } of pushes) {
      this.history.push({ event, ...to.spectator });
      for (const [name, client] of this.everyone()) {
        client.expected.push({ event, payload: to[name] });
      }
    }
    return { status, response };
  }

  /** Sends a command, and compares all that comes of it with the oracle. */
  async does(by, event, payload = {}) {
    const predicted = this.predict(by, event, payload);
    const { seen, ...reply } = await this.clients[by ?? "spectator"].send(event, payload);
    const what = `${by}: ${event} ${JSON.stringify(payload)}`;
    agree(predicted, reply, what);
    if (reply.status === "ok") {
      assert.ok(seen >= reply.response.seq, `${what} was answered before it was told`);
    }
    return { reply, pushes: await this.settled() };
  }

  /** Everybody has been told what was predicted. */
  async settled() {
    const all = this.everyone().map(async ([name, client]) => [name, await client.settled()]);
    return Object.fromEntries(await Promise.all(all));
  }

  /** Everybody asks for the view. */
  async looks() {
    for (const [, client] of this.everyone()) {
      const { seen: _, ...reply } = await client.send("view", {});
      agree({ status: "ok", response: this.seen(client.viewer) }, reply, `the view of ${client.who()}`);
    }
    const view = await request(`${this.url}/api/games/${this.game}`);
    agree(this.oracle.view(null), view, "the view over HTTP");
  }

  /** After the end, whoever asks is told how it came about. */
  async tells() {
    for (const since of [0, 1, this.oracle.seq - 1, this.oracle.seq]) {
      const events = await request(`${this.url}/api/games/${this.game}/events?since=${since}`);
      agree(this.history.slice(since), events, `the events since ${since}`);
    }
  }

  leave() {
    this.everyone().forEach(([, client]) => client.leave());
  }
}
