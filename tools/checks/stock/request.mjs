// Requests to the server, and waits that end.

/** A promise that fails after a while. */
export const late = (ms, what) =>
  new Promise((_, fail) => setTimeout(() => fail(new Error(`${what} within ${ms} ms`)), ms).unref());

/** A request and its answer, which must have this status. */
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
