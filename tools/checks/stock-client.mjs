// Whole games over real sockets: the built server, two stock Phoenix clients and
// a spectator. Compares each reply and push with the oracle.
//
//   node stock-client.mjs         (after `cargo build`; ISLANDS_BIN overrides the server)

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startServer } from "./browser/server.js";
import { other } from "./oracle.mjs";
import { rejectAfter } from "./stock/request.mjs";
import { Script } from "./stock/script.mjs";
import { GameSession, assertMatches } from "./stock/game-session.mjs";

const GAMES = 20;
const DEADLINE_MS = 300_000;

/** Plays a game to its end; some seeds resign early, some play a rematch. */
async function wholeGame(url, seed) {
  const session = await GameSession.open(url);
  try {
    const script = new Script(session, seed);
    const first = script.random.pick(["player1", "player2"]);
    await script.arrange(first);
    await script.arrange(other(first));
    await script.guess(seed % 4 === 3 ? 25 : Infinity);
    if (!session.oracle.winner) await script.expectOk(first, "resign");
    await script.expectRefusal("game_over", first, "guess_coordinate", { row: 1, col: 1 });
    await script.expectRefusal("game_over", other(first), "resign");
    await session.checkViews();
    await session.checkEvents();
    if (seed % 4 === 1) await rematch(url, session, script, first);
  } finally {
    session.leave();
  }
}

/** Both request a rematch and play it. Each player's push alone has their new seat. */
async function rematch(url, session, script, first) {
  await script.expectOk(first, "request_rematch");
  await script.expectRefusal("already_requested", first, "request_rematch");
  const { pushes } = await script.expectOk(other(first), "request_rematch");
  await session.checkViews();
  await session.checkEvents();
  const payload = (name) => pushes[name].at(-1).payload;
  const seats = { player1: payload("player2").seat, player2: payload("player1").seat };
  const again = await GameSession.again(url, payload("spectator").game, seats);
  try {
    const next = new Script(again, script.ids);
    await next.arrange("player1");
    await next.arrange("player2");
    await next.guess();
    await again.checkViews();
  } finally {
    again.leave();
  }
}

/** Kills the server in mid-game with a guess in flight, and restarts it. */
async function killed(journal) {
  let server = await start(journal);
  const session = await GameSession.open(server.url);
  try {
    const script = new Script(session, 4711);
    await script.arrange("player2");
    await script.arrange("player1");
    await script.guess(20);
    const acknowledged = session.oracle.seq;

    const by = session.oracle.state.replace("_turn", "");
    const inFlight = { ...script.aim(by), id: "in-flight" };
    const predicted = session.predict(by, "guess_coordinate", inFlight);
    const clients = session.clientEntries().map(([, client]) => client);
    const joins = clients.map((client) => client.joins);
    session.clients[by].send("guess_coordinate", inFlight).catch(() => {});
    await server.end("SIGKILL");
    clients.forEach((client) => client.pushed.splice(0));
    server = await start(journal, server.address);

    const back = clients.map((client, i) =>
      client.until(() => client.joins > joins[i], "did not come back"),
    );
    await Promise.all(back);
    const known = clients[0].joined.seq;
    assertMatches(true, known === acknowledged || known === acknowledged + 1, "moves after the restart");
    // The repeat under the same id is idempotent, whether the guess was stored or not.
    if (known > acknowledged) clients.forEach((client) => client.expected.splice(0));
    const { seen: _, ...reply } = await session.clients[by].send("guess_coordinate", inFlight);
    assertMatches(predicted, reply, "the guess that was on its way");
    await session.settled();
    await session.checkViews();
    await script.guess();
    await session.checkViews();
  } finally {
    session.leave();
    await ended(server);
  }
}

// Kill every server at exit, also after a failure.
const servers = [];
process.on("exit", () => servers.forEach((server) => server.end("SIGKILL")));

async function start(journal, address) {
  const server = await startServer(journal, address);
  servers.push(server);
  return server;
}

/** Ends the server with SIGTERM; resolves with its exit code. */
const ended = (server) =>
  Promise.race([server.end("SIGTERM"), rejectAfter(20_000, "the server ignores SIGTERM")]);

// All games come from one address: lift its limit of games per minute.
process.env.ISLANDS_GAMES_PER_MINUTE = "100000";
const folder = await mkdtemp(join(tmpdir(), "islands-stock-"));
const deadline = setTimeout(() => {
  console.error(`not done within ${DEADLINE_MS / 1000} seconds`);
  process.exit(1);
}, DEADLINE_MS);
let passed = 0;
let failed = 0;

async function check(name, run) {
  const began = performance.now();
  try {
    await run();
    passed += 1;
    console.log(`ok      ${name} (${Math.round(performance.now() - began)} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${error.message}`);
  }
}

const server = await start(join(folder, "games.redb"));
for (let seed = 1; seed <= GAMES; seed += 1) {
  await check(`game ${seed} agrees with the oracle`, () => wholeGame(server.url, seed));
}
await check("SIGTERM ends the server with 0", async () =>
  assertMatches(0, await ended(server), "its exit code"),
);
await check("kill -9 loses nothing that was acknowledged", () => killed(join(folder, "killed.redb")));

clearTimeout(deadline);
await rm(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
