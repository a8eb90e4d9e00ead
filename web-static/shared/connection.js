// @ts-check

import { Backoff } from "./backoff.js";
import { systemClock } from "./clock.js";
import { closeAdvice } from "./close-advice.js";
import { WireError } from "./wire-error.js";

/**
 * One frame of the protocol: see Documentation/protocol.md, "Envelope".
 * @typedef {object} Frame
 * @property {string} t
 * @property {string} [id]
 * @property {string} [re]
 * @property {string} [c]
 * @property {number} [s]
 * @property {number} [p]
 * @property {number} [f]
 * @property {any} [d]
 */

/** @typedef {"idle" | "connecting" | "online" | "waiting" | "stopped"} ConnectionState */

/**
 * @typedef {object} ConnectionOptions
 * @property {string} url
 * @property {(renew: boolean) => Promise<object>} hello fields of the first frame; `renew` when
 *   the last token was refused. A `WireError` that is not temporary stops the connection.
 * @property {(frame: Frame) => void} onFrame every frame that answers no request, and `welcome`
 * @property {(state: ConnectionState, reason: string) => void} onState
 * @property {import("./clock.js").Clock} [clock]
 * @property {() => number} [random]
 * @property {(url: string, protocol: string) => WebSocket} [open]
 */

const subprotocol = "maitred.v1";
const welcomeWithin = 10_000;
const pongWithin = 3_000;
/** A timer that comes so much later than it should was held up by a sleep. */
const sleptFor = 5_000;
const lookEvery = 5_000;

/**
 * One socket that comes back by itself and notices when it is only half open. Which frames are
 * missing after a return is for its owner to know: resume positions go into `hello`.
 */
export class Connection {
  /** @type {ConnectionState} */
  state = "idle";
  /** Why it stopped: a name of the close codes, such as `replaced`. */
  reason = "";

  /** @type {ConnectionOptions} */
  #options;
  #clock;
  #backoff;
  #open;
  /** @type {WebSocket | null} */
  #socket = null;
  #nextID = 0;
  #round = 0;
  #renew = false;
  #renewed = false;
  #heartbeat = 25_000;
  #heard = 0;
  /** @type {number | null} */
  #hint = null;
  /** @type {Map<string, {resolve: (frame: Frame) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  /** @type {Map<string, () => void>} */
  #timers = new Map();

  /** @param {ConnectionOptions} options */
  constructor(options) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#backoff = new Backoff({ random: options.random });
    this.#open = options.open ?? ((url, protocol) => new WebSocket(url, protocol));
  }

  // Lifecycle

  start() {
    if (this.state !== "idle" && this.state !== "stopped") return;
    this.#renew = false;
    this.#renewed = false;
    this.#backoff.reset();
    this.#connect();
  }

  /** Closes for good, until `start` is called. */
  stop(reason = "normal") {
    this.#round += 1;
    this.#drop(1000);
    this.#become("stopped", reason);
  }

  /**
   * Something suggests that the network is back, or was gone: connects at once if waiting, and
   * asks a socket that looks open, or is being opened, whether it still is.
   */
  wake() {
    if (this.state === "waiting") {
      this.#backoff.reset();
      this.#connect();
    } else if (this.state === "online") {
      this.#probe();
    } else if (this.#socket) {
      this.#timer("welcome", pongWithin, () => this.#lost());
    }
  }

  // Actions

  get isOnline() {
    return this.state === "online";
  }

  /**
   * Sends a frame that wants an answer.
   * @param {string} t
   * @param {{c?: string | null, d?: object}} rest
   * @returns {Promise<Frame>} the `ack`; rejects with a `WireError`
   */
  request(t, { c, d = {} } = {}) {
    if (this.state !== "online") return Promise.reject(WireError.disconnected());
    const id = `r${(this.#nextID += 1)}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#write(c ? { t, id, c, d } : { t, id, d });
    });
  }

  /**
   * Sends a frame that wants none. Lost when there is no connection.
   * @param {string} t
   * @param {{c?: string | null, d?: object}} rest
   */
  send(t, { c, d = {} } = {}) {
    if (this.state !== "online") return false;
    this.#write(c ? { t, c, d } : { t, d });
    return true;
  }

  // Internal

  async #connect() {
    const round = (this.#round += 1);
    this.#cancelTimers();
    this.#become("connecting", "");
    let hello;
    try {
      hello = await this.#options.hello(this.#renew);
    } catch (error) {
      if (round === this.#round) this.#helloFailed(error);
      return;
    }
    if (round === this.#round) this.#dial(round, hello);
  }

  /** @param {unknown} error */
  #helloFailed(error) {
    if (error instanceof WireError && !error.temporary) {
      this.reason = error.code;
      this.#become("stopped", error.code);
    } else {
      if (error instanceof WireError && error.retryMs) this.#hint = error.retryMs;
      this.#wait("lost");
    }
  }

  /**
   * @param {number} round
   * @param {object} hello
   */
  #dial(round, hello) {
    const socket = this.#open(this.#options.url, subprotocol);
    this.#socket = socket;
    const current = () => round === this.#round && this.#socket === socket;
    socket.onopen = () => current() && this.#write({ t: "hello", id: "h", d: hello });
    socket.onmessage = (event) => current() && this.#receive(String(event.data));
    socket.onclose = (event) => current() && this.#closed(event.code);
    this.#timer("welcome", welcomeWithin, () => this.#lost());
  }

  /** @param {string} text */
  #receive(text) {
    this.#heard = this.#clock.now();
    this.#cancelTimer("pong");
    /** @type {Frame} */
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    if (frame.t === "welcome") this.#welcomed(frame);
    // Refused for now: the server says when it may have room.
    if (frame.t === "err" && frame.re === "h") this.#hint = frame.d?.retry_ms ?? null;
    if (frame.t === "reconnect") this.#hint = frame.d?.after_ms ?? null;
    const request = frame.re ? this.#waiting.get(frame.re) : undefined;
    if (request && (frame.t === "ack" || frame.t === "err")) {
      this.#waiting.delete(/** @type {string} */ (frame.re));
      if (frame.t === "ack") request.resolve(frame);
      else request.reject(new WireError(frame.d ?? {}));
    } else if (frame.t !== "pong") {
      this.#options.onFrame(frame);
    }
  }

  /** @param {Frame} frame */
  #welcomed(frame) {
    this.#cancelTimer("welcome");
    this.#heartbeat = (frame.d?.heartbeat_s ?? 25) * 1000;
    this.#renew = false;
    this.#renewed = false;
    this.#backoff.reset();
    this.#hint = null;
    this.#listen();
    this.#become("online", "");
  }

  /**
   * Pings after a heartbeat of silence and gives up after one and a half: if the timer was held
   * up, as those of hidden pages are, only after a ping of its own.
   */
  #listen() {
    const due = this.#clock.now() + this.#heartbeat / 2;
    this.#timer("heartbeat", this.#heartbeat / 2, () => {
      const silence = this.#clock.now() - this.#heard;
      const isLate = this.#clock.now() - due > sleptFor;
      if (isLate) this.#probe();
      else if (silence >= this.#heartbeat * 1.5) return this.#lost();
      else if (silence >= this.#heartbeat) this.send("ping");
      this.#listen();
    });
  }

  /** Pings, and connects anew at once when nothing comes back. */
  #probe() {
    if (this.#timers.has("pong")) return;
    this.send("ping");
    this.#timer("pong", pongWithin, () => {
      this.#drop(4000);
      this.#backoff.reset();
      this.#connect();
    });
  }

  /** The socket is of no use any more, whatever it says of itself. */
  #lost() {
    this.#drop(4000);
    this.#wait("lost");
  }

  /** @param {number} code */
  #closed(code) {
    this.#forget();
    const advice = closeAdvice(code, this.#renewed);
    if (advice.action === "stop") {
      this.#become("stopped", advice.reason);
    } else if (advice.action === "renew") {
      this.#renew = true;
      this.#renewed = true;
      this.#connect();
    } else {
      this.#wait(code === 1012 ? "restart" : "lost");
    }
  }

  /** @param {string} reason */
  #wait(reason) {
    const wait = this.#hint === null ? this.#backoff.next() : this.#backoff.hinted(this.#hint);
    this.#hint = null;
    this.#become("waiting", reason);
    this.#timer("retry", wait, () => this.#connect());
  }

  /** @param {number} code */
  #drop(code) {
    const socket = this.#socket;
    this.#forget();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  #forget() {
    this.#socket = null;
    this.#cancelTimers();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const request of waiting) request.reject(WireError.disconnected());
  }

  /** @param {object} frame */
  #write(frame) {
    this.#socket?.send(JSON.stringify(frame));
  }

  /**
   * @param {ConnectionState} state
   * @param {string} reason
   */
  #become(state, reason) {
    this.state = state;
    this.reason = reason;
    this.#options.onState(state, reason);
  }

  /**
   * @param {string} name
   * @param {number} ms
   * @param {() => void} run
   */
  #timer(name, ms, run) {
    this.#cancelTimer(name);
    this.#timers.set(name, this.#clock.after(ms, () => {
      this.#timers.delete(name);
      run();
    }));
  }

  /** @param {string} name */
  #cancelTimer(name) {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  #cancelTimers() {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}

/**
 * Wakes `connection` whenever the browser hints that the network or the page is back.
 * @param {{wake: () => void}} connection
 * @param {Window} window
 */
export function wakeWith(connection, window) {
  const wake = () => connection.wake();
  window.addEventListener("online", wake);
  window.addEventListener("offline", wake);
  window.addEventListener("pageshow", wake);
  window.document.addEventListener("visibilitychange", () => {
    if (window.document.visibilityState === "visible") wake();
  });
  wakeAfterSleep(connection);
}

/**
 * Wakes `connection` after the computer slept, which no event tells of: the clock has jumped.
 * @param {{wake: () => void}} connection
 * @param {import("./clock.js").Clock} [clock]
 */
export function wakeAfterSleep(connection, clock = systemClock) {
  const due = clock.now() + lookEvery;
  clock.after(lookEvery, () => {
    if (clock.now() - due > sleptFor) connection.wake();
    wakeAfterSleep(connection, clock);
  });
}

/**
 * The address of the server's socket, as seen from a page of its own.
 * @param {Location | URL} location
 */
export function socketURL(location) {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/v1/ws`;
}
