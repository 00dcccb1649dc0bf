// The page begins here: which screen it is, and the frame around all of them.

import { announce, news } from "./announce.js";
import { battleScreen } from "./battle.js";
import { byId, say, set, show } from "./dom.js";
import { fullScreen, guestScreen } from "./invite.js";
import { gameIn } from "./link.js";
import { go, lasting } from "./memory.js";
import { headline } from "./words.js";
import { homeScreen } from "./home.js";
import { language, speak, t } from "./i18n.js";
import { openSession } from "./session.js";
import { placementScreen } from "./placement.js";
import { connectingScreen, damagedElement, quarantinedScreen, refusedScreen, unknownScreen } from "./states.js";

const LATE_MS = 1500;
const main = byId("main");
const banner = byId("banner");

const SCREENS = {
	connecting: connectingScreen,
	unknown: unknownScreen,
	refused: refusedScreen,
	quarantined: quarantinedScreen,
	guest: guestScreen,
	full: fullScreen,
	placement: placementScreen,
	battle: battleScreen,
};

/** @param {State} state @returns {keyof typeof SCREENS} */
function screenOf({ refused, view, watching }) {
	if (refused === "no_such_game") return "unknown";
	if (refused === "quarantined") return "quarantined";
	if (refused) return "refused";
	if (view === null) return "connecting";
	if (view.viewer === null) {
		if (view.players.player2 === null) return "guest";
		return watching ? "battle" : "full";
	}
	return view.state === "initialized" || view.state === "players_set" ? "placement" : "battle";
}

/** @param {Session} session */
function playGame(session) {
	let name = "";
	/** @type {Scene | null} */
	let screen = null;

	/** @param {State} state */
	function render(state) {
		const next = screenOf(state);
		if (next !== name || screen === null) {
			const hadFocus = main.contains(document.activeElement);
			name = next;
			screen = SCREENS[next](session);
			main.replaceChildren(screen.element);
			screen.render(state);
			// What had the focus is gone, so give it a place near what took its place.
			if (hadFocus) main.querySelector("h1")?.focus();
		} else screen.render(state);
		set(main, "data-screen", next);
		const { view } = state;
		document.title = next === "battle" && view ? `${headline(view)} · Islands` : "Islands";
		watchLink(state);
	}

	session.subscribe(render);
	session.onEvent((view, event, payload) => announce(news(view, event, payload)));
	render(session.get());
	addEventListener("online", session.wake);
	addEventListener("pageshow", session.wake);
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible") session.wake();
	});
	session.start();
}

/** @type {any} */
let late = null;

/** The banner, for a connection that stays away; a short loss heals unseen. @param {State} state */
function watchLink({ link, why, refused }) {
	if (link === "open" || refused) {
		clearTimeout(late);
		late = null;
		if (banner.hasAttribute("data-shown")) announce(t("link.back"));
		set(banner, "data-shown", false);
	} else {
		const words = t(navigator.onLine ? `link.${why}` : "link.offline");
		if (banner.hasAttribute("data-shown")) say(banner, words);
		late ??= setTimeout(() => {
			say(banner, words);
			set(banner, "data-shown", true);
			announce(words);
		}, LATE_MS);
	}
}

function begin() {
	document.documentElement.lang = language;
	const other = language === "en" ? "de" : "en";
	const switcher = byId("language");
	say(switcher, t("app.language"));
	set(switcher, "lang", other);
	switcher.addEventListener("click", () => speak(other));
	set(byId("brand"), "aria-label", t("app.home"));

	if (!lasting) keepToThisTab();

	const link = gameIn(location.pathname);
	if (link === null) put("home", homeScreen());
	else if (link.game === "") put("unknown", unknownScreen().element);
	else if (link.extra || link.capitals) put("damaged", damagedElement(link));
	else playGame(openSession(link.game, `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`));
}

/** A screen without a connection. @param {string} name @param {HTMLElement} element */
function put(name, element) {
	main.replaceChildren(element);
	set(main, "data-screen", name);
}

/** Says what is lost where the browser stores nothing, and follows links without losing it. */
function keepToThisTab() {
	const note = byId("forgets");
	say(note, t("app.forgets"));
	show(note, true);
	document.addEventListener("click", (event) => {
		const link = /** @type {Element} */ (event.target).closest?.("a");
		if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
		event.preventDefault();
		go(link.href);
	});
}

begin();
