// @ts-check

import { Backoff } from "./backoff.js";
import { systemClock } from "./clock.js";
import { WireError } from "./wire-error.js";

/** How long it may take until other tabs have heard that a conversation has begun. */
const heardWithin = 2_000;

/**
 * A message, or an opinion of one, on its way out.
 * @typedef {object} Letter
 * @property {string} cid chosen here; the server recognises a repeat by it
 * @property {string | null} c the conversation; null starts one
 * @property {string} [was] the conversation it was written to, when that is gone
 * @property {string} text
 * @property {string} [choice] the quick reply it was picked from
 * @property {string} [m] the message that offered that choice
 * @property {number} at
 * @property {"waiting" | "sending" | "accepted" | "failed"} state
 * @property {string} [code] why it failed
 * @property {string} [tab] the tab it was written in
 * @property {number} [s] its position, once accepted
 * @property {"reply" | "note"} [kind] of a team's letter
 * @property {number} [seen] how far the writer of a reply had read
 * @property {{intent: string, text: string}} [suggestion] what a reply was made from
 * @property {string[]} [uploads] files that go with it, by the ids the server gave them
 * @property {import("./files.js").SharedFile[]} [files] how those are shown
 * @property {boolean} [helpful] whether the answer `m` helped: said of it, and no message itself
 */

/**
 * Where letters outlive a reload.
 * @typedef {object} LetterStore
 * @property {() => Promise<Letter[]>} all
 * @property {(letter: Letter) => Promise<void>} put
 * @property {(cid: string) => Promise<void>} remove
 * @property {() => Promise<void>} clear
 * @property {boolean} lasts whether it really does, or as long as the page
 */

/**
 * Messages from the moment they are written until the log shows them.
 *
 * They go one at a time, so that they arrive in the order they were written and the first one
 * can start the conversation of the rest. A letter is sent again with the same `cid` until the
 * server has answered, which makes "at least once" into "once".
 */
export class Outbox {
  /** @type {Letter[]} */
  letters = [];

  #store;
  #send;
  #onChange;
  #isLogged;
  #clock;
  #backoff;
  #flushing = false;
  /** The conversation that a letter began last, and when. */
  #begun = { c: "", at: -Infinity };
  /** @type {() => void} */
  #cancelRetry = () => {};

  /**
   * @param {object} options
   * @param {LetterStore} options.store
   * @param {(letter: Letter) => Promise<{c: string, s: number}>} options.send
   * @param {() => void} options.onChange
   * @param {(c: string, s: number) => boolean} [options.isLogged] whether the log here goes so far
   * @param {import("./clock.js").Clock} [options.clock]
   * @param {() => number} [options.random]
   */
  constructor({
    store, send, onChange, isLogged = () => false, clock = systemClock, random,
  }) {
    this.#store = store;
    this.#send = send;
    this.#onChange = onChange;
    this.#isLogged = isLogged;
    this.#clock = clock;
    this.#backoff = new Backoff({ random });
  }

  /**
   * Reads what an earlier page left behind.
   * @param {string} [tab] the tab it belongs to from now on
   */
  async load(tab) {
    const kept = await this.#store.all();
    const known = new Set(this.letters.map(({ cid }) => cid));
    this.adopt(kept.filter(({ cid }) => !known.has(cid)).map((letter) =>
      tab ? { ...letter, tab } : letter,
    ));
  }

  /**
   * Takes over letters of other tabs or times; those it knows it has already.
   * @param {Letter[]} letters
   */
  adopt(letters) {
    const known = new Map(this.letters.map((letter) => [letter.cid, letter]));
    const unknown = letters.filter(({ cid }) => !known.has(cid)).map((letter) => ({ ...letter }));
    for (const letter of letters) {
      const same = known.get(letter.cid);
      if (same && letter.tab) same.tab = letter.tab;
    }
    if (unknown.length === 0) return;
    for (const letter of unknown) {
      if (letter.state === "sending") letter.state = "waiting";
      // Written before its tab could know that another one's letter had begun the conversation.
      if (letter.c === null && letter.at <= this.#begun.at + heardWithin) letter.c = this.#begun.c;
      this.#store.put({ ...letter }).catch(() => {});
    }
    this.letters = [...this.letters, ...unknown].sort((a, b) => a.at - b.at);
    this.#onChange();
  }

  /** Sends no more, and forgets: returns the letters that were here. They stay where they lie. */
  retire() {
    const { letters } = this;
    this.letters = [];
    this.#cancelRetry();
    return letters;
  }

  /** @param {Omit<Letter, "at" | "state">} draft */
  add(draft) {
    /** @type {Letter} */
    const letter = { ...draft, at: this.#clock.now(), state: "waiting" };
    this.letters.push(letter);
    this.#keep(letter);
    this.#onChange();
    return this.flush();
  }

  /**
   * Sends a failed letter again.
   * @param {string} cid
   * @param {Partial<Letter>} [changes]
   */
  retry(cid, changes = {}) {
    const letter = this.letters.find((each) => each.cid === cid);
    if (letter?.state !== "failed") return Promise.resolve();
    Object.assign(letter, changes);
    this.#change(letter, "waiting");
    return this.flush();
  }

  /**
   * Drops a letter: the log shows it, or the writer gave it up.
   * @param {string} cid
   */
  remove(cid) {
    const before = this.letters.length;
    this.letters = this.letters.filter((letter) => letter.cid !== cid);
    this.#store.remove(cid).catch(() => {});
    if (this.letters.length !== before) this.#onChange();
  }

  /** Sends what waits. Called after every return of the connection. */
  async flush() {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#cancelRetry();
    try {
      for (let letter = this.#next(); letter; letter = this.#next()) {
        if (!(await this.#deliver(letter))) break;
      }
    } finally {
      this.#flushing = false;
    }
  }

  #next() {
    return this.letters.find((letter) => letter.state === "waiting");
  }

  /**
   * @param {Letter} letter
   * @returns {Promise<boolean>} whether to go on with the next
   */
  async #deliver(letter) {
    this.#change(letter, "sending");
    try {
      const { c, s } = await this.#send(letter);
      this.#accepted(letter, c, s);
      return true;
    } catch (error) {
      return this.#refused(letter, error);
    }
  }

  /**
   * @param {Letter} letter
   * @param {string} c
   * @param {number} s
   */
  #accepted(letter, c, s) {
    this.#backoff.reset();
    letter.s = s;
    if (letter.c === null) {
      // Only what began a conversation says where those behind it go.
      this.#begun = { c, at: this.#clock.now() };
      for (const each of this.letters) if (each.c === null) each.c = c;
    }
    letter.state = "accepted";
    // A repeat of what had arrived is not followed by its event.
    if (this.#isLogged(c, s)) return this.remove(letter.cid);
    this.#store.remove(letter.cid).catch(() => {});
    this.#onChange();
  }

  /**
   * @param {Letter} letter
   * @param {unknown} error
   */
  #refused(letter, error) {
    const problem = error instanceof WireError ? error : new WireError({ title: String(error) });
    if (problem.code === "disconnected") {
      this.#change(letter, "waiting");
      return false;
    }
    if (problem.code === "gone" && letter.c !== null) {
      // Too old to be reopened: this and what follows start a new conversation.
      const gone = letter.c;
      for (const each of this.letters) {
        if (each.c !== gone || each.helpful !== undefined) continue;
        each.c = null;
        each.was = gone;
      }
      this.#change(letter, "waiting");
      return true;
    }
    if (problem.temporary) {
      this.#change(letter, "waiting");
      const wait = problem.retryMs ?? this.#backoff.next();
      this.#cancelRetry = this.#clock.after(wait, () => void this.flush());
      return false;
    }
    letter.code = problem.code;
    this.#change(letter, "failed");
    return true;
  }

  /**
   * @param {Letter} letter
   * @param {Letter["state"]} state
   */
  #change(letter, state) {
    letter.state = state;
    if (state !== "failed") delete letter.code;
    this.#keep(letter);
    this.#onChange();
  }

  /** @param {Letter} letter */
  #keep(letter) {
    // What was dropped meanwhile is not stored again.
    if (!this.letters.includes(letter)) return;
    this.#store.put({ ...letter }).catch(() => {});
  }
}
