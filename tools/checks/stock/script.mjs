// A random game of two players, from a seed: valid commands, mixed with commands
// that the server must refuse.

import { cellKey, other } from "../oracle.mjs";
import { assertMatches } from "./game-session.mjs";
import { CELLS, board, landOf, seededRandom } from "./random.mjs";
import { isText } from "../oracle.mjs";

export class Script {
  /** The boards share no cell, so that a leaked cell identifies its owner. */
  constructor(session, seed) {
    this.session = session;
    this.random = seededRandom(seed);
    const player1 = board(this.random);
    this.boards = { player1, player2: board(this.random, landOf(player1)) };
    this.ids = 0;
    this.lastAccepted = null;
  }

  /** Sends a valid command, half of the time with an id. */
  async expectOk(by, event, payload = {}) {
    const named = this.random.chance(0.5) ? { ...payload, id: `${by}-${(this.ids += 1)}` } : payload;
    const done = await this.session.command(by, event, named);
    assertMatches("ok", done.reply.status, `${by}: ${event}`);
    if (named.id) this.lastAccepted = [by, event, named];
    return done;
  }

  /** Sends a command that must be refused for this reason. */
  async expectRefusal(reason, by, event, payload = {}) {
    const { reply } = await this.session.command(by, event, payload);
    assertMatches(reason, reply.response.reason, `${by}: ${event}`);
  }

  async arrange(by) {
    await this.expectRefusal("wrong_state", by, "guess_coordinate", { row: 1, col: 1 });
    if (this.random.chance(0.5)) await this.arrangeOneByOne(by);
    else await this.expectOk(by, "position_all", { islands: this.boards[by] });
    await this.expectOk(by, "set_islands");
    await this.expectRefusal("islands_already_set", by, "set_islands");
    await this.expectRefusal("islands_already_set", by, "position_island", { island: "dot", row: 1, col: 1 });
  }

  async arrangeOneByOne(by) {
    const [first, ...rest] = Object.entries(this.boards[by]);
    const position = (island, corner) => ["position_island", { island, ...corner }];
    await this.expectRefusal("off_board", by, ...position("atoll", { row: 9, col: 1 }));
    await this.expectRefusal("invalid_coordinate", by, ...position("dot", { row: 0, col: 11 }));
    await this.expectRefusal("invalid_island_type", by, ...position("reef", { row: 1, col: 1 }));
    await this.expectOk(by, ...position(...first));
    await this.expectRefusal("overlapping_island", by, ...position("dot", first[1]));
    await this.expectRefusal("not_all_islands_positioned", by, "set_islands");
    await this.expectRefusal("not_all_islands_positioned", by, "position_all", {
      islands: Object.fromEntries(rest),
    });
    for (const island of rest) await this.expectOk(by, ...position(...island));
  }

  /** Guesses in turn until the game is over, at most `atMost` times. */
  async guess(atMost = Infinity) {
    const { oracle } = this.session;
    for (let count = 0; count < atMost && !oracle.winner; count += 1) {
      const by = oracle.state.replace("_turn", "");
      if (this.random.chance(0.2)) await this.interlude(by);
      await this.expectOk(by, "guess_coordinate", this.aim(by));
    }
  }

  /** A cell not guessed yet: often the opponent's land, never the guesser's own. */
  aim(by) {
    const guessed = this.session.oracle.guesses(by);
    const mine = landOf(this.boards[by]);
    const theirs = landOf(this.boards[other(by)]);
    const open = CELLS.filter((cell) => !guessed.has(cellKey(cell)) && !mine.has(cellKey(cell)));
    const land = open.filter((cell) => theirs.has(cellKey(cell)));
    return this.random.pick(this.random.chance(0.5) ? land : open);
  }

  /** Sends a command that changes nothing, during the turn of `by`. */
  async interlude(by) {
    const { session } = this;
    const mine = session.oracle.moves.filter((move) => move.player === by);
    const { row, col } = this.random.pick(mine) ?? {};
    const guess = (reason, player, payload) => this.expectRefusal(reason, player, "guess_coordinate", payload);
    const interludes = [
      () => guess("not_your_turn", other(by), this.aim(other(by))),
      () => guess("not_your_turn", other(by), { row: 11, col: 1 }),
      () => guess("invalid_coordinate", by, { row: 11, col: 0 }),
      () => mine.length && guess("already_guessed", by, { row, col }),
      () => guess("not_a_player", null, { row: 1, col: 1 }),
      () => this.expectRefusal("not_a_player", null, "resign"),
      () => this.expectRefusal("opponent_present", by, "claim_win"),
      () => this.expectRefusal("wrong_state", by, "request_rematch"),
      () => this.lastAccepted && session.command(...this.lastAccepted),
      () => this.expectBadPayload(by),
      () => session.checkViews(),
    ];
    await this.random.pick(interludes)();
  }

  /** A payload without a required field is refused before any other check. */
  async expectBadPayload(by) {
    const { status, response } = await this.session.clients[by].send("guess_coordinate", { row: 1 });
    const expected = { reason: "bad_payload", field: "col", message: isText };
    assertMatches({ status: "error", response: expected }, { status, response }, "a guess without a column");
  }
}
