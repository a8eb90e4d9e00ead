// @ts-check

import { Chat } from "./models/chat.js";

/** @typedef {import("../shared/connection.js").Frame} Frame */

/** How long the events of a welcome may take before they are asked for. */
const replayWithin = 1500;
const remembered = 20;

/** The customer's conversations, what is remembered of each, and how what was missed is fetched. */
export class ChatBook {
  /** @type {string | null} */
  #current = null;
  /** @type {Map<string, Chat>} */
  #chats = new Map();
  /** @type {{c: string, s: number, rated: boolean}[]} what ended lately, the latest first */
  #ended = [];
  #epoch = "";
  #kept;
  #connection;
  #session;
  #place;
  #onChange;
  #onCurrent;
  #onFrame;
  #onMark;

  /**
   * @param {object} parts
   * @param {import("../shared/storage.js").KeptValues} parts.kept
   * @param {{request: import("../shared/connection.js").Connection["request"]}} parts.connection
   * @param {import("./models/session.js").WidgetSession} parts.session
   * @param {string} [parts.place] the conversation that was shown last
   * @param {() => void} parts.onChange
   * @param {(c: string | null) => void} [parts.onCurrent] another conversation is shown
   * @param {(frame: Frame) => void} parts.onFrame takes what was fetched as if it had been sent
   * @param {(mark: {name: string, key: string, value: any}) => void} [parts.onMark] something is
   *   remembered that other tabs should know as well
   */
  constructor({
    kept, connection, session, place = "", onChange, onCurrent = () => {}, onFrame,
    onMark = () => {},
  }) {
    this.#kept = kept;
    this.#connection = connection;
    this.#session = session;
    this.#place = place;
    this.#onChange = onChange;
    this.#onCurrent = onCurrent;
    this.#onFrame = onFrame;
    this.#onMark = onMark;
  }

  /** The conversation that is shown; null for one that has not begun. */
  get current() {
    return this.#current;
  }

  set current(c) {
    if (c === this.#current) return;
    this.#current = c;
    this.#onCurrent(c);
  }

  /** @returns {Chat | null} */
  get chat() {
    return this.current ? (this.#chats.get(this.current) ?? null) : null;
  }

  /** Whether the server, or another tab, has said what conversations there are. */
  get isKnown() {
    return this.#epoch !== "";
  }

  get unreadCount() {
    return [...this.#chats.values()].reduce((sum, chat) => sum + chat.unread.count, 0);
  }

  /** How far each is known, for `hello`. */
  get resume() {
    if (!this.#epoch || this.#chats.size === 0) return {};
    const resume = [...this.#chats.values()].map(({ c, timeline }) => ({ c, s: timeline.last }));
    return { resume, epoch: this.#epoch };
  }

  /**
   * What somebody does not know who is that far: a welcome, and all that followed it.
   * @param {{resume?: {c: string, s: number}[], epoch?: string}} position as `resume` says it
   * @returns {Frame[]}
   */
  missed({ resume = [], epoch }) {
    if (!this.#epoch) return [];
    const chats = [...this.#chats.values()];
    const known = new Map(epoch === this.#epoch ? resume.map(({ c, s }) => [c, s]) : []);
    const conversations = chats.map(({ c, timeline, status, owner }) =>
      ({ c, s: timeline.last, status, owner }));
    return [
      { t: "welcome", d: { epoch: this.#epoch, conversations, ended: this.#ended } },
      ...chats.flatMap((chat) => chat.framesAfter(known.get(chat.c) ?? 0)),
    ];
  }

  /** @param {string} c */
  has(c) {
    return this.#chats.has(c);
  }

  /**
   * The conversation of that id, known from now on.
   * @param {string} c
   */
  open(c) {
    const known = this.#chats.get(c);
    if (known) return known;
    const read = this.marks("read")[c] ?? 0;
    const chat = new Chat(c, { onChange: this.#onChange, read });
    this.#chats.set(c, chat);
    return chat;
  }

  clear() {
    this.#chats.clear();
    this.current = null;
  }

  /**
   * @param {any} welcome
   * @param {boolean} [isWriting] whether something is on its way: who has just begun is not led
   *   back to what has ended
   */
  welcomed(welcome, isWriting = false) {
    const isFirst = !this.isKnown;
    if (!isFirst && this.#epoch !== welcome.epoch) {
      for (const chat of this.#chats.values()) chat.reset();
    }
    this.#epoch = welcome.epoch;
    const open = welcome.conversations ?? [];
    for (const { c, s, status, owner } of open) {
      if (this.has(c)) continue;
      const chat = this.open(c);
      chat.status = status;
      chat.owner = owner ?? chat.owner;
      setTimeout(() => chat.timeline.last < s && void this.sync(c), replayWithin);
    }
    const live = open.filter((/** @type {any} */ { status }) => status !== "resolved");
    const latest = live.find((/** @type {any} */ { c }) => c === this.#place) ?? live.at(-1);
    this.current ??= latest?.c ?? null;
    this.#ended = welcome.ended ?? [];
    if (isFirst && !isWriting && this.current === null) this.#returnTo(this.#unsettled);
  }

  /** What ended before this browser showed all of it, or without a word on how it was. */
  get #unsettled() {
    const [read, rated] = [this.marks("read"), this.marks("rated")];
    return this.#ended.find((each) =>
      !(each.rated || rated[each.c]) || each.s > (read[each.c] ?? each.s));
  }

  /** @param {{c: string, s: number} | undefined} ended */
  #returnTo(ended) {
    if (!ended) return;
    const chat = this.open(ended.c);
    // Without a mark nothing counts as unread: it may have been read elsewhere.
    if (this.marks("read")[ended.c] === undefined) chat.unread.read(ended.s);
    chat.status = "resolved";
    chat.owner = { kind: "nobody" };
    this.current = ended.c;
    // In a moment: a tab that does not lead is told of the connection after the welcome.
    setTimeout(() => chat.timeline.last < ended.s && void this.sync(ended.c));
  }

  /**
   * What is remembered under a name, by conversation or message.
   * @param {string} name
   * @returns {Record<string, any>}
   */
  marks(name) {
    return this.#kept.get(name) ?? {};
  }

  /**
   * @param {string} name
   * @param {string} key
   * @param {any} value
   * @param {number} [most] how many are remembered; where all there is are cookies, few fit
   */
  mark(name, key, value, most = remembered) {
    this.keep(name, key, value, most);
    this.#onMark({ name, key, value });
  }

  /**
   * Remembers what another tab does.
   * @param {string} name
   * @param {string} key
   * @param {any} value
   * @param {number} [most]
   */
  keep(name, key, value, most = remembered) {
    const { [key]: _, ...others } = this.marks(name);
    const kept = [...Object.entries(others), [key, value]].slice(-most);
    this.#kept.set(name, Object.fromEntries(kept));
    if (name === "read") this.#chats.get(key)?.unread.read(Number(value));
    this.#onChange();
  }

  /**
   * Asks for what is missing of a conversation.
   * @param {string} c
   */
  async sync(c) {
    const chat = this.open(c);
    if (chat.isSyncing) return;
    chat.isSyncing = true;
    // Whatever goes wrong, the next event or the next welcome asks again.
    await this.#connection
      .request("sync", { c, d: { after: chat.timeline.last } })
      .catch(() => {});
    chat.isSyncing = false;
  }

  /**
   * Too much was missed to be replayed: fetched page by page instead.
   * @param {string} c
   */
  async refetch(c) {
    const { timeline } = this.open(c);
    for (let more = true; more; ) {
      const before = timeline.last;
      const path = `/${encodeURIComponent(c)}/events?after=${before}&limit=200`;
      const page = await this.fetch(path).catch(() => ({}));
      for (const frame of page.events ?? []) this.#onFrame({ ...frame, c });
      more = page.more === true && timeline.last > before;
    }
  }

  /**
   * Something about the customer's conversations over HTTP.
   * @param {string} [path]
   * @returns {Promise<any>}
   */
  async fetch(path = "") {
    const token = await this.#session.fresh(false);
    const response = await fetch(`/v1/widget/conversations${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`Refused with ${response.status}.`);
    return response.json();
  }
}
