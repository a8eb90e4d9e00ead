// @ts-check

/** @typedef {import("./connection.js").Frame} Frame */

/** More than this many events ahead of a gap are not kept: the server has them. */
const heldLimit = 500;

/**
 * The durable events of one conversation, in order and without a gap.
 *
 * Each event names its predecessor for this audience. One that does not continue the chain is
 * held back, and the owner is told to ask for what is missing.
 */
export class Timeline {
  /** @type {Frame[]} */
  events = [];
  /** The position of the last event in order; 0 before the first. */
  last = 0;
  /** @type {Map<number, Frame>} */
  #held = new Map();

  /** Whether something is known to be missing. */
  get hasGap() {
    return this.#held.size > 0;
  }

  /**
   * Takes one durable frame.
   * @param {Frame} frame
   * @returns {{added: Frame[], missing: boolean}} what can be shown now, and whether to ask for
   *   everything after `last`
   */
  receive(frame) {
    const s = frame.s ?? 0;
    if (s <= this.last) return { added: [], missing: false };
    if (frame.p !== this.last) {
      if (this.#held.size < heldLimit) this.#held.set(s, frame);
      return { added: [], missing: true };
    }
    const added = [frame];
    this.#append(frame);
    for (let next = this.#successor(); next; next = this.#successor()) {
      this.#append(next);
      added.push(next);
    }
    return { added, missing: this.hasGap };
  }

  /** Forgets everything, because the server's log is another one (its epoch changed). */
  reset() {
    this.events = [];
    this.last = 0;
    this.#held.clear();
  }

  /** @param {Frame} frame */
  #append(frame) {
    this.events.push(frame);
    this.last = frame.s ?? 0;
    for (const s of this.#held.keys()) if (s <= this.last) this.#held.delete(s);
  }

  #successor() {
    for (const frame of this.#held.values()) if (frame.p === this.last) return frame;
    return null;
  }
}
