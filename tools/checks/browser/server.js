// Starts and ends the built server for the checks.

import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createInterface } from "node:readline";

export const BINARY = process.env.ISLANDS_BIN ?? new URL("../../../target/debug/islands", import.meta.url).pathname;

const START_MS = 15_000;

/**
 * Starts the server; resolves when it prints its address.
 * @param {string} journal A file.
 * @param {string} [listen]
 */
export const startServer = (journal, listen = "127.0.0.1:0") =>
  startProgram(BINARY, ["--listen", listen, "--journal", journal]);

/**
 * Starts any program that prints `listening on URL`.
 * @param {string} binary @param {string[]} options @param {Record<string, string>} [environment] Added to the environment of this process.
 */
export async function startProgram(binary, options, environment = {}) {
  accessSync(binary, constants.X_OK);
  const env = { ...process.env, ...environment };
  const child = spawn(binary, options, { stdio: ["ignore", "pipe", "pipe"], env });
  let output = "";
  const ended = new Promise((resolve) => child.on("exit", resolve));
  // Also after a failed check: no server outlives its checks.
  process.once("exit", () => child.kill("SIGKILL"));
  child.stderr.on("data", (data) => (output += data));
  const url = await new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`the server ${why}\n${output}`));
    const timer = setTimeout(() => fail("did not say where it listens"), START_MS);
    ended.then((code) => fail(`ended with ${code}`));
    createInterface({ input: child.stdout }).on("line", (line) => {
      output += `${line}\n`;
      const match = /listening on (http:\/\/\S+)/.exec(line);
      if (!match) return;
      clearTimeout(timer);
      resolve(match[1]);
    });
  });
  return {
    url: String(url),
    address: new URL(String(url)).host,
    output: () => output,
    /** @param {NodeJS.Signals} signal */
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
