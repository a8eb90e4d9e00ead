// @ts-check

import { Connection, socketURL } from "../shared/connection.js";
import { byID, fill, h } from "../shared/dom.js";
import { newID } from "../shared/ids.js";
import { openLetterStore } from "../shared/letter-store.js";
import { Outbox } from "../shared/outbox.js";
import { KeptValues } from "../shared/storage.js";
import { TypingSignal } from "../shared/typing-signal.js";
import { WireError } from "../shared/wire-error.js";
import { BriefingPanel } from "./elements/briefing-panel.js";
import { openReturn, openShortcuts, openSnooze, openTransfer } from "./elements/dialogs.js";
import { InboxList } from "./elements/inbox-list.js";
import { OfferCards } from "./elements/offer-cards.js";
import { contactName } from "./elements/parts.js";
import { ReplyComposer } from "./elements/reply-composer.js";
import { ThreadView } from "./elements/thread-view.js";
import { TopBar } from "./elements/top-bar.js";
import { filledIn } from "./models/canned.js";
import { filters, InboxModel } from "./models/inbox-model.js";
import { OffersModel } from "./models/offers-model.js";
import { shortcutFor } from "./models/shortcuts.js";
import { ThreadModel } from "./models/thread-model.js";
import { say } from "./strings.js";

/** @typedef {import("../shared/connection.js").Frame} Frame */
/** @typedef {import("../shared/outbox.js").Letter} Letter */
/** @typedef {import("./models/inbox-model.js").Filter} Filter */
/** @typedef {import("./models/thread-model.js").Entry} Entry */

/** An agent's desk: joins the socket, the models and what is seen of them. */
export class Desk {
  #api;
  #me;
  #inbox;
  #offers;
  #connection;
  #outbox = /** @type {Outbox} */ (/** @type {unknown} */ (null));
  /** @type {ThreadModel | null} */
  #thread = null;
  /** @type {any} */
  #briefing = null;
  /** @type {Filter} */
  #filter = "all";
  /** @type {Map<string, any>} */
  #agents = new Map();
  #epoch = "";
  /** @type {string | null} what the agent chose, to be said again after a return */
  #presence = null;
  #kept = new KeptValues("console", () => localStorage);
  /** @type {TopBar} */
  #bar;
  #list;
  #view;
  #composer;
  #panel;
  #cards;
  #typing;
  #renderPlanned = false;
  #briefingTimer = 0;
  #toastTimer = 0;
  /** @type {number | null} an event to show once it is there */
  #wanted = null;
  /** @type {Map<string, string>} */
  #drafts = new Map();
  #readTold = { c: "", s: 0 };

  /** @param {import("./api.js").Api} api @param {{id: string, name: string}} agent */
  constructor(api, agent) {
    this.#api = api;
    this.#me = agent;
    this.#inbox = new InboxModel(agent.id);
    this.#offers = new OffersModel(() => this.#render());
    this.#connection = new Connection({
      url: socketURL(location),
      hello: () => this.#hello(),
      onFrame: (frame) => this.#receive(frame),
      onState: (state, reason) => this.#connectionIs(state, reason),
    });
    this.#typing = new TypingSignal((on) => {
      if (this.#thread) this.#connection.send("typing", { c: this.#thread.c, d: { on } });
    });
    this.#bar = new TopBar(byID("bar"), {
      agent,
      presence: (state) => this.#setPresence(state),
      search: (query) => void this.#search(query),
      sheet: () => this.#act("sheet"),
      logout: () => void this.#logout(),
    });
    this.#list = new InboxList(byID("inbox"), this.#inbox, {
      filter: (filter) => this.#show(filter),
      open: (c, s) => this.open(c, s),
    });
    this.#composer = new ReplyComposer({
      send: (mode, text) => this.#send(mode, text),
      typed: (mode, text) => this.#typed(mode, text),
      fillIn: (text) => this.#fillIn(text),
    });
    this.#view = new ThreadView(
      byID("thread"),
      this.#composer.element,
      (name, entry) => this.#act(name, entry),
    );
    this.#panel = new BriefingPanel(byID("panel"), {
      back: () => this.#pane("thread"),
      tag: (add, remove) => this.#order("tag", { add, remove }),
      insert: (text) => this.#composer.insert(text),
    });
    this.#cards = new OfferCards(byID("offers"), this.#offers, (c) => this.#inbox.row(c), {
      accept: (c) => void this.#accept(c),
      decline: (c) => void this.#decline(c),
    });
  }

  // Lifecycle

  async begin() {
    this.#outbox = new Outbox({
      store: await openLetterStore(`console:${this.#me.id}`),
      send: (letter) => this.#deliver(letter),
      onChange: () => this.#render(),
    });
    await this.#outbox.load();
    this.#filter = filters.find((filter) => filter === this.#kept.get("filter")) ?? "all";
    document.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("hashchange", () => this.#followLink());
    // Ages and waiting times move on even when nothing happens.
    setInterval(() => this.#render(), 20_000);
    this.#connection.start();
    this.#render();
    this.#followLink();
  }

  wake() {
    this.#connection.wake();
    this.#render();
  }

  // Actions

  /** @param {string} c @param {number} [s] an event to go to */
  open(c, s) {
    this.#wanted = s ?? null;
    this.#pane("thread");
    if (this.#thread?.c === c) {
      this.#reveal();
      return;
    }
    this.#leave();
    this.#thread = new ThreadModel(c, () => this.#render());
    this.#briefing = null;
    this.#composer.turnTo("reply");
    this.#composer.text = this.#drafts.get(c) ?? "";
    history.replaceState(null, "", `#${c}`);
    this.#subscribe();
    void this.#fetchBriefing();
    this.#render();
  }

  #leave() {
    this.#typing.stop();
    if (!this.#thread) return;
    this.#drafts.set(this.#thread.c, this.#composer.text);
    this.#connection.send("unsub", { c: this.#thread.c });
    this.#thread = null;
  }

  /** @param {Filter} filter */
  #show(filter) {
    this.#filter = filter;
    this.#kept.set("filter", filter);
    if (filter === "resolved") void this.#fetchRows("?status=resolved&limit=50");
    this.#render();
  }

  /** @param {string} query */
  async #search(query) {
    if (query === "") return this.#list.showResults("", null), this.#render();
    try {
      const {
        hits = [],
      } = await this.#api.get(`/v1/search?q=${encodeURIComponent(query)}&limit=30`);
      this.#list.showResults(query, hits, () => {
        this.#bar.clearSearch();
        void this.#search("");
      });
    } catch (error) {
      this.#toast(error);
    }
  }

  /** @param {string} state */
  #setPresence(state) {
    this.#presence = state;
    this.#connection.request("presence", { d: { state } }).catch((error) => this.#toast(error));
  }

  /** @param {"reply" | "note"} kind @param {string} text */
  #send(kind, text) {
    const thread = this.#thread;
    if (!thread) return;
    this.#typing.stop();
    this.#drafts.delete(thread.c);
    void this.#outbox.add({ cid: newID(), c: thread.c, text, kind, seen: thread.timeline.last });
  }

  /** @param {string} c */
  async #accept(c) {
    if (await this.#order("accept", {}, c)) this.open(c);
    this.#offers.remove(c);
  }

  /** @param {string} c */
  async #decline(c) {
    this.#offers.remove(c);
    await this.#order("decline", {}, c);
  }

  /**
   * What a button, a key or a failed letter asks for.
   * @param {string} name
   * @param {Entry} [entry]
   * @returns {unknown}
   */
  #act(name, entry) {
    const letter = entry?.letter;
    if (letter) return this.#actOnLetter(name, letter);
    const first = this.#offers.list[0]?.c;
    switch (name) {
      case "back": return this.#pane("list");
      case "details": return this.#pane("panel");
      case "next": return this.#step(1);
      case "previous": return this.#step(-1);
      case "search": return this.#bar.focusSearch();
      case "sheet": return openShortcuts(
        this.#kept.get("keys") !== false,
        (on) => this.#kept.set("keys", on),
      );
      case "accept": return first && void this.#accept(first);
      case "decline": return first && void this.#decline(first);
    }
    if (!this.#thread) return;
    switch (name) {
      case "reply": return this.#composer.write("reply");
      case "note": return this.#composer.write("note");
      case "take": return this.#order("takeover");
      case "resolve": return this.#order("status", { status: "resolved" });
      case "reopen": return this.#order("status", { status: "open" });
      case "pending": return this.#order("status", { status: "pending" });
      case "snooze": return openSnooze((until) => this.#order("snooze", { until }));
      case "transfer": return openTransfer({
        agents: [...this.#agents.values()].filter((agent) => agent.id !== this.#me.id),
        transfer: (target) => void this.#transfer(target),
      });
      case "return": return openReturn((instruction) =>
        this.#order("bot.return", instruction ? { instruction } : {}),
      );
    }
  }

  /** @param {{agent?: string, skill?: string, note?: string}} target */
  async #transfer({ note, ...target }) {
    if (target.agent || target.skill) {
      await this.#order("transfer", { ...target, ...(note ? { note } : {}) });
      return;
    }
    if (note) this.#send("note", note);
    await this.#order("assign", { agent: null });
  }

  /** @param {string} name @param {Letter} letter */
  async #actOnLetter(name, letter) {
    if (name === "edit") {
      this.#outbox.remove(letter.cid);
      this.#composer.insert(letter.text);
    } else {
      if (name === "take" && !(await this.#order("takeover"))) return;
      void this.#outbox.retry(letter.cid, { seen: this.#thread?.timeline.last ?? 0 });
    }
  }

  /** @param {1 | -1} step */
  #step(step) {
    const c = this.#list.neighbour(this.#filter, step);
    if (c) this.open(c);
  }

  async #logout() {
    this.#connection.stop();
    await this.#api.logout().catch(() => {});
    location.hash = "";
    location.reload();
  }

  /**
   * Asks the server for a change to a conversation, and says so when it does not happen.
   * @param {string} t
   * @param {object} [d]
   * @param {string | undefined} [c]
   */
  async #order(t, d = {}, c = this.#thread?.c) {
    try {
      await this.#connection.request(t, { c, d });
      return true;
    } catch (error) {
      this.#toast(error);
      return false;
    }
  }

  // Callbacks

  async #hello() {
    const ticket = await this.#api.ticket().catch(async (error) => {
      // A console that was open over night has lost its session: ask who it is.
      if (error instanceof WireError && error.status === 401) location.reload();
      throw error;
    });
    const resume = this.#thread ? [{ c: this.#thread.c, s: this.#thread.timeline.last }] : [];
    return {
      ticket,
      feed: this.#inbox.feed,
      ...(this.#epoch ? { epoch: this.#epoch, resume } : {}),
    };
  }

  /** @param {Frame} frame */
  #receive(frame) {
    const { d = {} } = frame;
    switch (frame.t) {
      case "welcome": return this.#welcomed(d);
      case "inbox.delta": this.#inbox.receive(frame); break;
      case "offer": this.#offered(d, frame.c); break;
      case "offer.gone": this.#offers.remove(d.c ?? frame.c); break;
      case "presence": this.#presenceOf(d); break;
      case "resync": void this.#refetch(); break;
      case "notice": this.#say(d.text ?? d.code); break;
      default: this.#threadFrame(frame);
    }
    this.#render();
  }

  /** @param {Frame} frame */
  #threadFrame(frame) {
    const thread = this.#thread;
    if (!thread || frame.c !== thread.c) return;
    const { added, missing } = thread.receive(frame);
    for (const event of added) {
      if (event.d?.cid) this.#outbox.remove(event.d.cid);
      if (event.t !== "typing") this.#briefingSoon();
    }
    if (missing) void this.#sync(thread);
  }

  /** @param {any} welcome */
  #welcomed(welcome) {
    if (this.#epoch && this.#epoch !== welcome.epoch) {
      this.#inbox.reset();
      this.#thread?.reset();
    }
    this.#epoch = welcome.epoch;
    this.#agents = new Map(
      (welcome.agents ?? []).map((/** @type {any} */ agent) => [agent.id, agent]),
    );
    this.#composer.canned = welcome.canned ?? [];
    this.#offers.clear();
    const state = welcome.agent?.state ?? "away";
    this.#bar.showPresence(this.#presence ?? state);
    if (this.#presence && this.#presence !== state) this.#setPresence(this.#presence);
    this.#subscribe();
    void this.#outbox.flush();
    this.#render();
  }

  /** @param {any} offer @param {string | undefined} c */
  #offered(offer, c) {
    const isNew = this.#offers.receive({ c, ...offer });
    if (!isNew) return;
    byID("announce").textContent = say("offerSaid", { summary: offer.briefing?.summary ?? "" });
  }

  /** @param {any} d */
  #presenceOf(d) {
    const id = d.agent?.id ?? d.agent;
    this.#agents.set(
      id,
      { ...this.#agents.get(id), ...(d.agent?.id ? d.agent : {}), state: d.state, load: d.load },
    );
    if (id === this.#me.id) this.#bar.showPresence(d.state);
  }

  /** @param {import("../shared/connection.js").ConnectionState} state @param {string} reason */
  #connectionIs(state, reason) {
    this.#bar.showConnection(state);
    document.documentElement.dataset.connection = state;
    const line = byID("connection");
    const words = state === "waiting" ? say("lost") : state === "stopped" && reason !== "normal"
      ? reason === "replaced" ? say("replaced") : say("stopped", { reason }) : "";
    line.hidden = words === "" && state !== "connecting"
      ? true
      : words === "" ? line.hidden : false;
    if (words) {
      fill(
        line,
        words,
        state === "stopped" &&
          h(
            "button",
            { class: "link-button", type: "button", onclick: () => this.#connection.start() },
            say("again"),
          ),
      );
    }
  }

  /** @param {"reply" | "note"} mode @param {string} text */
  #typed(mode, text) {
    if (mode === "reply" && this.#isMine) this.#typing.changed(text);
    else this.#typing.stop();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#kept.get("keys") === false && event.key !== "?") return;
    const target = /** @type {HTMLElement} */ (event.target);
    const isTyping =
      target.matches("input, textarea, select, [contenteditable]") ||
        document.querySelector("dialog[open]") !== null;
    const name = shortcutFor(event, isTyping);
    if (!name) return;
    event.preventDefault();
    this.#act(name);
  }

  #followLink() {
    const [, c, s] = /^#(cnv_\w+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
    if (c) this.open(c, s ? Number(s) : undefined);
  }

  // Internal

  get #isMine() {
    return this.#thread?.owner.kind === "agent" && this.#thread.owner.id === this.#me.id;
  }

  /** @param {Letter} letter */
  async #deliver({ cid, c, text, kind = "reply", seen = 0 }) {
    const d = kind === "note" ? { cid, text } : { cid, text, seen };
    try {
      const ack = await this.#connection.request(kind, { c, d });
      return { c: String(ack.c ?? c), s: ack.d?.s ?? 0 };
    } catch (error) {
      if (error instanceof WireError && error.code === "stale_view" && this.#thread?.c === c) {
        void this.#sync(this.#thread);
      }
      throw error;
    }
  }

  #subscribe() {
    const thread = this.#thread;
    if (!thread) return;
    this.#connection
      .request("sub", { c: thread.c, d: { after: thread.timeline.last } })
      .catch((error) => {
        if (error.code !== "disconnected") this.#toast(error);
      });
  }

  /** @param {ThreadModel} thread */
  async #sync(thread) {
    if (thread.isSyncing) return;
    thread.isSyncing = true;
    await this.#connection
      .request("sync", { c: thread.c, d: { after: thread.timeline.last } })
      .catch(() => {});
    thread.isSyncing = false;
  }

  /** Too much was missed to be replayed: fetched page by page instead. */
  async #refetch() {
    const thread = this.#thread;
    for (let more = thread !== null; more && thread === this.#thread; ) {
      const before = thread?.timeline.last ?? 0;
      const page = await this.#api
        .get(`/v1/conversations/${thread?.c}/events?after=${before}&limit=200`)
        .catch(() => null);
      for (const frame of page?.events ?? []) this.#threadFrame({ ...frame, c: thread?.c });
      more = page?.more === true && (thread?.timeline.last ?? 0) > before;
    }
    this.#render();
  }

  /** @param {string} query */
  async #fetchRows(query) {
    const answer = await this.#api.get(`/v1/conversations${query}`).catch(() => null);
    for (const row of answer?.conversations ?? []) this.#inbox.add(row);
    this.#render();
  }

  #briefingSoon() {
    clearTimeout(this.#briefingTimer);
    this.#briefingTimer = window.setTimeout(() => void this.#fetchBriefing(), 600);
  }

  async #fetchBriefing() {
    const c = this.#thread?.c;
    if (!c) return;
    if (!this.#inbox.row(c)) {
      const row = await this.#api.get(`/v1/conversations/${c}`).catch(() => null);
      if (row?.c) this.#inbox.add(row);
    }
    const briefing = await this.#api.get(`/v1/conversations/${c}/briefing`).catch(() => null);
    if (briefing && this.#thread?.c === c) this.#briefing = briefing;
    this.#render();
  }

  /** @param {string} text */
  #fillIn(text) {
    const contact = this.#thread ? this.#inbox.row(this.#thread.c)?.contact : undefined;
    return filledIn(
      text,
      {
        "contact.name": contact?.name,
        "agent.name": this.#me.name,
        "contact.email": contact?.email,
      },
    );
  }

  /** @param {"list" | "thread" | "panel"} pane */
  #pane(pane) {
    byID("desk").dataset.pane = pane;
  }

  /** Draws once per frame however much has changed. */
  #render() {
    if (this.#renderPlanned) return;
    this.#renderPlanned = true;
    const plan = document.visibilityState === "visible" ? requestAnimationFrame : queueMicrotask;
    plan(() => {
      this.#renderPlanned = false;
      this.#draw();
    });
  }

  #draw() {
    const thread = this.#thread;
    const row = thread ? this.#inbox.row(thread.c) : null;
    if (thread && row) {
      if (document.visibilityState === "visible") this.#viewed(thread, row);
      const letters = (this.#outbox?.letters ?? []).filter((letter) => letter.c === thread.c);
      const entries = thread.entries(letters);
      const stale = thread.latestOfOthers(this.#me.id)?.d.from?.name ?? "";
      for (const entry of entries) if (entry.letter?.code === "stale_view") {
        entry.values = { name: stale };
      }
      this.#view.show({ row, thread, entries, isMine: this.#isMine });
      this.#composer.show({
        canReply: this.#isMine && thread.status !== "resolved",
        suggestions: this.#briefing?.suggested_replies ?? [],
        c: thread.c,
      });
      this.#panel.show(row, this.#briefing, this.#isMine);
      this.#reveal();
    } else {
      this.#view.showNothing();
      this.#panel.showNothing();
    }
    this.#list.show(this.#filter, thread?.c ?? "");
    this.#cards.show();
    const news = this.#inbox.unseenCount + this.#offers.list.length;
    document.title = news > 0
      ? `(${news}) maitred`
      : row ? `${contactName(row.contact)} · maitred` : "maitred";
  }

  /** @param {ThreadModel} thread @param {import("./models/inbox-model.js").Row} row */
  #viewed(thread, row) {
    this.#inbox.markSeen(thread.c, Math.max(thread.timeline.last, row.s));
    const upto = thread.lastOfCustomer;
    if (!this.#isMine || upto <= this.#readTold.s && this.#readTold.c === thread.c) return;
    this.#readTold = { c: thread.c, s: upto };
    this.#connection.send("read", { c: thread.c, d: { upto } });
  }

  #reveal() {
    if (this.#wanted !== null && this.#view.reveal(this.#wanted)) this.#wanted = null;
  }

  /** @param {unknown} error */
  #toast(error) {
    this.#say(error instanceof Error ? error.message : String(error));
  }

  /** @param {string} text */
  #say(text) {
    const toast = byID("toast");
    toast.hidden = false;
    toast.textContent = text;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = window.setTimeout(() => (toast.hidden = true), 6000);
  }
}
