// A game with two stock clients, a spectator, and the oracle that predicts what
// each of them receives.

import assert from "node:assert/strict";

import { Oracle, isGameId, isText } from "../oracle.mjs";
import { Client } from "./client.mjs";
import { difference } from "./compare.mjs";
import { request } from "./request.mjs";

/** Fails unless the value matches the prediction. */
export function assertMatches(expected, actual, what) {
  const found = difference(expected, actual);
  assert.ok(!found, `${what}: ${found}`);
}

export class GameSession {
  constructor(url, game, oracle) {
    this.url = url;
    this.game = game;
    this.oracle = oracle;
    this.clients = {};
    const name = oracle.names.player1;
    /** Every event so far, as a spectator may see it. */
    this.history = [{ event: "game_created", seq: 1, player: "player1", name }];
  }

  /** Opens a game over HTTP: Ada in the first seat, Bob in the second. */
  static async open(url) {
    const host = await request(`${url}/api/games`, { body: { name: "Ada" }, status: 201 });
    const seat = (player) => ({ game: isGameId, player, seat: isText, url: `/g/${host.game}` });
    assertMatches(seat("player1"), host, "opening a game");
    const session = new GameSession(url, host.game, new Oracle(host.game, "Ada"));
    await session.enter("player1", host.seat);
    await session.enter(null);
    const players = `${url}/api/games/${host.game}/players`;
    const taken = await request(players, { body: { name: " Ada " }, status: 409 });
    assertMatches({ reason: "name_taken", message: isText }, taken, "taking the same name");
    session.predict(null, "add_player", { name: "Bob" });
    const guest = await request(players, { body: { name: "Bob" }, status: 201 });
    assertMatches(seat("player2"), guest, "taking a seat");
    await session.settled();
    await session.enter("player2", guest.seat);
    const full = await request(players, { body: { name: "Eve" }, status: 409 });
    assertMatches({ reason: "game_full", message: isText }, full, "a full game");
    return session;
  }

  /** Joins a rematch, for which both players have seats. */
  static async again(url, game, seats) {
    const session = new GameSession(url, game, new Oracle(game, "Bob"));
    session.predict(null, "add_player", { name: "Ada" });
    await session.enter("player1", seats.player1);
    await session.enter("player2", seats.player2);
    await session.enter(null);
    return session;
  }

  async enter(viewer, seat) {
    const client = new Client(viewer, seat);
    this.clients[viewer ?? "spectator"] = client;
    const reply = await client.join(this.url, this.game, this.oracle);
    assertMatches(this.seen(viewer), reply, `the join of ${client.label()}`);
  }

  seen(viewer) {
    return { seq: this.oracle.seq, view: this.oracle.view(viewer) };
  }

  clientEntries() {
    return Object.entries(this.clients);
  }

  /** Predicts a command's reply, and queues the expected pushes for every client. */
  predict(by, event, payload) {
    const { status, response, pushes } = this.oracle.command(by, event, payload);
    for (const { event, to } of pushes) {
      this.history.push({ event, ...to.spectator });
      for (const [name, client] of this.clientEntries()) {
        client.expected.push({ event, payload: to[name] });
      }
    }
    return { status, response };
  }

  /** Sends a command, and compares its reply and pushes with the oracle. */
  async command(by, event, payload = {}) {
    const predicted = this.predict(by, event, payload);
    const { seen, ...reply } = await this.clients[by ?? "spectator"].send(event, payload);
    const what = `${by}: ${event} ${JSON.stringify(payload)}`;
    assertMatches(predicted, reply, what);
    if (reply.status === "ok") {
      assert.ok(seen >= reply.response.seq, `${what} was answered before its event was pushed`);
    }
    return { reply, pushes: await this.settled() };
  }

  /** Waits until every client has received the predicted pushes. */
  async settled() {
    const all = this.clientEntries().map(async ([name, client]) => [name, await client.settled()]);
    return Object.fromEntries(await Promise.all(all));
  }

  /** Requests the view for every client and over HTTP, and compares them. */
  async checkViews() {
    for (const [, client] of this.clientEntries()) {
      const { seen: _, ...reply } = await client.send("view", {});
      assertMatches({ status: "ok", response: this.seen(client.viewer) }, reply, `the view of ${client.label()}`);
    }
    const view = await request(`${this.url}/api/games/${this.game}`);
    assertMatches(this.oracle.view(null), view, "the view over HTTP");
  }

  /** After the end, compares the public list of events. */
  async checkEvents() {
    for (const since of [0, 1, this.oracle.seq - 1, this.oracle.seq]) {
      const events = await request(`${this.url}/api/games/${this.game}/events?since=${since}`);
      assertMatches(this.history.slice(since), events, `the events since ${since}`);
    }
  }

  leave() {
    this.clientEntries().forEach(([, client]) => client.leave());
  }
}
