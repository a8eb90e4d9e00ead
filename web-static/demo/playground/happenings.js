// @ts-check

/**
 * @typedef {"call" | "event" | "leaves"} Kind what was called, what the widget told the page, and
 *   what left the page
 */

/**
 * @typedef {object} Happening
 * @property {number} id
 * @property {Kind} kind
 * @property {Date} at
 * @property {string} text
 * @property {string} outcome
 * @property {boolean} isFault
 */

const most = 300;

/** All that happens on the page, the latest first. */
export class Happenings {
  /** @type {Kind | "all"} */
  kind = "all";
  words = "";
  /** @type {Happening[]} */
  #all = [];
  #count = 0;
  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** @returns {Happening[]} those that are asked for */
  get shown() {
    const words = this.words.trim().toLowerCase();
    return this.#all.filter(({ kind, text, outcome }) =>
      (this.kind === "all" || kind === this.kind) &&
      `${text} ${outcome}`.toLowerCase().includes(words));
  }

  get count() {
    return this.#all.length;
  }

  /**
   * @param {Kind} kind
   * @param {string} text
   * @param {string} [outcome]
   * @param {boolean} [isFault]
   * @returns {(outcome: string, isFault?: boolean) => void} says later what came of it
   */
  add(kind, text, outcome = "", isFault = false) {
    const happening = { id: (this.#count += 1), kind, at: new Date(), text, outcome, isFault };
    this.#all = [happening, ...this.#all].slice(0, most);
    this.#changed();
    return (later, isFaulty = false) => {
      happening.outcome = later;
      happening.isFault = isFaulty;
      this.#changed();
    };
  }

  clear() {
    this.#all = [];
    this.#changed();
  }
}
