// Whole games over real sockets: the built server, two stock Phoenix clients
// and a spectator, each reply and each push compared with the oracle.
//
//   node stock-client.mjs         (after `cargo build`; ISLANDS_BIN for another)

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startServer } from "./browser/server.js";
import { other } from "./oracle.mjs";
import { late } from "./stock/request.mjs";
import { Script } from "./stock/script.mjs";
import { Table, agree } from "./stock/table.mjs";

const GAMES = 20;
const DEADLINE_MS = 300_000;

/** A game to its end; some are given up, and some are played again. */
async function wholeGame(url, seed) {
  const table = await Table.open(url);
  try {
    const script = new Script(table, seed);
    const first = script.luck.pick(["player1", "player2"]);
    await script.arrange(first);
    await script.arrange(other(first));
    await script.guess(seed % 4 === 3 ? 25 : Infinity);
    if (!table.oracle.winner) await script.does(first, "resign");
    await script.isRefused("game_over", first, "guess_coordinate", { row: 1, col: 1 });
    await script.isRefused("game_over", other(first), "resign");
    await table.looks();
    await table.tells();
    if (seed % 4 === 1) await rematch(url, table, script, first);
  } finally {
    table.leave();
  }
}

/** Both ask, and play on with swapped seats, which they are told alone. */
async function rematch(url, table, script, first) {
  await script.does(first, "request_rematch");
  await script.isRefused("already_requested", first, "request_rematch");
  const { pushes } = await script.does(other(first), "request_rematch");
  await table.looks();
  await table.tells();
  const news = (name) => pushes[name].at(-1).payload;
  const seats = { player1: news("player2").seat, player2: news("player1").seat };
  const again = await Table.again(url, news("spectator").game, seats);
  try {
    const next = new Script(again, script.ids);
    await next.arrange("player1");
    await next.arrange("player2");
    await next.guess();
    await again.looks();
  } finally {
    again.leave();
  }
}

/** The server is killed in mid-game, with a guess on its way, and comes back. */
async function killed(journal) {
  let server = await start(journal);
  const table = await Table.open(server.url);
  try {
    const script = new Script(table, 4711);
    await script.arrange("player2");
    await script.arrange("player1");
    await script.guess(20);
    const acknowledged = table.oracle.seq;

    const by = table.oracle.state.replace("_turn", "");
    const inFlight = { ...script.aim(by), id: "in-flight" };
    const predicted = table.predict(by, "guess_coordinate", inFlight);
    const clients = table.everyone().map(([, client]) => client);
    const joins = clients.map((client) => client.joins);
    table.clients[by].send("guess_coordinate", inFlight).catch(() => {});
    await server.end("SIGKILL");
    clients.forEach((client) => client.pushed.splice(0));
    server = await start(journal, server.address);

    const back = clients.map((client, i) =>
      client.until(() => client.joins > joins[i], "did not come back"),
    );
    await Promise.all(back);
    const known = clients[0].joined.seq;
    agree(true, known === acknowledged || known === acknowledged + 1, "moves after the restart");
    // Sent again under its id, the guess is made once, whether or not it was.
    if (known > acknowledged) clients.forEach((client) => client.expected.splice(0));
    const { seen: _, ...reply } = await table.clients[by].send("guess_coordinate", inFlight);
    agree(predicted, reply, "the guess that was on its way");
    await table.settled();
    await table.looks();
    await script.guess();
    await table.looks();
  } finally {
    table.leave();
    await ended(server);
  }
}

// No server outlives this check, however it ends.
const servers = [];
process.on("exit", () => servers.forEach((server) => server.end("SIGKILL")));

async function start(journal, address) {
  const server = await startServer(journal, address);
  servers.push(server);
  return server;
}

/** Asks the server to end; gives its exit code. */
const ended = (server) =>
  Promise.race([server.end("SIGTERM"), late(20_000, "the server ignores SIGTERM")]);

// All games come from one address, and more a minute than one may open.
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
  agree(0, await ended(server), "its exit code"),
);
await check("kill -9 loses nothing that was acknowledged", () => killed(join(folder, "killed.redb")));

clearTimeout(deadline);
await rm(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
