// The few HTTP requests of the page.

/**
 * @param {string} path @param {object} [body] With one it is a POST.
 * @returns {Promise<any>} Rejects with `{reason, …}`.
 */
async function ask(path, body) {
	const post = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
	const response = await fetch(path, post).catch(() => {
		throw { reason: "unreachable" };
	});
	const answer = await response.json().catch(() => ({}));
	if (response.ok) return answer;
	throw { reason: response.status >= 502 ? "unreachable" : "other", ...answer };
}

/** @param {string} name @param {string} [opponent] @returns {Promise<Taken>} */
export const openGame = (name, opponent) => ask("/api/games", { name, opponent });

/** @param {string} game @param {object} wish A `name`, and an `id` under which it may be told again. @returns {Promise<Taken>} */
export const takeSeat = (game, wish) => ask(`/api/games/${encodeURIComponent(game)}/players`, wish);

/** What anyone may see of a game. @param {string} game @returns {Promise<View>} */
export const look = (game) => ask(`/api/games/${encodeURIComponent(game)}`);
