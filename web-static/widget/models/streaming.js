// @ts-check

import { systemClock } from "../../shared/clock.js";

/** How long a text may stand still: its end was lost with a connection. */
const forgottenAfter = 30_000;
const remembered = 20;

/**
 * Texts of the assistant while they are being written, by the message they will become. Parts may
 * come in any order, twice, late or never; the final message says it all again.
 */
export class StreamedTexts {
  /** @type {Map<string, {parts: string[], cancel: () => void}>} */
  #drafts = new Map();
  /** @type {string[]} */
  #ended = [];
  #onChange;
  #clock;

  /**
   * @param {() => void} onChange something was forgotten
   * @param {import("../../shared/clock.js").Clock} [clock]
   */
  constructor(onChange, clock = systemClock) {
    this.#onChange = onChange;
    this.#clock = clock;
  }

  /** @returns {{m: string, text: string}[]} */
  get all() {
    return [...this.#drafts].map(([m, { parts }]) => ({ m, text: parts.join("") }));
  }

  /** @param {{m?: string, i?: number, text?: string, end?: string}} delta */
  receive({ m, i = 0, text = "", end }) {
    if (!m || this.#ended.includes(m)) return;
    if (end) return this.settle(m);
    const draft = this.#drafts.get(m) ?? { parts: [], cancel: () => {} };
    draft.cancel();
    draft.parts[i] = text;
    draft.cancel = this.#clock.after(forgottenAfter, () => {
      this.#drafts.delete(m);
      this.#onChange();
    });
    this.#drafts.set(m, draft);
  }

  /**
   * The final message has come, or none will: what is still on its way is ignored.
   * @param {string} m
   */
  settle(m) {
    this.#drafts.get(m)?.cancel();
    this.#drafts.delete(m);
    this.#ended = [...this.#ended, m].slice(-remembered);
  }

  clear() {
    for (const m of [...this.#drafts.keys()]) this.settle(m);
  }
}
