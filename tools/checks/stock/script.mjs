// What two players do in a game that is drawn from a seed: sensible things,
// and between them whatever must be refused.

import { cellKey, other } from "../oracle.mjs";
import { agree } from "./table.mjs";
import { CELLS, board, chance, landOf } from "./chance.mjs";
import { text } from "../oracle.mjs";

export class Script {
  /** The boards have no cell in common, so that every cell tells whose it is. */
  constructor(table, seed) {
    this.table = table;
    this.luck = chance(seed);
    const player1 = board(this.luck);
    this.boards = { player1, player2: board(this.luck, landOf(player1)) };
    this.ids = 0;
    this.accepted = null;
  }

  /** Does something that is allowed, now and then under an id. */
  async does(by, event, payload = {}) {
    const named = this.luck.once(0.5) ? { ...payload, id: `${by}-${(this.ids += 1)}` } : payload;
    const done = await this.table.does(by, event, named);
    agree("ok", done.reply.status, `${by}: ${event}`);
    if (named.id) this.accepted = [by, event, named];
    return done;
  }

  /** Does something that is refused for this reason. */
  async isRefused(reason, by, event, payload = {}) {
    const { reply } = await this.table.does(by, event, payload);
    agree(reason, reply.response.reason, `${by}: ${event}`);
  }

  async arrange(by) {
    await this.isRefused("wrong_state", by, "guess_coordinate", { row: 1, col: 1 });
    if (this.luck.once(0.5)) await this.arrangeOneByOne(by);
    else await this.does(by, "position_all", { islands: this.boards[by] });
    await this.does(by, "set_islands");
    await this.isRefused("islands_already_set", by, "set_islands");
    await this.isRefused("islands_already_set", by, "position_island", { island: "dot", row: 1, col: 1 });
  }

  async arrangeOneByOne(by) {
    const [first, ...rest] = Object.entries(this.boards[by]);
    const position = (island, corner) => ["position_island", { island, ...corner }];
    await this.isRefused("off_board", by, ...position("atoll", { row: 9, col: 1 }));
    await this.isRefused("invalid_coordinate", by, ...position("dot", { row: 0, col: 11 }));
    await this.isRefused("invalid_island_type", by, ...position("reef", { row: 1, col: 1 }));
    await this.does(by, ...position(...first));
    await this.isRefused("overlapping_island", by, ...position("dot", first[1]));
    await this.isRefused("not_all_islands_positioned", by, "set_islands");
    await this.isRefused("not_all_islands_positioned", by, "position_all", {
      islands: Object.fromEntries(rest),
    });
    for (const island of rest) await this.does(by, ...position(...island));
  }

  /** Guesses in turn until the game is over or this many were made. */
  async guess(atMost = Infinity) {
    const { oracle } = this.table;
    for (let count = 0; count < atMost && !oracle.winner; count += 1) {
      const by = oracle.state.replace("_turn", "");
      if (this.luck.once(0.2)) await this.interlude(by);
      await this.does(by, "guess_coordinate", this.aim(by));
    }
  }

  /** A cell that was not guessed: often land, and never where one's own is. */
  aim(by) {
    const guessed = this.table.oracle.guesses(by);
    const mine = landOf(this.boards[by]);
    const theirs = landOf(this.boards[other(by)]);
    const open = CELLS.filter((cell) => !guessed.has(cellKey(cell)) && !mine.has(cellKey(cell)));
    const land = open.filter((cell) => theirs.has(cellKey(cell)));
    return this.luck.pick(this.luck.once(0.5) ? land : open);
  }

  /** Something that changes nothing, while it is for `by` to guess. */
  async interlude(by) {
    const { table } = this;
    const mine = table.oracle.moves.filter((move) => move.player === by);
    const { row, col } = this.luck.pick(mine) ?? {};
    const guess = (reason, who, payload) => this.isRefused(reason, who, "guess_coordinate", payload);
    const interludes = [
      () => guess("not_your_turn", other(by), this.aim(other(by))),
      () => guess("not_your_turn", other(by), { row: 11, col: 1 }),
      () => guess("invalid_coordinate", by, { row: 11, col: 0 }),
      () => mine.length && guess("already_guessed", by, { row, col }),
      () => guess("not_a_player", null, { row: 1, col: 1 }),
      () => this.isRefused("not_a_player", null, "resign"),
      () => this.isRefused("opponent_present", by, "claim_win"),
      () => this.isRefused("wrong_state", by, "request_rematch"),
      () => this.accepted && table.does(...this.accepted),
      () => this.isBad(by),
      () => table.looks(),
    ];
    await this.luck.pick(interludes)();
  }

  /** A payload without one of its fields is refused before anything else. */
  async isBad(by) {
    const { status, response } = await this.table.clients[by].send("guess_coordinate", { row: 1 });
    const expected = { reason: "bad_payload", field: "col", message: text };
    agree({ status: "error", response: expected }, { status, response }, "a guess without a column");
  }
}
