// Entry point: chooses the screen; runs banner and header.

import { announce, announcementText } from "./announce.js";
import { battleScreen } from "./battle.js";
import { byId, setText, set, show } from "./dom.js";
import { fullScreen, guestScreen } from "./invite.js";
import { parseGamePath } from "./link.js";
import { navigate, persistent } from "./storage.js";
import { headline } from "./game-text.js";
import { homeScreen } from "./home.js";
import { language, switchLanguage, t } from "./i18n.js";
import { openSession } from "./session.js";
import { placementScreen } from "./placement.js";
import { connectingScreen, damagedLinkCard, quarantinedScreen, refusedScreen, unknownScreen } from "./status-screens.js";

const BANNER_DELAY_MS = 1500;
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
function screenOf({ joinRefusal, view, watching }) {
	if (joinRefusal === "no_such_game") return "unknown";
	if (joinRefusal === "quarantined") return "quarantined";
	if (joinRefusal) return "refused";
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
	/** @type {GameScreen | null} */
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
			// The focused element is gone: focus the new screen's heading.
			if (hadFocus) main.querySelector("h1")?.focus();
		} else screen.render(state);
		set(main, "data-screen", next);
		const { view } = state;
		document.title = next === "battle" && view ? `${headline(view)} · Islands` : "Islands";
		updateBanner(state);
	}

	session.subscribe(render);
	session.onEvent((view, event, payload) => announce(announcementText(view, event, payload)));
	render(session.get());
	addEventListener("online", session.wake);
	addEventListener("pageshow", session.wake);
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible") session.wake();
	});
	session.start();
}

/** @type {any} */
let bannerTimer = null;

/** Shows a banner after a longer loss. @param {State} state */
function updateBanner({ connection, closeReason, joinRefusal }) {
	if (connection === "open" || joinRefusal) {
		clearTimeout(bannerTimer);
		bannerTimer = null;
		if (banner.hasAttribute("data-shown")) announce(t("link.back"));
		set(banner, "data-shown", false);
	} else {
		const text = t(navigator.onLine ? `link.${closeReason}` : "link.offline");
		if (banner.hasAttribute("data-shown")) setText(banner, text);
		bannerTimer ??= setTimeout(() => {
			setText(banner, text);
			set(banner, "data-shown", true);
			announce(text);
		}, BANNER_DELAY_MS);
	}
}

function start() {
	document.documentElement.lang = language;
	const other = language === "en" ? "de" : "en";
	const switcher = byId("language");
	setText(switcher, t("app.language"));
	set(switcher, "lang", other);
	switcher.addEventListener("click", () => switchLanguage(other));
	set(byId("brand"), "aria-label", t("app.home"));

	if (!persistent) useTabStorage();

	const link = parseGamePath(location.pathname);
	if (link === null) showScreen("home", homeScreen());
	else if (link.game === "") showScreen("unknown", unknownScreen().element);
	else if (link.extra || link.capitals) showScreen("damaged", damagedLinkCard(link));
	else playGame(openSession(link.game, `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`));
}

/** A screen without a connection. @param {string} name @param {HTMLElement} element */
function showScreen(name, element) {
	main.replaceChildren(element);
	set(main, "data-screen", name);
}

/** Warns about missing storage, and passes the data along on links. */
function useTabStorage() {
	const note = byId("forgets");
	setText(note, t("app.forgets"));
	show(note, true);
	document.addEventListener("click", (event) => {
		const link = /** @type {Element} */ (event.target).closest?.("a");
		if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
		event.preventDefault();
		navigate(link.href);
	});
}

start();
