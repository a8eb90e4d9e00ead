// @ts-check

import { newID } from "../shared/ids.js";
import { oncePerFrame } from "../shared/once-per-frame.js";
import { TypingSignal } from "../shared/typing-signal.js";
import { Asides } from "./asides.js";
import { Backroom } from "./backroom.js";
import { inkOn } from "./brand.js";
import { Chime } from "./chime.js";
import { FileService } from "../shared/file-service.js";
import { Drafts } from "./models/drafts.js";
import { PageTrail } from "./models/page-trail.js";
import { Opinions } from "./opinions.js";
import { PageReport } from "./page-report.js";
import { PersonWish } from "./person-wish.js";

/** @typedef {import("../shared/connection.js").Frame} Frame */
/** @typedef {import("../shared/outbox.js").Letter} Letter */

/** The widget: joins what its tabs share, the conversations, and what is seen of them. */
export class WidgetApp {
  #config;
  /** When this page came, by the server's clock where it has told. */
  #since;
  #host;
  #view;
  #room;
  #connection;
  #outbox;
  #drafts;
  #pages;
  #typing;
  #book;
  #opinions;
  #asides;
  #chime;
  #wish;
  #isOpen = false;
  #isStarted = false;
  #isEnded = false;
  #peopleOnline = true;
  #unreadTold = 0;
  #slowly = 0;

  /** @param {any} parts */
  constructor({
    site, config, channel, kept, perTab, letters, ends, host, names, view, strings,
    sound = false,
  }) {
    this.#config = config;
    this.#since = config.now ? Date.parse(config.now) : Date.now();
    this.#host = host;
    this.#view = view;
    this.#peopleOnline = config.online ?? true;
    this.#drafts = new Drafts(perTab);
    const { place } = this.#drafts;
    this.#room = new Backroom({ site, channel, kept, letters, ends, host, names, place }, {
      onFrame: (frame) => this.#receive(frame),
      onState: (state, reason) => this.#connectionIs(state, reason),
      onConnected: () => this.#connected(),
      onChange: () => this.#changed(),
      onCurrent: (c) => this.#turned(c),
      deliver: (letter) => this.#deliver(letter),
      context: () => this.#pages.current,
      onCalled: () => this.#start(),
      onEnded: () => this.#endedElsewhere(),
    });
    const { book, line: connection, outbox } = this.#room;
    [this.#book, this.#connection, this.#outbox] = [book, connection, outbox];
    const parts = { book, connection, outbox };
    const trail = new PageTrail(kept, perTab);
    this.#pages = new PageReport({ ...parts, trail, host, isOpen: () => this.#isOpen });
    this.#opinions = new Opinions(parts);
    const onChange = () => this.#render();
    this.#chime = new Chime(kept, sound);
    this.#wish = new PersonWish({ ...parts, onChange });
    this.#asides = new Asides({ ...parts, site, view, strings, chime: this.#chime, onChange });
    view.beginFiles(new FileService(async () =>
      ({ Authorization: `Bearer ${await this.#room.session.fresh(false)}` })));
    this.#typing = new TypingSignal((on) => {
      if (this.#book.current) this.#connection.send("typing", { c: this.#book.current, d: { on } });
    });
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
    this.#view.composer.text = this.#drafts.text;
    await this.#outbox.load();
    this.#render();
    if (isOpen) this.opened(false);
    // Somebody who never wrote is nobody's business until they open the chat.
    else if (this.#room.session.isReturning || this.#outbox.letters.length > 0) this.#start();
  }

  /** @param {boolean} isAnew whether the customer did it, and not the page that was loaded again */
  opened(isAnew = true) {
    this.#isOpen = true;
    this.#start();
    if (isAnew) this.#pages.returned();
    this.#read();
  }

  closed() {
    this.#isOpen = false;
    this.#typing.stop();
  }

  wake() {
    this.#connection.wake();
    this.#pages.inFront();
    this.#read();
  }

  suspend() {
    this.#connection.suspend();
  }

  resume() {
    this.#connection.resume();
  }

  /** Ends the session as `Backroom` does; nothing else is sent afterwards. */
  async shutdown() {
    this.#leave();
    await this.#room.shutdown();
  }

  // Actions

  /** @param {object} context */
  pageChanged(context) {
    this.#pages.arrive(context);
  }

  /** @param {string} name @param {object} data */
  track(name, data) {
    this.#pages.track(name, data);
  }

  identityChanged() {
    this.#room.identityChanged();
  }

  /**
   * @param {string} text
   * @param {Pick<Letter, "m" | "choice" | "uploads" | "files">} [rest] where it came from, and what
   *   goes with it
   */
  say(text, rest = {}) {
    if ((text.trim() === "" && !rest.uploads?.length) || this.#isEnded) return;
    this.#start();
    this.#pages.returned();
    void this.#outbox.add({ cid: newID(), c: this.#book.current, text, ...rest });
  }

  // Callbacks

  #listen() {
    const { composer, transcript } = this.#view;
    composer.addEventListener("send", (/** @type {any} */ { detail: { text, ...files } }) =>
      this.say(text, files));
    composer.addEventListener("typed", (/** @type {any} */ { detail }) => {
      this.#typing.changed(detail.text);
      this.#drafts.text = detail.text;
    });
    const ask = () => {
      this.#start();
      void this.#wish.say();
    };
    composer.addEventListener("human", ask);
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
      ask();
      composer.focusField();
    });
    on("retry", ({ cid }) => void this.#outbox.retry(cid));
    on("discard", ({ cid, text }) => {
      this.#outbox.remove(cid);
      this.#view.compose(text);
    });
    on("seen", () => this.#read());
  }

  /** @param {Frame} frame */
  #receive(frame) {
    if (frame.t === "welcome") return this.#welcomed(frame.d);
    if (frame.t === "resync") return void this.#book.refetch(String(frame.c ?? frame.d?.c));
    if (frame.t === "notice") return this.#noticed(frame.d);
    if (frame.t === "err" && frame.d?.code === "unauthenticated") this.#room.session.invalidate();
    if (!frame.c) return;
    if (frame.t === "form.show") return this.#asides.askedFor(frame.c, frame.d);
    const isNew = !this.#book.has(frame.c);
    const chat = this.#book.open(frame.c);
    const wasQueued = chat.status === "queued";
    const { added, missing } = chat.receive(frame);
    for (const event of added) this.#logged(event);
    if (missing) void this.#book.sync(frame.c);
    if (isNew && this.#book.current === null && !chat.isResolved) this.#show(frame.c);
    if (!wasQueued && chat.status === "queued") void this.#askWhoIsThere();
    if (added.length > 0 && frame.c === this.#book.current) this.#read();
    this.#pages.settled();
    this.#tellUnread();
    this.#render();
  }

  /** @param {any} welcome */
  #welcomed(welcome) {
    this.#book.welcomed(welcome, this.#room.letters.length > 0);
    this.#peopleOnline = welcome.agents_online ?? this.#peopleOnline;
    if (this.#connection.isOnline) this.#connected();
    this.#render();
  }

  #connected() {
    this.#pages.settled();
    this.#pages.connected();
    void this.#outbox.flush();
    void this.#wish.send();
    this.#view.composer.resumeFiles();
  }

  /** @param {string | null} c the conversation that is in front from now on */
  #turned(c) {
    const draft = this.#drafts.move(c);
    if (draft !== null) this.#view.composer.text = draft;
  }

  #changed() {
    this.#tellUnread();
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
    if (own && event.d.cid) this.#outbox.logged(event.d.cid);
    if (!own) this.#ring(event);
    // What was said before this page came has been told to the one that was there.
    if (Date.parse(event.d.at) < this.#since) return;
    const name = own ? "message:sent" : "message:received";
    this.#host.tell({ t: "event", name, detail: { at: event.d.at, from: event.d.from?.kind } });
  }

  /** @param {Frame} event */
  #ring({ c, s = 0, d }) {
    this.#chime.announce({
      at: d.at,
      isUnseen: () =>
        !(this.#isOpen && document.visibilityState === "visible") &&
        this.#book.open(String(c)).unread.upto < s,
    });
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
      const offline = this.#room.lasts ? "offline" : "offlineHere";
      const words = navigator.onLine ? "connecting" : offline;
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
    const { cid, text, choice, m, uploads } = letter;
    const ack = choice && m && letter.c
      ? await this.#connection.request("choice", { c: letter.c, d: { cid, m, choice } })
      : await this.#connection.request("msg.send", {
        c: letter.c,
        d: { cid, text, ...(uploads ? { uploads } : {}) },
      });
    return { c: String(ack.c ?? letter.c), s: ack.d?.s ?? 0 };
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
    const config = await response.json();
    this.#peopleOnline = config.online ?? true;
    this.#view.config = config;
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

  #render = oncePerFrame(() => {
    const chat = this.#book.chat;
    this.#view.show({
      chat,
      letters: this.#room.letters,
      opinions: this.#opinions.known,
      peopleOnline: this.#peopleOnline,
      isAsking: this.#wish.isWaiting,
      isConnected: this.#connection.isOnline,
    });
    this.#asides.show(this.#peopleOnline);
    this.#read();
  });

  #endedElsewhere() {
    if (this.#isEnded) return;
    this.#host.tell({ t: "ended" });
    this.#leave();
    void this.#room.end();
  }

  #leave() {
    this.#isEnded = true;
    this.#typing.stop();
    this.#pages.end();
    this.#drafts.clear();
    this.#view.composer.clear();
  }
}
