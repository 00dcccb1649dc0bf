// The link to a game, as it is and as it arrives: on their way links gain what was around them.

const GAME = /^[a-z2-7]{16}$/;

/**
 * What a path says of a game, or null if it is not about one. `game` is "" where none can be made
 * out; `extra` is what doesn't belong there, and `capitals` whether letters are not small.
 * @param {string} path
 */
export function gameIn(path) {
	if (!path.startsWith("/g/")) return null;
	let text = path.slice(3);
	try {
		text = decodeURIComponent(text);
	} catch {
		// Then that is one of the things that are wrong with it.
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
