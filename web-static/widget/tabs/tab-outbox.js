// @ts-check

import { systemClock } from "../../shared/clock.js";
import { Outbox } from "../../shared/outbox.js";

/** @typedef {import("../../shared/outbox.js").Letter} Letter */
/** @typedef {import("../../shared/outbox.js").LetterStore} LetterStore */

/**
 * A letter as it was written, and its place in the log.
 * @typedef {{letter: Letter, c: string, s: number}} Placed
 */

/**
 * The outbox of all tabs of a site, used as an `Outbox` is: the tab that leads sends, one letter
 * after the other, and every tab has a copy of what is on its way. So nothing is lost with a tab,
 * and what was stored is sent by one tab only.
 */
export class TabOutbox {
  #channel;
  #line;
  #store;
  #onChange;
  #onPlaced;
  #clock;
  #outbox;
  /** @type {Letter[]} what the leader said is on its way */
  #copy = [];
  /** @type {Map<string, Letter>} written here, and not yet among what the leader names */
  #own = new Map();

  /**
   * @param {object} options
   * @param {import("./tab-channel.js").TabChannel} options.channel
   * @param {import("./tab-line.js").TabLine} options.line
   * @param {LetterStore} options.store
   * @param {(letter: Letter) => Promise<{c: string, s: number}>} options.send
   * @param {() => void} options.onChange
   * @param {(placed: Placed) => void} options.onPlaced
   * @param {(c: string, s: number) => boolean} options.isLogged whether the log here goes so far
   * @param {import("../../shared/clock.js").Clock} [options.clock]
   */
  constructor({ channel, line, store, send, onChange, onPlaced, isLogged, clock = systemClock }) {
    this.#channel = channel;
    this.#line = line;
    this.#store = store;
    this.#onChange = onChange;
    this.#onPlaced = onPlaced;
    this.#clock = clock;
    this.#outbox = new Outbox({
      store,
      clock,
      isLogged,
      onChange: () => this.#changed(),
      send: async (letter) => {
        const written = { ...letter };
        const { c, s } = await send(letter);
        channel.post("placed", { letter: written, c, s });
        onPlaced({ letter: written, c, s });
        return { c, s };
      },
    });
    this.#hear();
  }

  /** @returns {Letter[]} in the order they were written */
  get letters() {
    if (this.#line.isLeading) return this.#outbox.letters;
    const named = new Set(this.#copy.map(({ cid }) => cid));
    const own = [...this.#own.values()].filter(({ cid }) => !named.has(cid));
    return [...this.#copy, ...own].sort((a, b) => a.at - b.at);
  }

  // Lifecycle

  /** Shows what an earlier page left behind, until the leader says what is on its way. */
  async load() {
    const kept = await this.#store.all();
    if (this.#line.isLeading || this.#copy.length > 0) return;
    const tab = this.#channel.id;
    this.#copy = kept.map((letter) => ({ ...letter, tab })).sort((a, b) => a.at - b.at);
    if (kept.length > 0) this.#onChange();
  }

  /** This tab sends from now on: all it knows of, and what is stored. */
  async lead() {
    const known = [...this.#copy, ...this.#own.values()];
    this.#copy = [];
    this.#own.clear();
    this.#outbox.adopt(known.filter(({ state }) => state !== "accepted"));
    await this.#outbox.load(this.#channel.id).catch(() => {});
    this.#changed();
    await this.flush();
  }

  /** Another tab sends from now on: it may not know of what this one does. */
  follow() {
    const known = this.letters.filter(({ state }) => state !== "accepted");
    for (const letter of known) this.#channel.post("letter", { letter });
  }

  /** This tab sent, and does no more. */
  retire() {
    this.#copy = this.#outbox.retire();
    this.#onChange();
  }

  /** Sends what waits, if this tab is the one that sends. */
  async flush() {
    if (this.#line.isLeading && this.#line.isOnline) await this.#outbox.flush();
  }

  // Actions

  /** @param {Omit<Letter, "at" | "state" | "tab">} draft */
  add(draft) {
    const own = { ...draft, tab: this.#channel.id };
    if (this.#line.isLeading) return this.#outbox.add(own);
    /** @type {Letter} */
    const letter = { ...own, at: this.#clock.now(), state: "waiting" };
    this.#own.set(letter.cid, letter);
    this.#channel.post("letter", { letter });
    this.#onChange();
    return this.#store.put(letter).catch(() => {});
  }

  /** @param {string} cid */
  retry(cid) {
    if (this.#line.isLeading) return this.#outbox.retry(cid);
    this.#channel.post("retry", { cid });
    return Promise.resolve();
  }

  /**
   * Drops a letter: the log shows it, or the writer gave it up.
   * @param {string} cid
   */
  remove(cid) {
    this.#channel.post("drop", { cid });
    this.#dropped(cid);
    this.#outbox.remove(cid);
  }

  /** The log shows a letter, in this tab as in all others. @param {string} cid */
  logged(cid) {
    this.#dropped(cid);
    if (this.#line.isLeading) this.#outbox.remove(cid);
  }

  /** Drops everything, in this tab and where it is stored. */
  async clear() {
    this.#copy = [];
    this.#own.clear();
    this.#outbox.retire();
    this.#onChange();
    await this.#store.clear().catch(() => {});
  }

  // Callbacks

  #hear() {
    /** @param {string} t @param {(message: any) => void} run */
    const leading = (t, run) =>
      this.#channel.on(t, (message) => this.#line.isLeading && run(message));
    leading("letter", ({ letter }) => {
      this.#outbox.adopt([letter]);
      void this.flush();
    });
    leading("retry", ({ cid }) => void this.#outbox.retry(cid));
    leading("drop", ({ cid }) => this.#outbox.remove(cid));
    leading("join", ({ from }) => this.#tellLetters(from));
    /** @param {string} t @param {(message: any) => void} run */
    const led = (t, run) =>
      this.#channel.on(t, (message) => !this.#line.isLeading && run(message));
    led("drop", ({ cid }) => this.#dropped(cid));
    led("letters", ({ letters }) => this.#named(letters));
    led("placed", (placed) => this.#onPlaced(placed));
  }

  /** @param {Letter[]} letters */
  #named(letters) {
    this.#copy = letters;
    for (const { cid } of letters) this.#own.delete(cid);
    this.#onChange();
  }

  /** @param {string} cid */
  #dropped(cid) {
    const before = this.#copy.length + this.#own.size;
    this.#own.delete(cid);
    this.#copy = this.#copy.filter((letter) => letter.cid !== cid);
    if (this.#copy.length + this.#own.size !== before) this.#onChange();
  }

  #changed() {
    if (this.#line.isLeading) this.#tellLetters(null);
    this.#onChange();
  }

  /** @param {string | null} tab */
  #tellLetters(tab) {
    this.#channel.post("letters", { letters: this.#outbox.letters }, tab);
  }
}
