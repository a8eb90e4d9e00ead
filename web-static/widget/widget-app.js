// @ts-check

import { Connection, socketURL } from "../shared/connection.js";
import { newID } from "../shared/ids.js";
import { Outbox } from "../shared/outbox.js";
import { TypingSignal } from "../shared/typing-signal.js";
import { inkOn } from "./brand.js";
import { Chat } from "./models/chat.js";
import { PageTrail } from "./models/page-trail.js";
import { WidgetSession } from "./models/session.js";

/** @typedef {import("../shared/connection.js").Frame} Frame */
/** @typedef {import("../shared/outbox.js").Letter} Letter */

/** The widget: joins the session, the socket, the conversations and what is seen of them. */
export class WidgetApp {
  #config;
  #kept;
  #perTab;
  #host;
  #view;
  #session;
  #connection;
  #outbox;
  #trail;
  #typing;
  /** @type {Map<string, Chat>} */
  #chats = new Map();
  /** @type {string | null} */
  #current = null;
  #epoch = "";
  #isOpen = false;
  #isStarted = false;
  #isEnded = false;
  #isAsking = false;
  #peopleOnline = true;
  #renderPlanned = false;
  /** @type {{name: string, data: object}[]} */
  #tracked = [];
  #tabs;
  #unreadTold = 0;
  #slowly = 0;

  /** @param {any} parts */
  constructor({ site, config, kept, perTab, letters, host, view, strings }) {
    this.#config = config;
    this.#kept = kept;
    this.#perTab = perTab;
    this.#host = host;
    this.#view = view;
    this.strings = strings;
    this.#peopleOnline = config.online ?? true;
    this.#session = new WidgetSession({ site, kept, identity: () => host.identity() });
    this.#trail = new PageTrail(kept, perTab);
    this.#connection = new Connection({
      url: socketURL(location),
      hello: (renew) => this.#hello(renew),
      onFrame: (frame) => this.#receive(frame),
      onState: (state, reason) => this.#connectionIs(state, reason),
    });
    this.#outbox = new Outbox({
      store: letters,
      send: (letter) => this.#deliver(letter),
      onChange: () => this.#render(),
    });
    this.#typing = new TypingSignal((on) => {
      if (this.#current) this.#connection.send("typing", { c: this.#current, d: { on } });
    });
    this.#tabs = "BroadcastChannel" in window ? new BroadcastChannel(`maitred:${site}`) : null;
    this.#tabs?.addEventListener("message", ({ data }) => data === "ended" && this.#endedElsewhere());
  }

  // Lifecycle

  /** @param {boolean} isOpen */
  async begin(isOpen) {
    this.#view.beginHeader({ close: () => this.#host.tell({ t: "close" }), items: () => this.#menu() });
    this.#listen();
    if (this.#view.brand) {
      this.#host.tell({ t: "brand", colour: this.#view.brand, ink: inkOn(this.#view.brand) });
    }
    this.#view.composer.text = this.#perTab.get("draft") ?? "";
    await this.#outbox.load();
    this.#render();
    if (isOpen) this.opened();
    // Somebody who never wrote is nobody's business until they open the chat.
    else if (this.#session.isReturning || this.#outbox.letters.length > 0) this.#start();
  }

  opened() {
    this.#isOpen = true;
    this.#start();
    this.#read();
  }

  closed() {
    this.#isOpen = false;
    this.#typing.stop();
  }

  wake() {
    this.#connection.wake();
    this.#read();
  }

  /** Ends the session here and in every other tab; nothing is sent afterwards. */
  async shutdown() {
    this.#tabs?.postMessage("ended");
    await this.#end();
  }

  // Actions

  /** @param {object} context */
  pageChanged(context) {
    if (this.#isEnded) return;
    this.#trail.arrive(context);
    this.#tellPages();
  }

  /** @param {string} name @param {object} data */
  track(name, data) {
    this.#tracked.push({ name, data });
    this.#tracked.splice(0, this.#tracked.length - 20);
    this.#tellPages();
  }

  identityChanged() {
    this.#session.invalidate();
    if (!this.#isStarted) return;
    this.#connection.stop();
    this.#connection.start();
  }

  /** @param {string} text @param {{m?: string, choice?: string}} [picked] */
  say(text, picked = {}) {
    if (text.trim() === "" || this.#isEnded) return;
    this.#start();
    void this.#outbox.add({ cid: newID(), c: this.#current, text, ...picked });
  }

  async #askForPerson() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#render();
    try {
      const c = this.#current ?? (await this.#startConversation());
      await this.#connection.request("human", { c });
    } catch {
      // The button is still there; the line about the connection says why nothing happened.
    }
    this.#isAsking = false;
    this.#render();
  }

  async #startConversation() {
    const ack = await this.#connection.request("conv.start");
    const c = String(ack.c);
    this.#chat(c);
    this.#show(c);
    return c;
  }

  async #startAfresh() {
    this.#current = null;
    this.#view.hideEarlier();
    this.#view.composer.focusField();
    this.#render();
  }

  async #openEarlier() {
    try {
      const token = await this.#session.fresh(false);
      const response = await fetch("/v1/widget/conversations", { headers: { Authorization: `Bearer ${token}` } });
      const { conversations = [] } = await response.json();
      this.#view.showEarlier(conversations, {
        back: () => this.#view.hideEarlier(),
        open: (/** @type {string} */ c) => {
          this.#view.hideEarlier();
          this.#chat(c);
          this.#show(c);
          void this.#sync(c);
        },
      });
    } catch {
      this.#view.showEarlier([], { back: () => this.#view.hideEarlier(), open: () => {} });
    }
  }

  #menu() {
    const chat = this.#chatNow();
    const items = [];
    if (chat && !chat.isResolved && !chat.isEmpty) {
      items.push({ id: "menu-end", label: this.strings.say("end"), run: () => void this.#connection.request("end", { c: chat.c }).catch(() => {}) });
    }
    if (chat && !chat.isEmpty) {
      items.push({ id: "menu-fresh", label: this.strings.say("fresh"), run: () => void this.#startAfresh() });
    }
    items.push({ id: "menu-earlier", label: this.strings.say("earlier"), run: () => void this.#openEarlier() });
    return items;
  }

  // Callbacks

  #listen() {
    const { composer, transcript } = this.#view;
    composer.addEventListener("send", (/** @type {any} */ { detail }) => this.say(detail.text));
    composer.addEventListener("typed", (/** @type {any} */ { detail }) => {
      this.#typing.changed(detail.text);
      this.#perTab.set("draft", detail.text);
    });
    composer.addEventListener("human", () => void this.#askForPerson());
    transcript.addEventListener("choice", (/** @type {any} */ { detail }) => this.say(detail.text, { m: detail.m, choice: detail.choice }));
    transcript.addEventListener("suggest", (/** @type {any} */ { detail }) => {
      this.say(detail.text);
      composer.focusField();
    });
    transcript.addEventListener("retry", (/** @type {any} */ { detail }) => void this.#outbox.retry(detail.cid));
    transcript.addEventListener("discard", (/** @type {any} */ { detail }) => {
      this.#outbox.remove(detail.cid);
      this.#view.compose(detail.text);
    });
    transcript.addEventListener("seen", () => this.#read());
  }

  /** @param {boolean} renew */
  async #hello(renew) {
    const token = await this.#session.fresh(renew);
    const resume = [...this.#chats.values()].map((chat) => ({ c: chat.c, s: chat.timeline.last }));
    const context = this.#trail.current;
    const waiting = this.#perTab.get("trail")?.length > 1;
    return {
      token,
      ...(context && !waiting ? { context } : {}),
      ...(this.#epoch && resume.length > 0 ? { resume, epoch: this.#epoch } : {}),
    };
  }

  /** @param {Frame} frame */
  #receive(frame) {
    if (frame.t === "welcome") return this.#welcomed(frame.d);
    if (frame.t === "resync") return void this.#refetch(String(frame.c ?? frame.d?.c));
    if (frame.t === "notice") return this.#noticed(frame.d);
    if (frame.t === "err" && frame.d?.code === "unauthenticated") this.#session.invalidate();
    if (!frame.c) return;
    const isNew = !this.#chats.has(frame.c);
    const chat = this.#chat(frame.c);
    const wasQueued = chat.status === "queued";
    const { added, missing } = chat.receive(frame);
    for (const event of added) this.#logged(event);
    if (missing) void this.#sync(frame.c);
    if (isNew && this.#current === null && !chat.isResolved) this.#show(frame.c);
    if (!wasQueued && chat.status === "queued") void this.#askWhoIsThere();
    if (added.length > 0 && frame.c === this.#current) this.#read();
    this.#tellUnread();
    this.#render();
  }

  /** @param {any} welcome */
  #welcomed(welcome) {
    if (this.#epoch && this.#epoch !== welcome.epoch) for (const chat of this.#chats.values()) chat.reset();
    this.#epoch = welcome.epoch;
    this.#peopleOnline = welcome.agents_online ?? this.#peopleOnline;
    for (const { c, s, status, owner } of welcome.conversations ?? []) {
      const isKnown = this.#chats.has(c);
      const chat = this.#chat(c);
      if (isKnown) continue;
      chat.status = status;
      chat.owner = owner ?? chat.owner;
      // Its events follow the welcome; should they not, they are asked for.
      setTimeout(() => chat.timeline.last < s && void this.#sync(c), 1500);
    }
    this.#current ??= latestOpen(welcome.conversations ?? []);
    this.#tellPages();
    void this.#outbox.flush();
    this.#render();
  }

  /** @param {any} notice */
  #noticed(notice) {
    if (/nobody|away|unavailable/.test(notice?.code ?? "")) this.#peopleOnline = false;
    this.#render();
  }

  /** @param {Frame} event */
  #logged(event) {
    if (event.t !== "msg.new") return;
    const own = event.d.from?.kind === "customer";
    if (own && event.d.cid) this.#outbox.remove(event.d.cid);
    const name = own ? "message:sent" : "message:received";
    this.#host.tell({ t: "event", name, detail: { at: event.d.at, from: event.d.from?.kind } });
  }

  /** @param {import("../shared/connection.js").ConnectionState} state @param {string} reason */
  #connectionIs(state, reason) {
    clearTimeout(this.#slowly);
    const again = () => this.#connection.start();
    if (state === "online") this.#view.showConnection("");
    else if (state === "stopped" && reason === "replaced") this.#view.showConnection("replaced", again);
    else if (state === "stopped" && reason === "forbidden") this.#view.showConnection("refusedSite");
    else if (state === "stopped" && reason !== "normal") this.#view.showConnection("stopped", again);
    else if (!this.#isEnded) {
      // A blink of the network is nobody's worry.
      this.#slowly = window.setTimeout(() => this.#view.showConnection(navigator.onLine ? "connecting" : "offline"), 1200);
    }
    document.documentElement.dataset.connection = state;
    this.#host.tell({ t: "event", name: "connection", detail: { state, reason } });
  }

  // Internal

  #start() {
    if (this.#isStarted || this.#isEnded) return;
    this.#isStarted = true;
    this.#connection.start();
  }

  /** @param {string} c */
  #chat(c) {
    const known = this.#chats.get(c);
    if (known) return known;
    const chat = new Chat(c, { onChange: () => this.#render(), read: this.#marks("read")[c] ?? 0 });
    this.#chats.set(c, chat);
    return chat;
  }

  /** @param {string} name @returns {Record<string, any>} what is remembered, by conversation */
  #marks(name) {
    return this.#kept.get(name) ?? {};
  }

  /** @param {string} name @param {string} c @param {any} value */
  #mark(name, c, value) {
    const { [c]: _, ...others } = this.#marks(name);
    this.#kept.set(name, Object.fromEntries([...Object.entries(others), [c, value]].slice(-20)));
  }

  #chatNow() {
    return this.#current ? (this.#chats.get(this.#current) ?? null) : null;
  }

  /** @param {string} c */
  #show(c) {
    this.#current = c;
    this.#render();
    this.#read();
  }

  /** @param {Letter} letter */
  async #deliver(letter) {
    const { cid, text, choice, m } = letter;
    const ack = choice && m && letter.c
      ? await this.#connection.request("choice", { c: letter.c, d: { cid, m, choice } })
      : await this.#connection.request("msg.send", { c: letter.c, d: { cid, text } });
    const c = String(ack.c ?? letter.c);
    this.#chat(c);
    if (this.#current !== c) this.#show(c);
    return { c, s: ack.d?.s ?? 0 };
  }

  /** @param {string} c */
  async #sync(c) {
    const chat = this.#chat(c);
    if (chat.isSyncing) return;
    chat.isSyncing = true;
    try {
      await this.#connection.request("sync", { c, d: { after: chat.timeline.last } });
    } catch {
      // Whatever went wrong, the next event or the next welcome asks again.
    }
    chat.isSyncing = false;
  }

  /**
   * Too much was missed to be replayed: fetched page by page instead.
   * @param {string} c
   */
  async #refetch(c) {
    const chat = this.#chat(c);
    const token = await this.#session.fresh(false).catch(() => null);
    for (let more = token !== null; more; ) {
      const url = `/v1/widget/conversations/${encodeURIComponent(c)}/events?after=${chat.timeline.last}&limit=200`;
      const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
      if (!response?.ok) break;
      const before = chat.timeline.last;
      const page = await response.json();
      for (const frame of page.events ?? []) this.#receive({ ...frame, c });
      more = page.more === true && chat.timeline.last > before;
    }
  }

  #tellPages() {
    if (!this.#connection.isOnline || this.#isEnded) return;
    const c = this.#chatNow()?.isResolved === false ? this.#current : null;
    for (const context of this.#trail.take()) this.#connection.send("context", { c, d: context });
    for (const { name, data } of this.#tracked.splice(0)) this.#connection.send("track", { d: { name, data } });
  }

  async #askWhoIsThere() {
    const site = encodeURIComponent(this.#config.site?.key ?? new URLSearchParams(location.search).get("site") ?? "");
    const response = await fetch(`/v1/widget/config?site=${site}`, { cache: "no-store", credentials: "omit" }).catch(() => null);
    if (!response?.ok) return;
    this.#peopleOnline = (await response.json()).online ?? true;
    this.#render();
  }

  #read() {
    const chat = this.#chatNow();
    if (!chat || !this.#isOpen || document.visibilityState !== "visible") return;
    if (!this.#view.transcript.isAtEnd || !chat.unread.read(chat.timeline.last)) return;
    this.#mark("read", chat.c, chat.timeline.last);
    this.#connection.send("read", { c: chat.c, d: { upto: chat.timeline.last } });
    this.#tellUnread();
  }

  #tellUnread() {
    const count = [...this.#chats.values()].reduce((sum, chat) => sum + chat.unread.count, 0);
    if (count === this.#unreadTold) return;
    this.#unreadTold = count;
    this.#host.tell({ t: "unread", count });
  }

  /** Draws once per frame however much has changed. */
  #render() {
    if (this.#renderPlanned) return;
    this.#renderPlanned = true;
    const plan = document.visibilityState === "visible" ? requestAnimationFrame : queueMicrotask;
    plan(() => {
      this.#renderPlanned = false;
      const chat = this.#chatNow();
      const letters = this.#outbox.letters.filter(({ c }) => c === this.#current || c === null);
      this.#view.show({ chat, letters, peopleOnline: this.#peopleOnline, isAsking: this.#isAsking });
      this.#askAbout(chat);
      this.#read();
    });
  }

  /** @param {Chat | null} chat */
  #askAbout(chat) {
    const c = chat?.c ?? "";
    const rates = chat?.isResolved && !chat.isEmpty && this.#marks("rated")[c] !== true;
    const needsAddress = chat?.status === "queued" && !this.#peopleOnline;
    this.#view.ask({ kind: needsAddress ? "address" : rates ? "rating" : "", c }, {
      rate: async (/** @type {number} */ score, /** @type {string} */ comment) => {
        await this.#connection.request("csat", { c, d: { score, ...(comment ? { comment } : {}) } });
        setTimeout(() => this.#rated(c), 2500);
      },
      skip: () => this.#rated(c),
      leave: async (/** @type {string} */ email) => {
        await this.#connection.request("address", { c, d: { email } });
      },
    });
  }

  /** @param {string} c */
  #rated(c) {
    this.#mark("rated", c, true);
    this.#render();
    this.#view.composer.focusField();
  }

  #endedElsewhere() {
    this.#host.tell({ t: "ended" });
    void this.#end();
  }

  async #end() {
    this.#isEnded = true;
    this.#typing.stop();
    this.#connection.stop();
    for (const { cid } of [...this.#outbox.letters]) this.#outbox.remove(cid);
    this.#trail.clear();
    this.#perTab.remove("draft");
    this.#session.end();
    this.#chats.clear();
    this.#current = null;
  }
}

/** @param {{c: string, status: string}[]} rows */
function latestOpen(rows) {
  return (rows.filter((row) => row.status !== "resolved").at(-1) ?? null)?.c ?? null;
}
