// @ts-check

import { systemClock } from "../../shared/clock.js";

/** @typedef {import("./tab-channel.js").TabChannel} TabChannel */

/** How long a call for the leader may stay unanswered where there are no locks. */
const answerWithin = 150;
/** After this much silence a leader is taken for frozen, whatever holds its lock. */
const silentFor = 1_500;
/** How often it is asked for, where no lock says that it is gone. */
const lookEvery = 700;

/**
 * One leader among the tabs of a site.
 *
 * The browser's lock decides where there is one: it goes to the next in line the moment a tab
 * closes or crashes. Where the browser refuses locks, as it does to embedded pages that may not
 * store anything, a tab that hears no answer to its call takes the lead. Terms settle the rest:
 * each new leader counts one up, the higher term is right, and among equals the smaller name.
 */
export class Election {
  /** @type {"idle" | "candidate" | "leader"} */
  role = "idle";
  /** @type {string | null} the other tab that leads */
  leader = null;

  #channel;
  #name;
  #locks;
  #clock;
  #random;
  #onElected;
  #onFollowing;
  #onDeposed;
  #term = 0;
  #hasLocks;
  /** @type {AbortController | null} */
  #queue = null;
  /** @type {() => void} */
  #release = () => {};
  /** @type {() => void} */
  #cancelCall = () => {};
  /** @type {(() => void) | null} */
  #cancelDoubt = null;

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {TabChannel} options.channel
   * @param {() => void} options.onElected this tab leads
   * @param {(leader: string) => void} options.onFollowing another one does
   * @param {() => void} options.onDeposed this tab led, and leads no more
   * @param {Pick<LockManager, "request"> | null} [options.locks]
   * @param {import("../../shared/clock.js").Clock} [options.clock]
   * @param {() => number} [options.random]
   */
  constructor({
    name, channel, onElected, onFollowing, onDeposed, locks = null, clock = systemClock,
    random = Math.random,
  }) {
    this.#name = name;
    this.#channel = channel;
    this.#onElected = onElected;
    this.#onFollowing = onFollowing;
    this.#onDeposed = onDeposed;
    this.#locks = locks;
    this.#hasLocks = locks !== null && channel.isOpen;
    this.#clock = clock;
    this.#random = random;
    channel.on("who", ({ from }) => this.role === "leader" && this.#announce(from));
    channel.on("lead", ({ from, term }) => this.#heard(from, term));
    channel.on("term", ({ term }) => this.#outdated(term));
    channel.on("free", ({ from }) => this.#freed(from));
  }

  // Actions

  /** Stands for election, once. */
  campaign() {
    if (this.role !== "idle") return;
    this.role = "candidate";
    if (!this.#channel.isOpen) return this.#lead();
    this.#channel.post("who");
    if (this.#hasLocks) void this.#queueUp();
    else this.#callOut(answerWithin);
  }

  /** Gives up the lead, or the wish for it. */
  resign() {
    const led = this.role === "leader";
    this.role = "idle";
    this.leader = null;
    this.#leaveQueue();
    this.#settle();
    if (led) this.#channel.post("free");
  }

  /** Asks the leader for a sign, and takes its place when there is none. */
  check() {
    if (this.role !== "candidate" || this.#cancelDoubt) return;
    this.#channel.post("who");
    this.#cancelDoubt = this.#clock.after(silentFor, () => {
      this.#cancelDoubt = null;
      this.#takeOver();
    });
  }

  // Callbacks

  /** @param {string} from @param {number} term */
  #heard(from, term) {
    if (this.role === "idle") return;
    const isRight = term > this.#term ||
      (term === this.#term && (this.role !== "leader" || from < this.#channel.id));
    if (!isRight) {
      if (this.role === "leader") this.#announce(from);
      else this.#channel.post("term", { term: this.#term }, from);
      return;
    }
    this.#term = term;
    this.#settle();
    if (this.role === "leader") this.#deposed();
    if (!this.#hasLocks) this.#watch();
    if (this.leader === from) return;
    this.leader = from;
    this.#onFollowing(from);
  }

  /**
   * A tab that came to lead without having met the leader before it counts on from there.
   * @param {number} term
   */
  #outdated(term) {
    if (this.role !== "leader" || term < this.#term) return;
    this.#term = term + 1;
    this.#announce(null);
  }

  /** @param {string} from */
  #freed(from) {
    if (this.leader === from) this.leader = null;
    if (this.role !== "candidate" || this.#hasLocks) return;
    this.#settle();
    this.#callOut(this.#random() * answerWithin);
  }

  #deposed() {
    this.role = "candidate";
    this.#leaveQueue();
    this.#onDeposed();
    if (this.#hasLocks) void this.#queueUp();
  }

  // Internal

  #lead() {
    this.#settle();
    this.role = "leader";
    this.leader = null;
    this.#term += 1;
    this.#announce(null);
    this.#onElected();
  }

  /** @param {string | null} to */
  #announce(to) {
    this.#channel.post("lead", { term: this.#term }, to);
  }

  /** @param {boolean} [steals] */
  async #queueUp(steals = false) {
    const queue = (this.#queue = new AbortController());
    try {
      await this.#locks?.request(
        this.#name,
        // The two cannot be combined.
        steals ? { steal: true } : { signal: queue.signal },
        () => this.#hold(queue),
      );
    } catch (error) {
      if (queue !== this.#queue) return;
      this.#queue = null;
      if (/** @type {Error} */ (error).name === "AbortError") {
        // Somebody took this tab for frozen: it stands in line again.
        if (this.role === "leader") this.#deposed();
      } else if (this.role === "candidate") {
        this.#hasLocks = false;
        this.#callOut(answerWithin);
      }
    }
  }

  /** @param {AbortController} queue @returns {Promise<void> | void} */
  #hold(queue) {
    if (queue !== this.#queue || this.role !== "candidate") return;
    const held = new Promise((/** @type {(value: void) => void} */ resolve) => {
      this.#release = () => resolve();
    });
    this.#lead();
    return held;
  }

  #leaveQueue() {
    this.#queue?.abort();
    this.#queue = null;
    this.#release();
    this.#release = () => {};
  }

  #takeOver() {
    if (this.role !== "candidate") return;
    if (!this.#hasLocks) return this.#lead();
    this.#leaveQueue();
    void this.#queueUp(true);
  }

  /** @param {number} ms */
  #callOut(ms) {
    this.#cancelCall();
    this.#cancelCall = this.#clock.after(ms, () => this.role === "candidate" && this.#lead());
  }

  /** Looks again and again whether the leader is there. */
  #watch() {
    this.#cancelCall = this.#clock.after(lookEvery, () => this.check());
  }

  #settle() {
    this.#cancelCall();
    this.#cancelDoubt?.();
    this.#cancelDoubt = null;
  }
}
