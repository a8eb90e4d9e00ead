// @ts-check

import { Connection, socketURL } from "../shared/connection.js";
import { newID } from "../shared/ids.js";
import { Outbox } from "../shared/outbox.js";
import { TypingSignal } from "../shared/typing-signal.js";
import { Asides } from "./asides.js";
import { inkOn } from "./brand.js";
import { ChatBook } from "./chat-book.js";
import { PageTrail } from "./models/page-trail.js";
import { WidgetSession } from "./models/session.js";
import { Opinions } from "./opinions.js";

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
  /** @type {Connection} */
  #connection;
  #outbox;
  #trail;
  #typing;
  /** @type {ChatBook} */
  #book;
  #opinions;
  #asides;
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
    this.#peopleOnline = config.online ?? true;
    this.#session = new WidgetSession({ site, kept, identity: () => host.identity() });
    this.#trail = new PageTrail(kept, perTab);
    this.#connection = new Connection({
      url: socketURL(location),
      hello: (renew) => this.#hello(renew),
      onFrame: (frame) => this.#receive(frame),
      onState: (state, reason) => this.#connectionIs(state, reason),
    });
    this.#book = new ChatBook({
      kept,
      connection: this.#connection,
      session: this.#session,
      onChange: () => this.#render(),
      onFrame: (frame) => this.#receive(frame),
    });
    this.#outbox = new Outbox({
      store: letters,
      send: (letter) => this.#deliver(letter),
      onChange: () => this.#render(),
    });
    const parts = { book: this.#book, connection: this.#connection, outbox: this.#outbox };
    this.#opinions = new Opinions(parts);
    this.#asides = new Asides({ ...parts, view, strings, onChange: () => this.#render() });
    this.#typing = new TypingSignal((on) => {
      if (this.#book.current) this.#connection.send("typing", { c: this.#book.current, d: { on } });
    });
    this.#tabs = "BroadcastChannel" in window ? new BroadcastChannel(`maitred:${site}`) : null;
    this.#tabs?.addEventListener(
      "message",
      ({ data }) => data === "ended" && this.#endedElsewhere(),
    );
  }

  // Lifecycle

  /** @param {boolean} isOpen */
  async begin(isOpen) {
    this.#view.beginHeader({
      close: () => this.#host.tell({ t: "close" }),
      items: () => this.#asides.menu,
    });
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
    void this.#outbox.add({ cid: newID(), c: this.#book.current, text, ...picked });
  }

  async #askForPerson() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#render();
    try {
      const c = this.#book.current ?? (await this.#startConversation());
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
    this.#book.open(c);
    this.#show(c);
    return c;
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
    const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ run) =>
      transcript.addEventListener(name, (/** @type {any} */ { detail }) => run(detail));
    on("choice", ({ text, m, choice }) => {
      this.say(text, { m, choice });
      // The button goes away and must not take the focus with it.
      composer.focusField();
    });
    on("suggest", ({ text }) => {
      this.say(text);
      composer.focusField();
    });
    on("opinion", (opinion) => {
      if (!this.#isEnded) void this.#opinions.say(opinion);
    });
    on("human", () => {
      void this.#askForPerson();
      composer.focusField();
    });
    on("retry", ({ cid }) => void this.#outbox.retry(cid));
    on("discard", ({ cid, text }) => {
      this.#outbox.remove(cid);
      this.#view.compose(text);
    });
    on("seen", () => this.#read());
  }

  /** @param {boolean} renew */
  async #hello(renew) {
    const token = await this.#session.fresh(renew);
    const context = this.#trail.current;
    const waiting = this.#perTab.get("trail")?.length > 1;
    return {
      token,
      ...(context && !waiting ? { context } : {}),
      ...this.#book.resume,
    };
  }

  /** @param {Frame} frame */
  #receive(frame) {
    if (frame.t === "welcome") return this.#welcomed(frame.d);
    if (frame.t === "resync") return void this.#book.refetch(String(frame.c ?? frame.d?.c));
    if (frame.t === "notice") return this.#noticed(frame.d);
    if (frame.t === "err" && frame.d?.code === "unauthenticated") this.#session.invalidate();
    if (!frame.c) return;
    const isNew = !this.#book.has(frame.c);
    const chat = this.#book.open(frame.c);
    const wasQueued = chat.status === "queued";
    const { added, missing } = chat.receive(frame);
    for (const event of added) this.#logged(event);
    if (missing) void this.#book.sync(frame.c);
    if (isNew && this.#book.current === null && !chat.isResolved) this.#show(frame.c);
    if (!wasQueued && chat.status === "queued") void this.#askWhoIsThere();
    if (added.length > 0 && frame.c === this.#book.current) this.#read();
    this.#tellUnread();
    this.#render();
  }

  /** @param {any} welcome */
  #welcomed(welcome) {
    this.#book.welcomed(welcome);
    this.#peopleOnline = welcome.agents_online ?? this.#peopleOnline;
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
    const isStopped = state === "stopped";
    if (state === "online") this.#view.showConnection("");
    else if (isStopped && reason === "forbidden") this.#view.showConnection("refusedSite");
    else if (isStopped && reason !== "normal") {
      const words = reason === "replaced" ? "replaced" : "stopped";
      this.#view.showConnection(words, () => this.#connection.start());
    } else if (!this.#isEnded) {
      // A blink of the network is nobody's worry.
      const words = navigator.onLine ? "connecting" : "offline";
      this.#slowly = window.setTimeout(() => this.#view.showConnection(words), 1200);
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
  #show(c) {
    this.#book.current = c;
    this.#render();
    this.#read();
  }

  /** @param {Letter} letter */
  async #deliver(letter) {
    if (letter.helpful !== undefined) return this.#opinions.deliver(letter);
    const { cid, text, choice, m } = letter;
    const ack = choice && m && letter.c
      ? await this.#connection.request("choice", { c: letter.c, d: { cid, m, choice } })
      : await this.#connection.request("msg.send", { c: letter.c, d: { cid, text } });
    const c = String(ack.c ?? letter.c);
    this.#book.open(c);
    if (this.#book.current !== c) this.#show(c);
    return { c, s: ack.d?.s ?? 0 };
  }

  #tellPages() {
    if (!this.#connection.isOnline || this.#isEnded) return;
    const c = this.#book.chat?.isResolved === false ? this.#book.current : null;
    for (const context of this.#trail.take()) this.#connection.send("context", { c, d: context });
    for (const d of this.#tracked.splice(0)) this.#connection.send("track", { d });
  }

  async #askWhoIsThere() {
    const site = encodeURIComponent(
      this.#config.site?.key ?? new URLSearchParams(location.search).get("site") ?? "",
    );
    const response = await fetch(`/v1/widget/config?site=${site}`, {
      cache: "no-store",
      credentials: "omit",
    }).catch(() => null);
    if (!response?.ok) return;
    this.#peopleOnline = (await response.json()).online ?? true;
    this.#render();
  }

  #read() {
    const chat = this.#book.chat;
    if (!chat || !this.#isOpen || document.visibilityState !== "visible") return;
    if (!this.#view.transcript.isAtEnd || !chat.unread.read(chat.timeline.last)) return;
    this.#book.mark("read", chat.c, chat.timeline.last);
    this.#connection.send("read", { c: chat.c, d: { upto: chat.timeline.last } });
    this.#tellUnread();
  }

  #tellUnread() {
    const count = this.#book.unreadCount;
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
      const chat = this.#book.chat;
      const letters = this.#outbox.letters.filter(({ c }) =>
        c === this.#book.current || c === null,
      );
      this.#view.show({
        chat,
        letters,
        opinions: this.#opinions.known,
        peopleOnline: this.#peopleOnline,
        isAsking: this.#isAsking,
      });
      this.#asides.show(this.#peopleOnline);
      this.#read();
    });
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
    this.#book.clear();
  }
}
