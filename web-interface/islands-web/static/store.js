// The page's state, in one place, and who wants to know of its changes.

/** @template State @param {State} initial */
export function createStore(initial) {
	let state = initial;
	let told = true;
	/** @type {((state: State) => void)[]} */
	const listeners = [];

	return {
		get: () => state,
		/** Changes some of it. Listeners hear of it once, when the present task is done. */
		set(/** @type {Partial<State>} */ patch) {
			state = { ...state, ...patch };
			if (!told) return;
			told = false;
			queueMicrotask(() => {
				told = true;
				for (const listener of listeners) listener(state);
			});
		},
		subscribe(/** @type {(state: State) => void} */ listener) {
			listeners.push(listener);
		},
	};
}
