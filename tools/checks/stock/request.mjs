// HTTP requests and time-outs.

/** A promise that rejects after `ms`. */
export const rejectAfter = (ms, what) =>
  new Promise((_, fail) => setTimeout(() => fail(new Error(`${what} within ${ms} ms`)), ms).unref());

/** Sends a request; resolves with its JSON, or fails on another status. */
export async function request(url, { status = 200, body, method = body ? "POST" : "GET" } = {}) {
  const headers = body && { "content-type": "application/json" };
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
