// @ts-check

import { newID } from "../shared/ids.js";

/** @typedef {import("../shared/outbox.js").Letter} Letter */

const remembered = 40;

/**
 * What the customer says of answers. It leaves as messages do, through the outbox; what the server
 * knows is remembered here, because it tells customers nothing of it.
 */
export class Opinions {
  #book;
  #connection;
  #outbox;

  /**
   * @param {object} parts
   * @param {import("./chat-book.js").ChatBook} parts.book
   * @param {import("../shared/connection.js").Connection} parts.connection
   * @param {import("../shared/outbox.js").Outbox} parts.outbox
   */
  constructor({ book, connection, outbox }) {
    this.#book = book;
    this.#connection = connection;
    this.#outbox = outbox;
  }

  /** By message: whether it helped. */
  get known() {
    return this.#book.marks("helpful");
  }

  /** @param {{m: string, helpful: boolean}} opinion */
  say({ m, helpful }) {
    // A second thought takes the place of one that has not left, or was refused.
    for (const { cid, state, ...old } of this.#outbox.letters) {
      if (old.m === m && old.helpful !== undefined && state !== "sending") this.#outbox.remove(cid);
    }
    return this.#outbox.add({ cid: newID(), c: this.#book.current, text: "", m, helpful });
  }

  /** @param {Letter} letter */
  async deliver({ cid, c, m = "", helpful }) {
    await this.#connection.request("feedback", { c, d: { m, helpful } });
    this.#book.mark("helpful", m, helpful, remembered);
    this.#outbox.remove(cid);
    return { c: String(c), s: 0 };
  }
}
