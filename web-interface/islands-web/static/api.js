// The HTTP requests of the page.

/**
 * @param {string} path @param {object} [body] Makes it a POST.
 * @returns {Promise<any>} Rejects with `{reason, …}`.
 */
async function request(path, body) {
	const post = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
	const response = await fetch(path, post).catch(() => {
		throw { reason: "unreachable" };
	});
	const answer = await response.json().catch(() => ({}));
	if (response.ok) return answer;
	throw { reason: response.status >= 502 ? "unreachable" : "other", ...answer };
}

/** @param {string} name @param {string} [opponent] @returns {Promise<SeatResponse>} */
export const openGame = (name, opponent) => request("/api/games", { name, opponent });

/** @param {string} game @param {object} body `name` and the command's `id`. @returns {Promise<SeatResponse>} */
export const takeSeat = (game, body) => request(`/api/games/${encodeURIComponent(game)}/players`, body);

/** The public view of a game. @param {string} game @returns {Promise<View>} */
export const fetchView = (game) => request(`/api/games/${encodeURIComponent(game)}`);
