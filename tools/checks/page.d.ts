// Global types of the page's modules (web-interface/islands-web/static).
//
// They live here because only the type checker reads them; browsers need not load them.

// --- The game, as in the server's views and events ------------------------------------------

interface Cell { row: number; col: number }
type Island = "atoll" | "dot" | "l_shape" | "s_shape" | "square";
type Islands = Partial<Record<Island, Cell[]>>;
type Player = "player1" | "player2";
interface Move { player: Player; row: number; col: number; outcome: "hit" | "miss"; forested: Island | null }

/** The server's view of a game: the reply to a first join, and to a rejoin that it can't resume. */
interface View {
  game: string;
  seq: number;
  /** null for a spectator. */
  viewer: Player | null;
  state: "initialized" | "players_set" | "player1_turn" | "player2_turn" | "game_over";
  players: { player1: Seated; player2: Seated | null };
  board?: Islands;
  moves: Move[];
  /** By owner of the islands, not by guesser. */
  forested: Record<Player, Islands>;
  winner: { player: Player; reason: "forested" | "resigned" | "abandoned" } | null;
  rematch: Player[];
  boards: Record<Player, Islands | null> | null;
  /** The rematch, once both players have requested it. */
  next?: { game: string; seat?: string } | null;
}
interface Seated { name: string; islands_set: boolean }

/** A refusal, from the server or from the page itself. */
interface Refusal { reason: string; [field: string]: any }

// --- Arranging ------------------------------------------------------------------------------

/** The upper-left corner of each placed island. */
type Corners = Partial<Record<Island, Cell>>;
type PlacementError = { reason: "off_board" } | { reason: "overlapping_island"; with: Island };

interface Draft {
  corners: Corners;
  /** The held island, and the index of the gripped cell. The island stays at its old corner
   * until it is put down, so a cancel loses nothing. */
  held: { island: Island; grip: number } | null;
  /** The on-board cells of the last refused placement. */
  outline: Cell[];
  refusal: (PlacementError & { island: Island }) | null;
}

// --- Browser storage ------------------------------------------------------------------------

/** The server's response to opening or joining a game. */
interface SeatResponse { game: string; player: Player; seat: string; url: string }
interface Seat { seat: string; player: Player; computer: boolean; at: number }
/** `ready` is the command id for submitting these islands, or null. */
interface SavedDraft { corners: Corners; ready: string | null }

// --- The page -------------------------------------------------------------------------------

/** What one cell of a board shows. */
interface CellView {
  mark: "" | "miss" | "hit" | "forested";
  /** The island, if the viewer knows it. */
  island: "" | Island;
  land: boolean;
  /** Whether the viewer knows the cell's content. */
  known: boolean;
  /** The sides with an outline: a subset of "n e s w". */
  edge: string;
  /** Whether this is the latest guess on this board. */
  last: boolean;
  /** What the viewer is doing with this cell. */
  hint: "" | "aim" | "fired" | "possible" | "impossible" | "held";
}

/** The state of one game's page. */
interface State {
  game: string;
  connection: "connecting" | "open" | "lost";
  /** Why the connection was lost. */
  closeReason: "lost" | "restart";
  view: View | null;
  /** Whether this browser opened the game against the computer. */
  computer: boolean;
  /** Why the server refused the join, or quarantine. */
  joinRefusal: string | null;
  watching: boolean;
  /** Why the current command or join is retried. */
  retryReason: string | null;
  /** Of the last command. */
  refusal: Refusal | null;
  aim: Cell | null;
  firing: Cell | null;
  draft: Draft;
  /** The command id for submitting this draft; null while it is edited. */
  readyId: string | null;
}

interface GameScreen { element: HTMLElement; render: (state: State) => void }
/** Called with each event, and the view after it. */
type GameEventListener = (view: View, event: string, payload: any) => void;
/** The input modality by which a cell was chosen. */
type Modality = "mouse" | "touch" | "keys";

type English = typeof import("../../web-interface/islands-web/static/locales/en.js").default;
/** "group.name" of a message. */
type MessageKey = { [Group in keyof English]: `${Group}.${keyof English[Group] & string}` }[keyof English];
/** The messages of one language, under the same keys. */
type Locale = { [Group in keyof English]: Record<keyof English[Group], Message> };
/** A text with `{name}` placeholders, or its plural forms. */
type Message = string | { one: string; other: string };
type Language = "en" | "de";

type Board = ReturnType<typeof import("../../web-interface/islands-web/static/board.js").createBoard>;
type Session = ReturnType<typeof import("../../web-interface/islands-web/static/session.js").openSession>;

// --- The wire -------------------------------------------------------------------------------

/** Time and randomness for the wire modules; tests inject a fake. */
interface Clock {
  setTimeout(callback: () => void, ms: number): any;
  clearTimeout(timer: any): void;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/** Why a push failed:
 * - `refused`: the server answered with another status; `response` says why.
 * - `timeout`: no reply in time. The server may still carry it out.
 * - `lost`: the connection or the channel ended before the reply. Likewise. */
type PushFailureKind = "refused" | "timeout" | "lost";
interface PushFailure extends Error { failure: PushFailureKind; response: any }

/** Sends a message once; rejects with a `PushFailure`. */
type PushFunction = (event: string, payload: object) => Promise<any>;
type ChannelState = "closed" | "joining" | "joined" | "errored";
type Socket = import("../../web-interface/islands-web/static/wire/socket.js").Socket;
