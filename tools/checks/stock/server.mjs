// The built server, started and ended by this check alone.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const PROGRAM = process.env.ISLANDS_BIN ?? new URL('../../../target/debug/islands', import.meta.url).pathname;
const START_MS = 20_000;

/** Starts the server on this journal; port 0 picks a free one. */
export async function start(journal, port = 0) {
  const args = ['--listen', `127.0.0.1:${port}`, '--journal', journal, '--games-per-minute', '100000'];
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-4000)));
  const ended = once(child, 'exit');
  const url = await Promise.race([
    listening(child),
    ended.then(([code]) => Promise.reject(new Error(`the server ended with ${code}: ${said}`))),
    late(START_MS, 'the server does not listen'),
  ]).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url,
    port: Number(new URL(url).port),
    /** Ends it, by default without a chance to say goodbye. */
    end: async (signal = 'SIGKILL') => {
      child.kill(signal);
      const [code] = await Promise.race([ended, late(START_MS, `the server ignores ${signal}`)]);
      return code;
    },
  };
}

// The lines are read to the end, or a full pipe would hold the server up.
function listening(child) {
  return new Promise((found) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, url] = line.match(/listening on (http:\/\/\S+)/) ?? [];
      if (url) found(url);
    });
  });
}

/** A promise that fails after a while. */
export const late = (ms, what) =>
  new Promise((_, fail) => setTimeout(() => fail(new Error(`${what} within ${ms} ms`)), ms).unref());

/** A request and its answer, which must have this status. */
export async function request(url, { status = 200, body, method = body ? 'POST' : 'GET' } = {}) {
  const headers = body && { 'content-type': 'application/json' };
  const answer = await fetch(url, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const json = await answer.json();
  if (answer.status !== status) {
    throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(json)}`);
  }
  return json;
}
