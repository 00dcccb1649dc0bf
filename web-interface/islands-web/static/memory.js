// What this browser keeps for the page: in its storage, or else in the history of this tab.
//
// A browser that is told to store no site data throws an error instead. The history of a tab is
// no site data: what belongs to an entry stays as long as the tab is open, also when it reloads.

const PROBE = "islands:probe";

/** Whether what is kept outlives this tab. */
export let lasting = true;

/** @type {Record<string, string>} */
let kept = {};
try {
	kept = localStorage;
	kept[PROBE] = "";
	delete kept[PROBE];
} catch {
	lasting = false;
	// Of a storage that is full, what is in there still counts.
	kept = { ...kept, ...globalThis.history?.state?.kept };
}

/** @param {string} key @returns {string | null} */
export const read = (key) => kept[key] ?? null;

export const keys = () => Object.keys(kept);

/** @param {string} key @param {string | null} value */
export function write(key, value) {
	try {
		if (value === null) delete kept[key];
		else kept[key] = value;
		if (!lasting) remember();
	} catch {
		// It is full. The game goes on, and a reload forgets.
	}
}

/** Gives the present entry of the history what is kept. */
const remember = () => history.replaceState({ ...history.state, kept }, "");

/** Opens another page of ours, and takes along what only this tab keeps. @param {string} url */
export function go(url) {
	if (lasting) return location.assign(url);
	history.pushState({ kept }, "", url);
	location.reload();
}

if (!lasting) {
	// Back and forward lead to entries that know less.
	globalThis.addEventListener?.("popstate", () => {
		remember();
		location.reload();
	});
}
