// @ts-check

import { systemClock } from "../../shared/clock.js";

/**
 * @typedef {object} Offer
 * @property {string} c
 * @property {number} expiresAt
 * @property {number} seconds how long it stood when it came
 * @property {string[]} why
 * @property {any} briefing
 */

/** The conversations offered to this agent right now, oldest first. */
export class OffersModel {
  /** @type {Map<string, Offer & {cancel: () => void}>} */
  #offers = new Map();
  #onChange;
  #clock;

  /**
   * @param {() => void} onChange
   * @param {import("../../shared/clock.js").Clock} [clock]
   */
  constructor(onChange, clock = systemClock) {
    this.#onChange = onChange;
    this.#clock = clock;
  }

  /** @returns {Offer[]} */
  get list() {
    return [...this.#offers.values()];
  }

  /**
   * A new offer, or a fresher briefing of one that stands.
   * @param {any} d
   * @returns {boolean} whether it is new
   */
  receive(d) {
    const known = this.#offers.get(d.c);
    known?.cancel();
    const ms = Math.max(0, (d.expires_s ?? 30) * 1000);
    this.#offers.set(d.c, {
      c: d.c,
      expiresAt: this.#clock.now() + ms,
      seconds: known?.seconds ?? ms / 1000,
      why: d.why ?? [],
      briefing: d.briefing ?? {},
      cancel: this.#clock.after(ms, () => this.remove(d.c)),
    });
    this.#onChange();
    return known === undefined;
  }

  /** @param {string} c */
  remove(c) {
    this.#offers.get(c)?.cancel();
    if (this.#offers.delete(c)) this.#onChange();
  }

  /** After a return the server sends what still stands. */
  clear() {
    for (const offer of this.#offers.values()) offer.cancel();
    this.#offers.clear();
    this.#onChange();
  }
}
