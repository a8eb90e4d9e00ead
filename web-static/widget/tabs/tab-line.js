// @ts-check

import { newID } from "../../shared/ids.js";
import { WireError } from "../../shared/wire-error.js";
import { Election } from "./election.js";

/** @typedef {import("../../shared/connection.js").Connection} Connection */
/** @typedef {import("../../shared/connection.js").ConnectionState} ConnectionState */
/** @typedef {import("../../shared/connection.js").Frame} Frame */
/** @typedef {import("./tab-channel.js").TabChannel} TabChannel */
/** @typedef {import("./tab-channel.js").TabMessage} TabMessage */

/**
 * @typedef {object} TabLineOptions
 * @property {TabChannel} channel
 * @property {string} name of the lock
 * @property {(heard: {onFrame: (frame: Frame) => void,
 *   onState: (state: ConnectionState, reason: string) => void}) => Connection} connect
 * @property {(frame: Frame) => void} onFrame as of a `Connection`
 * @property {(state: ConnectionState, reason: string) => void} onState as of a `Connection`
 * @property {() => void} onLead this tab speaks with the server from now on
 * @property {() => void} onRetire this tab did, and does no more
 * @property {() => void} onFollow another tab does, and has said what this one missed
 * @property {() => object} position how far this tab knows the conversations
 * @property {(position: any) => Frame[]} missed the frames that bring another tab up to here
 * @property {Record<string, (message: any) => Promise<any>>} [answers] what else a leader is asked
 * @property {Pick<LockManager, "request"> | null} [locks]
 * @property {import("../../shared/clock.js").Clock} [clock]
 */

/**
 * The connection of all tabs of a site: one of them holds the socket, the others speak through it.
 * Used as a `Connection` is, whichever tab this is. A tab alone, or one whose browser lets tabs
 * not hear each other, always leads.
 */
export class TabLine {
  /** @type {ConnectionState} */
  state = "idle";
  reason = "";

  #options;
  #channel;
  #election;
  /** @type {Connection} */
  #connection;
  /** Whether the leader has said what this tab missed: frames before that are part of it. */
  #isCaughtUp = false;
  /** @type {Map<string, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #asked = new Map();

  /** @param {TabLineOptions} options */
  constructor(options) {
    this.#options = options;
    this.#channel = options.channel;
    this.#connection = options.connect({
      onFrame: (frame) => this.#received(frame),
      onState: (state, reason) => this.#connectionIs(state, reason),
    });
    this.#election = new Election({
      name: options.name,
      channel: options.channel,
      locks: options.locks,
      clock: options.clock,
      onElected: () => this.#elected(),
      onFollowing: () => this.#following(),
      onDeposed: () => this.#retire("suspended"),
    });
    this.#hear();
  }

  // Lifecycle

  /** Takes part. Again after the connection was stopped, for whatever reason: connects anew. */
  start() {
    if (this.#election.role === "idle") {
      this.#become("connecting", "");
      this.#election.campaign();
      this.#election.check();
    } else if (this.isLeading) {
      this.#connection.start();
    } else {
      this.#channel.post("start", {}, this.#election.leader);
    }
  }

  /** Connects anew, for the customer is somebody else now. */
  restart() {
    this.#connection.stop();
    this.#connection.start();
  }

  /** Takes part no more. */
  stop(reason = "normal") {
    this.#leave(reason);
    this.#become("stopped", reason);
  }

  /** Leaves the lead to others while the browser keeps this page still. */
  suspend() {
    if (this.#election.role === "idle") return;
    this.#leave("suspended");
    this.#become("waiting", "suspended");
  }

  /** The page lives again. */
  resume() {
    if (this.state === "waiting" && this.reason === "suspended") this.start();
  }

  /** Something suggests that the network or the page is back. */
  wake() {
    if (this.isLeading) return this.#connection.wake();
    if (this.#election.role === "idle") return;
    this.#election.check();
    this.#join();
    this.#channel.post("wake", {}, this.#election.leader);
  }

  // Actions

  get isLeading() {
    return this.#election.role === "leader";
  }

  get isOnline() {
    return this.state === "online";
  }

  /**
   * @param {string} t
   * @param {{c?: string | null, d?: object}} rest
   * @returns {Promise<Frame>}
   */
  request(t, rest = {}) {
    if (this.isLeading) return this.#connection.request(t, rest);
    if (!this.isOnline) return Promise.reject(WireError.disconnected());
    return this.ask("request", { type: t, rest });
  }

  /**
   * @param {string} t
   * @param {{c?: string | null, d?: object}} rest
   */
  send(t, rest = {}) {
    if (this.isLeading) return this.#connection.send(t, rest);
    if (!this.isOnline) return false;
    this.#channel.post("tell", { type: t, rest }, this.#election.leader);
    return true;
  }

  /**
   * Asks the tab that leads.
   * @param {string} what
   * @param {object} [about]
   * @returns {Promise<any>} rejects as `disconnected` when that tab goes away
   */
  ask(what, about = {}) {
    const { leader } = this.#election;
    if (!leader) return Promise.reject(WireError.disconnected());
    const id = newID();
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#channel.post("ask", { id, what, about }, leader);
      this.#election.check();
    });
  }

  // Callbacks

  #hear() {
    /** @param {string} t @param {(message: TabMessage) => void} run */
    const leading = (t, run) => this.#channel.on(t, (message) => this.isLeading && run(message));
    leading("join", ({ from, position }) => this.#catchUp(from, position));
    leading("ask", (message) => void this.#answer(message));
    leading("tell", ({ type, rest }) => this.#connection.send(type, rest));
    leading("start", () => this.#connection.start());
    leading("wake", () => this.#connection.wake());
    /** @param {string} t @param {(message: TabMessage) => void} run */
    const led = (t, run) => this.#channel.on(t, (message) => {
      if (!this.isLeading && message.from === this.#election.leader) run(message);
    });
    led("state", ({ state, reason }) => this.#isCaughtUp && this.#become(state, reason));
    led("frame", ({ frame }) => this.#isCaughtUp && this.#options.onFrame(frame));
    led("missed", (message) => this.#caughtUp(message));
    led("answer", ({ re, value, problem }) => {
      const asked = this.#asked.get(re);
      this.#asked.delete(re);
      if (problem) asked?.reject(new WireError(problem));
      else asked?.resolve(value);
    });
  }

  #elected() {
    this.#forget();
    this.#options.onLead();
    this.#connection.start();
  }

  #following() {
    this.#forget();
    this.#become("connecting", "");
    this.#join();
  }

  #join() {
    const position = this.#options.position();
    this.#channel.post("join", { position }, this.#election.leader);
  }

  /** @param {Frame} frame */
  #received(frame) {
    this.#channel.post("frame", { frame });
    this.#options.onFrame(frame);
  }

  /** @param {ConnectionState} state @param {string} reason */
  #connectionIs(state, reason) {
    if (!this.isLeading) return;
    this.#channel.post("state", { state, reason });
    this.#become(state, reason);
  }

  /** @param {string} tab @param {any} position */
  #catchUp(tab, position) {
    const { state, reason } = this;
    const frames = this.#options.missed(position);
    this.#channel.post("missed", { state, reason, frames }, tab);
  }

  /** @param {any} message */
  #caughtUp({ state, reason, frames }) {
    const isFirst = !this.#isCaughtUp;
    this.#isCaughtUp = true;
    for (const frame of frames) this.#options.onFrame(frame);
    if (state !== this.state || reason !== this.reason) this.#become(state, reason);
    if (isFirst) this.#options.onFollow();
  }

  /** @param {TabMessage} message */
  async #answer({ from, id, what, about }) {
    try {
      const value = what === "request"
        ? await this.#connection.request(about.type, about.rest)
        : await this.#options.answers?.[what]?.(about);
      this.#channel.post("answer", { re: id, value }, from);
    } catch (error) {
      const problem = error instanceof WireError
        ? { title: error.message, ...error.problem }
        : { title: String(error), temporary: true };
      this.#channel.post("answer", { re: id, problem }, from);
    }
  }

  // Internal

  /** @param {string} reason */
  #leave(reason) {
    const led = this.isLeading;
    this.#forget();
    this.#election.resign();
    if (led) this.#retire(reason);
  }

  /** @param {string} reason */
  #retire(reason) {
    this.#connection.stop(reason);
    this.#options.onRetire();
  }

  /** Nobody will answer what was asked of a leader that is gone. */
  #forget() {
    this.#isCaughtUp = false;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(WireError.disconnected());
  }

  /** @param {ConnectionState} state @param {string} reason */
  #become(state, reason) {
    this.state = state;
    this.reason = reason;
    this.#options.onState(state, reason);
  }
}
