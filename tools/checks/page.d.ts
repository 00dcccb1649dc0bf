// The types of the page's modules (web-interface/islands-web/static), known to all of them.
//
// They are checked, and not sent to browsers; so they live here and not there.

// --- The game, as the server's views and events tell it -------------------------------------

interface Cell { row: number; col: number }
type Island = "atoll" | "dot" | "l_shape" | "s_shape" | "square";
type Islands = Partial<Record<Island, Cell[]>>;
type Player = "player1" | "player2";
interface Move { player: Player; row: number; col: number; outcome: "hit" | "miss"; forested: Island | null }

/** What the server sends at each join. */
interface View {
  game: string;
  seq: number;
  /** null for a spectator. */
  viewer: Player | null;
  state: "initialized" | "players_set" | "player1_turn" | "player2_turn" | "game_over";
  players: { player1: Seated; player2: Seated | null };
  board?: Islands;
  moves: Move[];
  /** Whose islands, not by whom. */
  forested: Record<Player, Islands>;
  winner: { player: Player; reason: "forested" | "resigned" | "abandoned" } | null;
  rematch: Player[];
  boards: Record<Player, Islands | null> | null;
  /** The rematch, once both have asked. */
  next?: { game: string; seat?: string } | null;
}
interface Seated { name: string; islands_set: boolean }

/** A refusal of the server, or one of the page's own. */
interface Refusal { reason: string; [field: string]: any }

// --- Arranging ------------------------------------------------------------------------------

/** The upper-left corner of each placed island. */
type Corners = Partial<Record<Island, Cell>>;
type Impossible = { reason: "off_board" } | { reason: "overlapping_island"; with: Island };

interface Draft {
  corners: Corners;
  /** The island in hand, and by which of its cells. It stays on the board until it is put down
   * elsewhere, so nothing is lost by letting go. */
  held: { island: Island; grip: number } | null;
  /** Where it was impossible to put the island: its cells on the board. */
  outline: Cell[];
  refusal: (Impossible & { island: Island }) | null;
}

// --- What this browser remembers ------------------------------------------------------------

/** The server's answer to who opens a game or joins one. */
interface Taken { game: string; player: Player; seat: string; url: string }
interface Seat { seat: string; player: Player; computer: boolean; at: number }
/** `ready` is the id of the wish to begin with these islands. */
interface SavedDraft { corners: Corners; ready: string | null }

// --- The page -------------------------------------------------------------------------------

/** One cell as it is shown. */
interface Spot {
  mark: "" | "miss" | "hit" | "forested";
  /** Which one, where the viewer knows it. */
  island: "" | Island;
  land: boolean;
  /** Whether the viewer knows what is here. */
  known: boolean;
  /** The sides with a shore: some of "n e s w". */
  edge: string;
  /** The latest guess on this sea. */
  last: boolean;
  /** What the viewer is about to do. */
  hint: "" | "aim" | "fired" | "possible" | "impossible" | "held";
}

/** The state of one game's page. */
interface State {
  game: string;
  link: "connecting" | "open" | "lost";
  why: "lost" | "restart";
  view: View | null;
  /** Whether the opponent is the computer, as far as this browser knows. */
  computer: boolean;
  /** Why the server doesn't let us in. */
  refused: string | null;
  watching: boolean;
  /** Why the server can't do our wish yet. */
  delay: string | null;
  /** Of the last wish. */
  refusal: Refusal | null;
  aim: Cell | null;
  firing: Cell | null;
  draft: Draft;
  /** The id of the wish to begin with this draft. */
  ready: string | null;
}

interface Scene { element: HTMLElement; render: (state: State) => void }
/** Hears of each event, with the view after it. */
type Witness = (view: View, event: string, payload: any) => void;
/** How a cell was chosen: a mouse shows beforehand what it points at. */
type Means = "mouse" | "touch" | "keys";

type English = typeof import("../../web-interface/islands-web/static/locales/en.js").default;
/** "group.name" */
type Key = { [Group in keyof English]: `${Group}.${keyof English[Group] & string}` }[keyof English];
/** Another language: the same keys, with words of its own. */
type Locale = { [Group in keyof English]: Record<keyof English[Group], Words> };
/** With `{name}` for what is put in. */
type Words = string | { one: string; other: string };
type Language = "en" | "de";

type Board = ReturnType<typeof import("../../web-interface/islands-web/static/board.js").createBoard>;
type Session = ReturnType<typeof import("../../web-interface/islands-web/static/session.js").openSession>;

// --- The wire -------------------------------------------------------------------------------

/** The outside world that the wire needs: time and chance. Tests pass their own. */
interface Clock {
  setTimeout(callback: () => void, ms: number): any;
  clearTimeout(timer: any): void;
  /** A number from 0 to 1. */
  random(): number;
}

/** Why a push has no `ok`:
 * - `refused`: the server answered with another status; `response` says why.
 * - `timeout`: no answer in time. The server may still have done it.
 * - `lost`: the connection or the channel ended before the answer. Likewise. */
type Failure = "refused" | "timeout" | "lost";
interface PushFailure extends Error { failure: Failure; response: any }

/** Sends once; rejects with a `PushFailure`. */
type Send = (event: string, payload: object) => Promise<any>;
type ChannelState = "closed" | "joining" | "joined" | "errored";
type Socket = import("../../web-interface/islands-web/static/wire/socket.js").Socket;
