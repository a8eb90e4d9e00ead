// @ts-check

/** @typedef {import("./connection.js").Frame} Frame */

/** How many messages of others came after the point up to which somebody has read. */
export class Unread {
  /** @type {number} */
  upto;
  /** @type {Set<number>} */
  #unseen = new Set();

  /** @param {number} [upto] the last position known to be read */
  constructor(upto = 0) {
    this.upto = upto;
  }

  get count() {
    return this.#unseen.size;
  }

  /**
   * @param {Frame} frame
   * @param {string} own the kind of author whose messages are never unread
   */
  receive(frame, own) {
    const s = frame.s ?? 0;
    if (frame.t !== "msg.new" || frame.d?.from?.kind === own || s <= this.upto) return;
    this.#unseen.add(s);
  }

  /**
   * Everything up to `s` was looked at.
   * @param {number} s
   * @returns {boolean} whether that is news
   */
  read(s) {
    if (s <= this.upto) return false;
    this.upto = s;
    for (const unseen of this.#unseen) if (unseen <= s) this.#unseen.delete(unseen);
    return true;
  }
}
