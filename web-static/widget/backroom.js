// @ts-check

import { Connection, socketURL } from "../shared/connection.js";
import { ChatBook } from "./chat-book.js";
import { WidgetSession } from "./models/session.js";
import { TabIdentity, claimsOf } from "./tabs/tab-identity.js";
import { TabLine } from "./tabs/tab-line.js";
import { TabOutbox } from "./tabs/tab-outbox.js";

/** @typedef {import("../shared/connection.js").ConnectionState} ConnectionState */
/** @typedef {import("../shared/connection.js").Frame} Frame */
/** @typedef {import("../shared/outbox.js").Letter} Letter */

/**
 * What the room tells the app in front of it.
 * @typedef {object} RoomListener
 * @property {(frame: Frame) => void} onFrame
 * @property {(state: ConnectionState, reason: string) => void} onState
 * @property {() => void} onConnected frames can be sent, after a welcome or through another tab
 * @property {() => void} onChange something that is shown has changed
 * @property {(c: string | null) => void} onCurrent another conversation is in front
 * @property {(letter: Letter) => Promise<{c: string, s: number}>} deliver
 * @property {() => object | null} context where the customer is, if it is for this tab to say
 * @property {() => void} onCalled another tab began to speak with the server
 * @property {() => void} onEnded another tab ended the session
 */

/** The part of the widget that its tabs share: session, line, outbox and conversations. */
export class Backroom {
  /** @type {WidgetSession} */
  session;
  /** @type {TabLine} */
  line;
  /** @type {TabOutbox} */
  outbox;
  /** @type {ChatBook} */
  book;
  #channel;
  #ends;
  #identity;
  #kept;
  #letters;
  #names;
  #place;

  /**
   * @param {object} parts
   * @param {string} parts.site
   * @param {import("./tabs/tab-channel.js").TabChannel} parts.channel to the site's other tabs
   * @param {import("../shared/storage.js").KeptValues} parts.kept
   * @param {import("../shared/outbox.js").LetterStore} parts.letters
   * @param {import("./session-ends.js").SessionEnds} parts.ends
   * @param {{identity: () => Promise<string | null>}} parts.host
   * @param {boolean} parts.names whether the page can name its customer
   * @param {string} parts.place the conversation this tab showed last
   * @param {RoomListener} listener
   */
  constructor({ site, channel, kept, letters, ends, host, names, place }, listener) {
    this.#channel = channel;
    this.#ends = ends;
    this.#kept = kept;
    this.#letters = letters;
    this.#names = names;
    this.#place = place;
    this.#identity = new TabIdentity({
      channel,
      host,
      onNamed: (who) => this.#named(who),
    });
    this.session = new WidgetSession({
      site,
      kept,
      identity: () => this.#identity.token(),
      borrow: (renew) => this.#borrow(renew),
    });
    this.line = new TabLine({
      channel,
      name: `maitred:${site}`,
      locks: navigator.locks ?? null,
      connect: (heard) =>
        new Connection({
          url: socketURL(location),
          hello: (renew) => this.#hello(renew, listener.context()),
          ...heard,
        }),
      onFrame: listener.onFrame,
      onState: (state, reason) => {
        if (state === "online") this.#borrowAhead();
        listener.onState(state, reason);
      },
      onLead: () => void this.outbox.lead(),
      onRetire: () => this.outbox.retire(),
      onFollow: () => this.#followed(listener),
      position: () => this.book.resume,
      missed: (position) => this.book.missed(position),
      answers: { token: ({ renew }) => this.session.lend(renew) },
    });
    this.book = new ChatBook({
      kept,
      place,
      connection: this.line,
      session: this.session,
      onChange: listener.onChange,
      onCurrent: listener.onCurrent,
      onFrame: listener.onFrame,
      onMark: (mark) => channel.post("mark", mark),
    });
    this.outbox = new TabOutbox({
      channel,
      line: this.line,
      store: letters,
      send: listener.deliver,
      onChange: listener.onChange,
      onPlaced: ({ letter, c }) => this.#placed(letter, c),
      isLogged: (c, s) => this.book.has(c) && this.book.open(c).timeline.last >= s,
    });
    channel.on("mark", ({ name, key, value }) => this.book.keep(name, key, value));
    channel.on("lead", listener.onCalled);
    channel.on("ended", listener.onEnded);
  }

  /** Whether what waits outlives the page, and not only in other tabs. */
  get lasts() {
    return this.#letters.lasts;
  }

  // Lifecycle

  /**
   * What is on its way to the conversation in front, or begins one from here. Without a network
   * nobody knows of a conversation yet: then it is the one that was in front before a reload.
   */
  get letters() {
    const { current, isKnown } = this.book;
    const front = isKnown ? current : current ?? this.#place;
    return this.outbox.letters.filter(({ c, tab }) =>
      (c !== null && c === front) ||
      (c === null && (current === null || tab === this.#channel.id)),
    );
  }

  /** The page of this tab says who the customer is, now or from now on. */
  identityChanged() {
    this.#names = true;
    if (this.line.state !== "idle") void this.#identity.tell();
  }

  /**
   * Ends the session here, in every other tab and on the server; rejects when the server could not
   * be told.
   */
  async shutdown() {
    const { named } = this.session;
    this.#channel.post("ended");
    await Promise.all([this.end(), this.#ends.end(named)]);
  }

  /** Ends the session in this tab and wipes what is kept of it. */
  async end() {
    this.session.end();
    this.line.stop();
    this.book.clear();
    this.#kept.clear();
    await this.outbox.clear();
  }

  // Callbacks

  /** @param {boolean} renew @param {object | null} context */
  async #hello(renew, context) {
    const token = await this.session.fresh(renew);
    return { token, ...(context ? { context } : {}), ...this.book.resume };
  }

  /** @param {boolean} renew */
  async #borrow(renew) {
    if (this.line.isLeading || this.line.state === "idle" || this.line.state === "stopped") {
      return null;
    }
    return this.line.ask("token", { renew });
  }

  /** @param {RoomListener} listener */
  #followed(listener) {
    this.outbox.follow();
    if (this.#names) void this.#identity.tell();
    if (this.line.isOnline) listener.onConnected();
  }

  /**
   * For what is fetched over HTTP, to end the session at once, and to take over with a network
   * that barely lives.
   */
  #borrowAhead() {
    if (!this.line.isLeading) this.session.fresh(false).catch(() => {});
  }

  /** @param {string} who the customer is, as a page says */
  #named(who) {
    const { identity } = this.session;
    // The first session is about to be opened with it anyhow.
    if (identity === undefined || who === claimsOf(identity)) return;
    this.session.invalidate();
    if (this.line.isLeading) this.line.restart();
  }

  /** @param {Letter} letter as it was written @param {string} c where it went */
  #placed(letter, c) {
    if (letter.c !== null || letter.tab !== this.#channel.id) return;
    // It is shown where it went, unless the customer has turned to another one meanwhile.
    const { current } = this.book;
    if (current !== null && current !== letter.was) return;
    this.book.open(c);
    this.book.current = c;
  }
}

/**
 * Hands the line to another tab while the browser keeps this page still, or puts it away.
 * @param {{suspend: () => void, resume: () => void}} line
 * @param {Window} window
 */
export function restWith(line, window) {
  window.document.addEventListener("freeze", () => line.suspend());
  window.document.addEventListener("resume", () => line.resume());
  window.addEventListener("pagehide", () => line.suspend());
  window.addEventListener("pageshow", () => line.resume());
}
