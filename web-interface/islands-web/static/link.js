// Parses links to a game, also with surplus punctuation or changed case.

const GAME = /^[a-z2-7]{16}$/;

/**
 * Parses a path, or returns null if it is not a game's. `game` is "" if there is no valid id;
 * `extra` holds surplus characters; `capitals` says whether letters were upper case.
 * @param {string} path
 */
export function parseGamePath(path) {
	if (!path.startsWith("/g/")) return null;
	let text = path.slice(3);
	try {
		text = decodeURIComponent(text);
	} catch {
		// Malformed percent-encoding: keep the text as it is.
	}
	text = text.replace(/\/$/, "");
	const letters = text.replace(/[^a-z0-9]/gi, "");
	const game = letters.toLowerCase();
	return {
		game: GAME.test(game) ? game : "",
		extra: text.replace(/[a-z0-9]/gi, ""),
		capitals: game !== letters,
	};
}
