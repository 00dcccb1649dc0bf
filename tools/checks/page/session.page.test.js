// A game's session over a fake WebSocket: what a rejoin asks for, and what it does with the reply.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { fakeTransport, settle } from "./fake.js";

const { Transport, now } = fakeTransport();
const storage = {};
let onStorage = () => {};
Object.assign(globalThis, {
  WebSocket: Transport,
  localStorage: storage,
  history: { state: null },
  addEventListener: (_, listener) => (onStorage = listener),
});
mock.timers.enable({ apis: ["setTimeout"] });

const { openSession } = await import("../../../web-interface/islands-web/static/session.js");
const { announce } = await import("../../../web-interface/islands-web/static/announce.js");
const { saveDraft, saveSeat } = await import("../../../web-interface/islands-web/static/seat.js");

const view = (viewer = "player1", more = {}) => ({
  game: "g", seq: 6, viewer, state: "player1_turn",
  players: { player1: { name: "Ada", islands_set: true }, player2: { name: "Bob", islands_set: true } },
  board: {}, moves: [], forested: { player1: {}, player2: {} }, winner: null, rematch: [], boards: null, ...more,
});
const guess = (seq, player, col) =>
  ({ event: "player_guessed_coordinate", seq, player, row: 1, col, outcome: "miss", forested: null, cells: [] });
const resumed = (...events) => ({ seq: events.at(-1)?.seq ?? 6, resumed: true, events });

/**
 * Opens a session, up to the reply to its first join. `reported` lists the events that the
 * page's listeners get.
 */
async function open(first, seat = { seat: "s", player: "player1", computer: false }, draft = null) {
  for (const key of Object.keys(storage)) delete storage[key];
  if (seat) saveSeat("g", seat);
  saveDraft("g", draft);
  const session = openSession("g", "ws://x/socket");
  const reported = [];
  session.onEvent((after, event, { seq }) => reported.push([event, seq, after.seq]));
  session.start();
  now().open();
  await replyToJoin({ seq: first.seq, view: first });
  return { session, reported };
}

/** Opens the session of a host whose draft is ready, and who waits for a guest. */
function openReady() {
  const players = { player1: { name: "Ada", islands_set: false }, player2: null };
  const first = view("player1", { seq: 1, state: "initialized", players });
  return open(first, undefined, { corners: {}, ready: "r" });
}

/** The parameters of the latest join. */
const params = () => now().last("phx_join")[4];

async function replyToJoin(response) {
  now().reply(now().last("phx_join"), "ok", response);
  await settle();
}

/** Drops the connection; the page opens another, and sends its join. */
function reconnect() {
  const before = now();
  before.drop();
  mock.timers.tick(10);
  assert.notEqual(now(), before);
  now().open();
}

test("the first join asks for no events, and a rejoin for those after its view", async () => {
  const { session } = await open(view());
  assert.deepEqual(params(), { seat: "s" });
  const [joinRef] = now().last("phx_join");
  now().push(joinRef, null, "game:g", "player_guessed_coordinate", guess(7, "player1", 1));
  reconnect();
  assert.deepEqual(params(), { seat: "s", since: 7 });
  assert.equal(session.get().connection, "lost");
  await replyToJoin({ seq: 7, resumed: true, events: [] });
  assert.equal(session.get().connection, "open");
  assert.equal(session.get().view.seq, 7);
});

test("missed events are folded into the view and reported, once and in order", async () => {
  const { session, reported } = await open(view());
  reconnect();
  await replyToJoin(resumed(guess(6, "player2", 9), guess(7, "player1", 1), guess(8, "player2", 2), guess(9, "player1", 3)));
  const after = session.get();
  assert.deepEqual(after.view.moves.map(({ player, col }) => [player, col]), [["player1", 1], ["player2", 2], ["player1", 3]]);
  assert.equal(after.view.state, "player2_turn");
  assert.equal(after.connection, "open");
  assert.deepEqual(reported, [7, 8, 9].map((seq) => ["player_guessed_coordinate", seq, seq]));
  assert.equal(now().last("view"), undefined);
  // Pushed events go on from there.
  const [joinRef] = now().last("phx_join");
  now().push(joinRef, null, "game:g", "player_guessed_coordinate", guess(10, "player2", 4));
  assert.equal(session.get().view.moves.length, 4);
  reconnect();
  assert.equal(params().since, 10);
});

test("a gap in the missed events fetches the whole view, once", async () => {
  const { session, reported } = await open(view());
  reconnect();
  await replyToJoin(resumed(guess(7, "player1", 1), guess(9, "player1", 3), guess(10, "player2", 4)));
  assert.equal(session.get().view.seq, 7);
  assert.equal(now().sent.filter(([, , , event]) => event === "view").length, 1);
  now().reply(now().last("view"), "ok", { seq: 10, view: view("player1", { seq: 10 }) });
  await settle();
  assert.equal(session.get().view.seq, 10);
  assert.equal(session.get().connection, "open");
  assert.deepEqual(reported.map(([, seq]) => seq), [7]);
});

test("a rejoin that cannot be resumed takes the whole view", async () => {
  const { session, reported } = await open(view());
  reconnect();
  assert.equal(params().since, 6);
  await replyToJoin({ seq: 30, resumed: false, view: view("player1", { seq: 30 }) });
  assert.equal(session.get().view.seq, 30);
  assert.equal(session.get().connection, "open");
  assert.deepEqual(reported, []);
});

test("a spectator's rejoin asks for the events after its view as well", async () => {
  await open(view(null), null);
  assert.deepEqual(params(), {});
  reconnect();
  assert.deepEqual(params(), { since: 6 });
});

test("a seat that was taken since the view needs a whole view, and so does one that was lost", async () => {
  const { session } = await open(view(null), null);
  saveSeat("g", { seat: "t", player: "player2", computer: false });
  onStorage({ key: "islands:seat:g" });
  assert.deepEqual(params(), { seat: "t" });
  await replyToJoin({ seq: 6, view: view("player2") });
  assert.equal(session.get().view.viewer, "player2");
  reconnect();
  assert.deepEqual(params(), { seat: "t", since: 6 });
  delete storage["islands:seat:g"];
  onStorage({ key: "islands:seat:g" });
  assert.deepEqual(params(), {});
});

test("a view between two missed events sends no command", async () => {
  await openReady();
  reconnect();
  // Another tab has set the islands after the guest joined.
  await replyToJoin(resumed({ event: "player_added", seq: 2, player: "player2", name: "Bob" },
    { event: "islands_positioned", seq: 3, player: "player1", islands: {} },
    { event: "player_set_islands", seq: 4, player: "player1" }));
  assert.equal(now().last("position_all"), undefined);
});

test("a ready draft is submitted when the guest joined meanwhile", async () => {
  await openReady();
  reconnect();
  await replyToJoin(resumed({ event: "player_added", seq: 2, player: "player2", name: "Bob" }));
  assert.equal(now().last("position_all")[4].id, "rp");
});

test("of many announcements at once, the live region gets the newest three", () => {
  const region = { textContent: "" };
  globalThis.document = { getElementById: () => region };
  const said = () => {
    mock.timers.tick(100);
    mock.timers.tick(50);
    return region.textContent;
  };
  for (let n = 1; n <= 40; n += 1) announce(`Move ${n}.`);
  assert.equal(said(), "Move 38. Move 39. Move 40.");
  announce("One.");
  assert.equal(said(), "One.");
});
