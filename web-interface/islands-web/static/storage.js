// A key-value store: localStorage, or else the tab's history state.
//
// A browser that blocks site data throws on access to localStorage. History state still
// works then: it survives a reload and ends with the tab.

const PROBE = "islands:probe";

/** Whether the data outlives this tab. */
export let persistent = true;

/** @type {Record<string, string>} */
let data = {};
try {
	data = localStorage;
	data[PROBE] = "";
	delete data[PROBE];
} catch {
	persistent = false;
	// A full localStorage is still readable.
	data = { ...data, ...globalThis.history?.state?.kept };
}

/** @param {string} key @returns {string | null} */
export const read = (key) => data[key] ?? null;

export const keys = () => Object.keys(data);

/** Writes a value; null deletes the key. @param {string} key @param {string | null} value */
export function write(key, value) {
	try {
		if (value === null) delete data[key];
		else data[key] = value;
		if (!persistent) saveToHistory();
	} catch {
		// Storage is full: a reload loses this value.
	}
}

const saveToHistory = () => history.replaceState({ ...history.state, kept: data }, "");

/** Opens a page of this site, with this tab's data. @param {string} url */
export function navigate(url) {
	if (persistent) return location.assign(url);
	history.pushState({ kept: data }, "", url);
	location.reload();
}

if (!persistent) {
	// The other entry may hold older data.
	globalThis.addEventListener?.("popstate", () => {
		saveToHistory();
		location.reload();
	});
}
