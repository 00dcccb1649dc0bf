// The built server behind a real nginx: derives the client's address and the origin
// correctly, despite forged headers.
//
//   node proxy.mjs          ISLANDS_BIN   the server (target/debug/islands)
//                           NGINX         the proxy (/usr/sbin/nginx)

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as ask } from "node:http";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Socket } from "phoenix";
import WebSocket from "ws";

import { BINARY, startProgram } from "./browser/server.js";
import { check, finish } from "./check.mjs";

const NGINX = process.env.NGINX ?? "/usr/sbin/nginx";
const PATIENCE_MS = 10_000;

// Loopback addresses that stand for different machines.
const CLIENT = "127.0.0.2";
const OPERATOR = "127.0.0.9";
const NEAR = "127.0.0.3";
const FAR = "127.0.0.4";

/** Finds a free port. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a server listens on the port. */
async function listens(port) {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const up = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.end());
    });
    if (up) return;
    assert.ok(Date.now() < end, `nothing listens on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An nginx server block that forwards to a port, from an address, with headers. */
const server = (listen, from, to, headers) => `
  server {
    listen 127.0.0.1:${listen};
    location / {
      proxy_pass http://127.0.0.1:${to};
      proxy_bind ${from};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $upgrading;
      ${headers}
    }
  }`;
const APPENDS = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;";
const PASSES = ""; // forwards the client's own headers
const SECURE = (folder) => `ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;`;

const folder = mkdtempSync(join(tmpdir(), "islands-proxy-"));
const islands = await startProgram(BINARY, [
  "--listen", "127.0.0.1:0", "--journal", "memory", "--games-per-minute", "3",
  "--trusted-proxy", `${NEAR},${FAR}`, "--system-from", OPERATOR,
]);
const behind = new URL(islands.url).port;
const ports = { near: 0, far: 0, passing: 0, secure: 0, named: 0 };
for (const name of Object.keys(ports)) ports[name] = await freePort();

execFileSync("openssl", [
  "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
  "-subj", "/CN=localhost", "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem"),
], { stdio: "ignore" });
const withProto = (proto) => `${APPENDS.replace("$scheme", proto)}`;
const secure = (port, proto) =>
  server(`${port} ssl`, NEAR, behind, withProto(proto)).replace("location", `${SECURE(folder)} location`);
const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`);
writeFileSync(join(folder, "nginx.conf"), `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off; ${temporary.join(" ")}
  map $http_upgrade $upgrading { default upgrade; "" close; }
  ${server(ports.near, NEAR, behind, APPENDS)}
  ${server(ports.far, FAR, ports.near, APPENDS)}
  ${server(ports.passing, NEAR, behind, PASSES)}
  ${secure(ports.secure, "$scheme")}
  ${secure(ports.named, "wss")}
}`);
const nginx = spawn(NGINX, ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "inherit", "inherit"] });
process.once("exit", () => nginx.kill("SIGKILL"));
for (const port of Object.values(ports)) await listens(port);

/** The status of a request through a proxy. */
function status(port, path, { from = CLIENT, headers = {}, body = undefined } = {}) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, localAddress: from, method: body ? "POST" : "GET", agent: false };
    const request = ask({ ...options, headers: { host: "127.0.0.1", ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on("error", reject).setTimeout(PATIENCE_MS, () => request.destroy(new Error("no answer")));
    request.end(body);
  });
}
const system = (port, written, from) =>
  status(port, "/api/system", { from, headers: written === undefined ? {} : { "x-forwarded-for": written } });

const FORGED = [
  OPERATOR, `${OPERATOR}, x`, `x, ${OPERATOR}`, `${OPERATOR},`, `${OPERATOR}, ${NEAR}`, `${OPERATOR}:80`,
  `${OPERATOR}, unknown`, `${OPERATOR}, [::1]`, `[::ffff:${OPERATOR}]`, `, ${OPERATOR}`, "127.0.0.1", [OPERATOR, "x"],
];

try {
  await check("the operator sees the system through one proxy and through two", async () => {
    for (const port of [ports.near, ports.far]) {
      assert.equal(await system(port, undefined, OPERATOR), 200);
      assert.equal(await system(port, "x", OPERATOR), 200);
    }
  });
  await check("no other client sees the system, with any forged header", async () => {
    for (const port of [ports.near, ports.far]) {
      for (const written of FORGED) assert.equal(await system(port, written), 404, String(written));
    }
  });
  await check("behind a proxy that forwards the client's header, a malformed address gives no access", async () => {
    for (const written of [`${OPERATOR}, x`, "x", `${OPERATOR}, `, `${OPERATOR}, unknown`]) {
      assert.equal(await system(ports.passing, written), 404, written);
    }
  });
  await check("a forged address has no rate limit of its own", async () => {
    const statuses = [];
    for (let n = 0; n < 6; n += 1) {
      const headers = { "content-type": "application/json", "x-forwarded-for": `192.0.2.${n}, fake-${n}, x` };
      statuses.push(await status(ports.near, "/api/games", { headers, body: '{"name":"Ada"}' }));
    }
    assert.deepEqual(statuses, [201, 201, 201, 429, 429, 429]);
    const headers = { "content-type": "application/json" };
    const other = { from: "127.0.0.5", headers, body: '{"name":"Ada"}' };
    assert.equal(await status(ports.near, "/api/games", other), 201);
  });

  /** The status of a WebSocket handshake with this origin: 101 if accepted. */
  const handshake = (port, origin) => new Promise((resolve, reject) => {
    const url = `wss://localhost:${port}/socket/websocket?vsn=2.0.0`;
    const socket = new WebSocket(url, { rejectUnauthorized: false, origin, family: 4 });
    socket.on("open", () => (socket.terminate(), resolve(101)));
    socket.on("unexpected-response", (_, answer) => resolve(answer.statusCode));
    socket.on("error", reject);
  });
  for (const [port, proto] of [[ports.secure, "https"], [ports.named, "wss"]]) {
    await check(`a page that came over TLS may connect where the proxy says ${proto}, and no other`, async () => {
      assert.equal(await handshake(port, `https://localhost:${port}`), 101);
      for (const other of [`http://localhost:${port}`, `https://localhost:${ports.near}`, "https://evil.example"]) {
        assert.equal(await handshake(port, other), 403, other);
      }
    });
  }
  await check("a refused origin is logged beside the expected one", async () => {
    assert.match(islands.output(), /WARN.*--origin.*--trusted-proxy.*"http:\/\/localhost:\d+".*"https:\/\/localhost:\d+"/);
  });
  await check("a stock client joins over TLS, with a trailing slash in its address", async () => {
    class Transport extends WebSocket {
      constructor(url) {
        super(url, { rejectUnauthorized: false, origin: `https://localhost:${ports.named}`, family: 4 });
      }
    }
    const socket = new Socket(`wss://localhost:${ports.named}/socket/`, { transport: Transport });
    socket.connect();
    const joined = await new Promise((resolve, reject) => {
      socket.channel("lobby").join().receive("ok", resolve).receive("error", reject);
      setTimeout(() => reject(new Error("no answer")), PATIENCE_MS).unref();
    });
    assert.ok(Array.isArray(joined.games));
    socket.disconnect();
  });
} finally {
  const ended = new Promise((resolve) => nginx.once("exit", resolve));
  nginx.kill("SIGTERM");
  await ended;
  await islands.end("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
process.exit(finish());
