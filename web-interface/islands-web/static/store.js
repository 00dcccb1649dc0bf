// The page's state in one place, with change listeners.

/** @template State @param {State} initial */
export function createStore(initial) {
	let state = initial;
	let scheduled = false;
	/** @type {((state: State) => void)[]} */
	const listeners = [];

	return {
		get: () => state,
		/** Merges a patch. Listeners run once, in a microtask after the current task. */
		set(/** @type {Partial<State>} */ patch) {
			state = { ...state, ...patch };
			if (scheduled) return;
			scheduled = true;
			queueMicrotask(() => {
				scheduled = false;
				for (const listener of listeners) listener(state);
			});
		},
		subscribe(/** @type {(state: State) => void} */ listener) {
			listeners.push(listener);
		},
	};
}
