// @ts-check

import { own } from "./own.js";

/** How long the chat may take: to load, with a network and without one; then to say it is there. */
const loadsWithin = 20_000;
const loadsWithinOffline = 3000;
const readyWithin = 8000;
/** How many pages are kept until it is there. */
const pagesKept = 10;

/**
 * The iframe with the conversation, and the channel to it. The channel's other end is handed to
 * the chat's own origin and to nobody else; messages of the window are never listened to.
 */
export class Frame {
  /** @type {HTMLIFrameElement | null} */
  element = null;
  /** @type {MessagePort | null} only while the chat listens */
  #port = null;
  /** @type {MessagePort | null} */
  #channel = null;
  /** @type {any[]} */
  #held = [];
  /** @type {Map<number, {resolve: (value: any) => void, reject: (why: Error) => void}>} */
  #asked = new Map();
  #nextID = 0;
  /** @type {any} */
  #timer = 0;
  #parts;

  /**
   * @param {object} parts
   * @param {string} parts.origin of the chat
   * @param {string} parts.site
   * @param {(tag: string, attributes: Record<string, string>) => HTMLElement} parts.make
   * @param {() => string} parts.title
   * @param {() => object} parts.hello what the chat is told first
   * @param {(message: any) => void} parts.hear
   * @param {(state: "loading" | "ready" | "failed") => void} parts.changed
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Whether the chat listens. */
  get isReady() {
    return Boolean(this.#port);
  }

  /**
   * Makes the iframe, unless there is one.
   * @param {Element} parent
   */
  load(parent) {
    if (this.element) return;
    const { origin, site, make, title, changed } = this.#parts;
    const frame = /** @type {HTMLIFrameElement} */ (make("iframe", {
      title: title(),
      src: `${origin}/widget/v1/frame?site=${encodeURIComponent(site)}`,
      allow: "clipboard-write; autoplay",
    }));
    this.element = frame;
    own.listen(frame, "load", () => this.#greet(frame));
    own.append(parent, frame);
    changed("loading");
    this.#expect(navigator.onLine ? loadsWithin : loadsWithinOffline);
  }

  /** @param {any} message */
  post(message) {
    if (this.#port) {
      own.post(this.#port, message);
      // It loads again, and what follows is for the one that comes.
      if (message.t === "locale") this.#port = null;
      return;
    }
    if (message.t === "context") this.#dropPage();
    this.#held[this.#held.length] = message;
  }

  /**
   * A message that is answered.
   * @param {object} message
   * @returns {Promise<any>}
   */
  ask(message) {
    const id = (this.#nextID += 1);
    return new own.Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.post({ ...message, id });
    });
  }

  remove() {
    own.cancel(null, this.#timer);
    this.#channel?.close();
    this.#channel = this.#port = null;
    if (this.element) own.remove(this.element);
    this.element = null;
  }

  /**
   * Opens a channel. A frame that loads again hears nothing until it says that it is ready.
   * @param {any} frame
   */
  #greet(frame) {
    if (frame !== this.element) return;
    const { port1, port2 } = new own.Channel();
    this.#channel?.close();
    this.#channel = port1;
    this.#port = null;
    this.#expect(readyWithin);
    own.listen(port1, "message", ({ data }) => {
      if (this.#channel === port1) this.#hear(data);
    });
    own.start(port1);
    // A window of another origin has no functions of the page's: this one is the browser's.
    frame.contentWindow?.postMessage(
      { maitred: 1, ...this.#parts.hello() },
      this.#parts.origin,
      [port2],
    );
  }

  /** @param {any} message */
  #hear(message) {
    if (message.t === "ready") {
      own.cancel(null, this.#timer);
      this.#port = this.#channel;
      this.#parts.changed("ready");
      const held = this.#held;
      this.#held = [];
      for (const each of held) this.post(each);
    } else if (message.t === "done") {
      const waiter = this.#asked.get(message.re);
      this.#asked.delete(message.re);
      if (message.error) waiter?.reject(new Error(message.error));
      else waiter?.resolve(message.value);
    } else this.#parts.hear(message);
  }

  /** @param {number} limit in milliseconds, after which it is given up */
  #expect(limit) {
    own.cancel(null, this.#timer);
    this.#timer = own.later(null, () => {
      this.remove();
      this.#parts.changed("failed");
    }, limit);
  }

  /** Keeps the waiting pages, with the one that comes, to the last few. */
  #dropPage() {
    let surplus = 1 - pagesKept;
    for (const each of this.#held) if (each.t === "context") surplus += 1;
    /** @type {any[]} */
    const kept = [];
    for (const each of this.#held) {
      if (each.t === "context" && (surplus -= 1) >= 0) continue;
      kept[kept.length] = each;
    }
    this.#held = kept;
  }
}
