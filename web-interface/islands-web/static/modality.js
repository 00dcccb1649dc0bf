// The input modality in use, for hints.

/** @type {((modality: Modality) => void)[]} */
const listeners = [];
/** @param {string} kind */
const pointer = (kind) => matchMedia(`(pointer: ${kind})`).matches;
/** @type {Modality} The device's primary one, until the user uses another. */
let modality = pointer("coarse") ? "touch" : pointer("none") ? "keys" : "mouse";

/** @param {Modality} now */
function setModality(now) {
	if (now === modality) return;
	modality = now;
	for (const listener of listeners) listener(modality);
}

addEventListener("pointerdown", ({ pointerType }) => setModality(pointerType === "mouse" ? "mouse" : "touch"), true);
addEventListener("keydown", ({ key, target }) => {
	// Keys in a text field may come from an on-screen keyboard.
	const typing = target instanceof HTMLInputElement;
	if (!typing && /^(Tab|Enter|Arrow\w+|\/)$/.test(key)) setModality("keys");
}, true);

/** @param {(modality: Modality) => void} listener Called now and after each change. */
export function onModality(listener) {
	listeners.push(listener);
	listener(modality);
}
