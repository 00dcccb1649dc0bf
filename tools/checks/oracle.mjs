// An independent implementation of the rules, as a test oracle: given the commands
// of a game, it predicts every reply, every push to each client, and every view.
//
// Values that only the server knows (a message for users, the id of a rematch, a
// seat) are predicted by shape: where a prediction holds a function, the real
// value must satisfy it.

export const PLAYERS = ["player1", "player2"];

/** Cells of each island as [rows down, columns right] of its corner. */
export const SHAPES = {
  atoll: [[0, 0], [0, 1], [1, 1], [2, 0], [2, 1]],
  dot: [[0, 0]],
  l_shape: [[0, 0], [1, 0], [2, 0], [2, 1]],
  s_shape: [[0, 1], [0, 2], [1, 0], [1, 1]],
  square: [[0, 0], [0, 1], [1, 0], [1, 1]],
};

const KINDS = Object.keys(SHAPES);
const SIZE = 10;
const MIN_AWAY_MS = 120_000;
const MAX_POSITIONINGS = 200;
const REMEMBERED = 32;
const TURNS = ["player1_turn", "player2_turn"];

export const isText = (value) => typeof value === "string" && value.length > 0;
export const isGameId = (value) => /^[a-z2-7]{16}$/.test(value);

export const other = (player) => (player === "player1" ? "player2" : "player1");
export const cellKey = ({ row, col }) => `${row},${col}`;
const onBoard = ({ row, col }) => row >= 1 && row <= SIZE && col >= 1 && col <= SIZE;

/** The cells of an island, on the board or not. */
export const cellsOf = (island, row, col) =>
  SHAPES[island].map(([down, right]) => ({ row: row + down, col: col + right }));

class Refusal extends Error {
  constructor(reason, fields = {}) {
    super(reason);
    this.response = { reason, message: isText, ...fields };
  }
}

const refuse = (reason, fields) => {
  throw new Refusal(reason, fields);
};

/** One game, from its first event on. */
export class Oracle {
  constructor(game, host) {
    this.game = game;
    this.seq = 1;
    this.state = "initialized";
    this.names = { player1: host, player2: null };
    this.islands = { player1: {}, player2: {} };
    this.set = { player1: false, player2: false };
    this.positionings = { player1: 0, player2: 0 };
    this.moves = [];
    this.winner = null;
    this.rematch = [];
    this.started = false;
    this.replies = { player1: new Map(), player2: new Map() };
  }

  /** Predicts the reply and the pushes when `by` (null: a spectator) sends an event. */
  command(by, event, payload) {
    this.pushes = [];
    try {
      if (by === null && event !== "add_player") refuse("not_a_player");
      const known = payload.id && this.replies[by].get(payload.id);
      if (known) return { status: "ok", response: known, pushes: [] };
      const response = { ...COMMANDS[event].call(this, by, payload), seq: this.seq };
      if (payload.id) this.remember(by, payload.id, response);
      return { status: "ok", response, pushes: this.pushes };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: "error", response: error.response, pushes: [] };
    }
  }

  remember(by, id, response) {
    const replies = this.replies[by];
    replies.set(id, response);
    if (replies.size > REMEMBERED) replies.delete(replies.keys().next().value);
  }

  /** Predicts the view of a viewer (null: a spectator). */
  view(viewer) {
    const info = (player) =>
      this.names[player] && { name: this.names[player], islands_set: this.set[player] };
    const view = {
      game: this.game,
      seq: this.seq,
      viewer,
      state: this.state,
      players: forPlayers(info),
      moves: this.moves,
      forested: forPlayers((player) => this.forested(player)),
      winner: this.winner,
      rematch: PLAYERS.filter((player) => this.rematch.includes(player)),
      boards: this.winner && this.boards(),
    };
    if (viewer !== null) view.board = this.islands[viewer];
    // For a client that was disconnected when the rematch was pushed.
    if (this.started) view.next = { game: isGameId, ...(viewer !== null && { seat: isText }) };
    return copy(view);
  }

  /** Cells of this player's islands that no other viewer may see. */
  hidden(owner) {
    if (this.winner) return [];
    const hits = this.guesses(other(owner));
    return this.land(owner).filter((cell) => !hits.has(cellKey(cell)));
  }

  land(owner) {
    return Object.values(this.islands[owner]).flat();
  }

  boards() {
    return copy(this.islands);
  }

  guesses(by) {
    return new Set(this.moves.filter((move) => move.player === by).map(cellKey));
  }

  /** This player's islands of which every cell was hit. */
  forested(owner) {
    const hits = this.guesses(other(owner));
    const whole = ([, cells]) => cells.every((cell) => hits.has(cellKey(cell)));
    return Object.fromEntries(Object.entries(this.islands[owner]).filter(whole));
  }

  // Records an event: a push to every viewer, with extra fields for some.
  emit(event, payload, own = {}) {
    this.seq += 1;
    const seq = this.seq;
    const payloadFor = (viewer) => copy({ seq, ...payload, ...own[viewer] });
    this.pushes.push({ event, to: { ...forPlayers(payloadFor), spectator: payloadFor("spectator") } });
  }

  endGame(winner, reason) {
    this.state = "game_over";
    this.winner = { player: winner, reason };
    this.emit("game_over", { winner, reason, boards: this.boards() });
  }

  requireNotOver() {
    if (this.state === "game_over") refuse("game_over");
  }

  requireState(...expected) {
    if (!expected.includes(this.state)) refuse("wrong_state", { expected, actual: this.state });
  }

  requireArranging(by) {
    this.requireNotOver();
    if (this.set[by]) refuse("islands_already_set");
    this.requireState("players_set");
  }

  requirePositioning(by) {
    this.requireArranging(by);
    if (this.positionings[by] >= MAX_POSITIONINGS) refuse("too_many_moves");
  }

  /** The cells of an island at a corner; refuses an illegal placement. */
  place(islands, island, { row, col }) {
    if (!KINDS.includes(island)) refuse("invalid_island_type");
    if (!onBoard({ row, col })) refuse("invalid_coordinate", { row, col });
    const cells = cellsOf(island, row, col);
    if (!cells.every(onBoard)) refuse("off_board", { island });
    for (const kind of KINDS.filter((kind) => kind !== island && islands[kind])) {
      const taken = islands[kind].map(cellKey);
      if (cells.some((cell) => taken.includes(cellKey(cell)))) {
        refuse("overlapping_island", { with: kind });
      }
    }
    return cells;
  }

  complete(islands) {
    const missing = KINDS.filter((kind) => !islands[kind]);
    if (missing.length > 0) refuse("not_all_islands_positioned", { missing });
  }
}

const forPlayers = (make) => ({ player1: make("player1"), player2: make("player2") });

/** Deep copy. Functions are shared. */
const copy = (value) => {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, copy(v)]));
};

/** Applies each command; returns the reply without its `seq`. */
const COMMANDS = {
  add_player(_, { name }) {
    this.requireNotOver();
    if (this.state !== "initialized") refuse("game_full");
    if (name === this.names.player1) refuse("name_taken");
    this.names.player2 = name;
    this.state = "players_set";
    this.emit("player_added", { player: "player2", name });
  },

  position_island(by, { island, row, col }) {
    this.requirePositioning(by);
    this.islands[by][island] = this.place(this.islands[by], island, { row, col });
    this.positionings[by] += 1;
    const islands = this.islands[by];
    this.emit("island_positioned", { player: by }, { [by]: { islands } });
  },

  position_all(by, { islands: corners }) {
    this.requirePositioning(by);
    const islands = {};
    for (const [island, corner] of Object.entries(corners)) {
      islands[island] = this.place(islands, island, corner);
    }
    this.complete(islands);
    this.islands[by] = islands;
    this.positionings[by] += 1;
    this.emit("islands_positioned", { player: by }, { [by]: { islands } });
  },

  set_islands(by) {
    this.requireArranging(by);
    this.complete(this.islands[by]);
    this.set[by] = true;
    if (this.set[other(by)]) this.state = "player1_turn";
    this.emit("player_set_islands", { player: by });
    return { board: copy(this.islands[by]) };
  },

  guess_coordinate(by, { row, col }) {
    this.requireNotOver();
    this.requireState(...TURNS);
    if (this.state !== `${by}_turn`) refuse("not_your_turn");
    if (!onBoard({ row, col })) refuse("invalid_coordinate", { row, col });
    if (this.guesses(by).has(cellKey({ row, col }))) refuse("already_guessed", { at: { row, col } });
    const board = Object.entries(this.islands[other(by)]);
    const here = ({ row: r, col: c }) => r === row && c === col;
    const [kind] = board.find(([, cells]) => cells.some(here)) ?? [null];
    const move = { player: by, row, col, outcome: kind ? "hit" : "miss", forested: null };
    this.moves.push(move);
    const forested = this.forested(other(by));
    if (forested[kind]) move.forested = kind;
    this.state = `${other(by)}_turn`;
    this.emit("player_guessed_coordinate", { ...move, cells: forested[kind] ?? [] });
    const win = Object.keys(forested).length === KINDS.length;
    if (win) this.endGame(by, "forested");
    return { outcome: move.outcome, forested: move.forested, win };
  },

  resign(by) {
    this.requireNotOver();
    this.requireState("players_set", ...TURNS);
    this.endGame(other(by), "resigned");
  },

  claim_win(by, { away_ms = 0 }) {
    this.requireNotOver();
    this.requireState(...TURNS);
    if (away_ms < MIN_AWAY_MS) refuse("opponent_present", { wait_ms: MIN_AWAY_MS - away_ms });
    this.endGame(by, "abandoned");
  },

  request_rematch(by) {
    this.requireState("game_over");
    if (this.rematch.includes(by)) refuse("already_requested");
    this.rematch.push(by);
    this.emit("rematch_requested", { player: by });
    if (this.rematch.length < PLAYERS.length) return;
    this.started = true;
    const seat = { seat: isText };
    this.emit("rematch_started", { game: isGameId }, { player1: seat, player2: seat });
  },
};
