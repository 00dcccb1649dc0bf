// What the person plays with, as far as it shows: hints speak of that.

/** @type {((means: Means) => void)[]} */
const listeners = [];
/** @param {string} kind */
const pointer = (kind) => matchMedia(`(pointer: ${kind})`).matches;
/** @type {Means} The device's main one, until the person has used another. */
let means = pointer("coarse") ? "touch" : pointer("none") ? "keys" : "mouse";

/** @param {Means} now */
function use(now) {
	if (now === means) return;
	means = now;
	for (const listener of listeners) listener(means);
}

addEventListener("pointerdown", ({ pointerType }) => use(pointerType === "mouse" ? "mouse" : "touch"), true);
addEventListener("keydown", ({ key, target }) => {
	// A phone's keyboard on the screen types as well.
	const typing = target instanceof HTMLInputElement;
	if (!typing && /^(Tab|Enter|Arrow\w+|\/)$/.test(key)) use("keys");
}, true);

/** @param {(means: Means) => void} listener Hears at once, and of each change. */
export function onMeans(listener) {
	listeners.push(listener);
	listener(means);
}
