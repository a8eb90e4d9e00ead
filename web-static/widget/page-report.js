// @ts-check

const trackedKept = 20;

/**
 * Tells the team where the customer is and what they did, for as long as that is its business:
 * while the chat is open or a conversation goes on, and from the tab they look at. The page
 * around the chat is told as well, so that it does not even look.
 */
export class PageReport {
  #trail;
  #connection;
  #book;
  #host;
  #isOpen;
  #document;
  #isWatched = true;
  #isOver = false;
  /** @type {{name: string, data: object}[]} */
  #tracked = [];

  /**
   * @param {object} parts
   * @param {import("./models/page-trail.js").PageTrail} parts.trail
   * @param {{isOnline: boolean, isLeading: boolean,
   *   send: (t: string, rest: any) => unknown}} parts.connection
   * @param {import("./chat-book.js").ChatBook} parts.book
   * @param {{tell: (message: object) => void}} parts.host
   * @param {() => boolean} parts.isOpen whether the chat is
   * @param {{visibilityState: string}} [parts.document]
   */
  constructor({ trail, connection, book, host, isOpen, document = globalThis.document }) {
    this.#trail = trail;
    this.#connection = connection;
    this.#book = book;
    this.#host = host;
    this.#isOpen = isOpen;
    this.#document = document;
  }

  /** The page to say hello with, if anybody may know. */
  get current() {
    return this.#isSeen && this.#mayTell ? this.#trail.current : null;
  }

  /** @param {object} context */
  arrive(context) {
    if (this.#isOver) return;
    this.#trail.arrive(context);
    this.tell();
  }

  /** @param {string} name @param {object} data */
  track(name, data) {
    if (this.#isOver || this.#trail.isPaused) return;
    this.#tracked.push({ name, data });
    this.#tracked.splice(0, this.#tracked.length - trackedKept);
    this.tell();
  }

  connected() {
    this.#trail.again();
    // The tab that leads has said with its hello where its own page is.
    const page = this.#connection.isLeading ? null : this.current;
    this.tell();
    if (page && this.#connection.isOnline) this.#send(page);
  }

  /** The customer looks at this tab: if they were in another one, they are on its page again. */
  inFront() {
    if (this.#isOver || !this.#isSeen) return;
    const { isOvertaken, current } = this.#trail;
    if (isOvertaken && current) this.#trail.arrive(current);
    this.tell();
  }

  /** The customer opened the chat or wrote: where they are matters again. */
  returned() {
    this.#trail.resume();
    this.inFront();
    this.#watch();
  }

  /** Something happened in the conversation; it may be over. */
  settled() {
    const { chat } = this.#book;
    if (chat?.isResolved) this.#trail.pause(chat.c, chat.timeline.last);
    if (this.#isLive) this.#trail.settle();
    if (this.#trail.isPaused) this.#tracked = [];
    this.#watch();
  }

  end() {
    this.#isOver = true;
    this.#tracked = [];
    this.#trail.clear();
  }

  /** Sends what was not sent yet, if anybody may know. */
  tell() {
    if (!this.#connection.isOnline || !this.#mayTell) return;
    if (this.#isSeen) for (const context of this.#trail.take()) this.#send(context);
    if (this.#isLive) this.#trail.settle();
    for (const d of this.#tracked.splice(0)) this.#connection.send("track", { d });
  }

  /** @param {object} context */
  #send(context) {
    this.#connection.send("context", { c: this.#isLive ? this.#book.current : null, d: context });
  }

  get #isSeen() {
    return this.#document.visibilityState === "visible";
  }

  get #isLive() {
    return this.#book.chat?.isResolved === false;
  }

  get #mayTell() {
    return !this.#isOver && !this.#trail.isPaused && (this.#isLive || this.#isOpen());
  }

  #watch() {
    const on = !this.#trail.isPaused;
    if (on === this.#isWatched) return;
    this.#isWatched = on;
    this.#host.tell({ t: "watch", on });
  }
}
