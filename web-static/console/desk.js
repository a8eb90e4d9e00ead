// @ts-check

import { Connection, socketURL } from "../shared/connection.js";
import { byID } from "../shared/dom.js";
import { FileService } from "../shared/file-service.js";
import { newID } from "../shared/ids.js";
import { openLetterStore } from "../shared/letter-store.js";
import { oncePerFrame } from "../shared/once-per-frame.js";
import { Outbox } from "../shared/outbox.js";
import { KeptValues } from "../shared/storage.js";
import { TypingSignal } from "../shared/typing-signal.js";
import { WireError } from "../shared/wire-error.js";
import { Commands } from "./commands.js";
import { DeskView } from "./desk-view.js";
import { announce, showConnection, showFailure, showToast } from "./elements/notices.js";
import { Finder } from "./finder.js";
import { filledIn } from "./models/canned.js";
import { usedSuggestion } from "./models/draft-origin.js";
import { filters, InboxModel } from "./models/inbox-model.js";
import { Intents } from "./models/intents.js";
import { OffersModel } from "./models/offers-model.js";
import { Team } from "./models/team.js";
import { OpenThread } from "./open-thread.js";
import { Places } from "./places.js";
import { SideTools } from "./side-tools.js";
import { say } from "./strings.js";

/** @typedef {import("../shared/connection.js").Frame} Frame */
/** @typedef {import("../shared/outbox.js").Letter} Letter */
/** @typedef {import("./models/draft-origin.js").Draft} Draft */
/** @typedef {import("./models/draft-origin.js").Suggestion} Suggestion */
/** @typedef {import("../shared/attachments.js").UploadedFile} UploadedFile */
/** @typedef {import("./models/inbox-model.js").Filter} Filter */
/** @typedef {{id: string, name: string, role?: string}} Me */

/** An agent's desk: joins the socket, the models and what is seen of them. */
export class Desk {
  #api;
  #me;
  #inbox;
  #offers;
  #connection;
  #outbox = /** @type {Outbox} */ (/** @type {unknown} */ (null));
  /** @type {OpenThread | null} */
  #thread = null;
  /** @type {Filter} */
  #filter = "all";
  #team = new Team();
  #intents = new Intents();
  #epoch = "";
  /** @type {string | null} what the agent chose, to be said again after a return */
  #presence = null;
  #kept = new KeptValues("console", () => localStorage);
  #finder;
  /** @type {DeskView} */
  #view;
  #typing;
  #tools;
  #commands;
  #places;
  #files;
  #render = oncePerFrame(() => this.#draw());
  /** @type {number | null} an event to show once it is there */
  #wanted = null;
  /** @type {Map<string, Draft>} */
  #drafts = new Map();

  /** @param {import("./api.js").Api} api @param {Me} agent */
  constructor(api, agent) {
    this.#api = api;
    this.#me = agent;
    this.#files = new FileService(async () => api.credential);
    this.#inbox = new InboxModel(agent.id);
    this.#offers = new OffersModel(() => this.#render());
    this.#finder = new Finder(api, this.#inbox, () => this.#render());
    this.#connection = new Connection({
      url: socketURL(location),
      hello: () => this.#hello(),
      onFrame: (frame) => this.#receive(frame),
      onState: (state, reason) => {
        this.#view.bar.showConnection(state);
        showConnection(state, reason, () => this.#connection.start());
      },
    });
    this.#typing = new TypingSignal((on) => {
      if (this.#thread) this.#connection.send("typing", { c: this.#thread.c, d: { on } });
    });
    this.#tools = new SideTools(api, {
      within: byID("panel"),
      insert: (text) => this.#view.composer.insert(text),
    });
    this.#places = new Places(api, agent, {
      open: (c, s) => this.open(c, s),
      current: () => this.#thread?.c ?? "",
      onChange: () => this.#render(),
    });
    const models = { inbox: this.#inbox, offers: this.#offers, intents: this.#intents };
    this.#view = new DeskView(agent, models, {
      presence: (state) => this.#setPresence(state),
      search: (query) => {
        if (query) this.#places.toDesk();
        void this.#finder.search(query, this.#view);
      },
      hasOffice: this.#places.hasOffice,
      logout: () => void this.#logout(),
      run: (name, entry) => this.#commands.run(name, entry),
      filter: (filter) => this.#show(filter),
      open: (c, s) => this.open(c, s),
      send: (mode, text, suggestion, files) => this.#send(mode, text, suggestion, files),
      findFile: (id, use, isShown) => this.#files.link(id, use, isShown),
      typed: (mode, text) => this.#typed(mode, text),
      fillIn: (text) => this.#fillIn(text),
      tag: (order) => void this.#order("tag", order),
      accept: (c) => void this.#accept(c),
      decline: (c) => void this.#decline(c),
    }, this.#tools);
    this.#commands = new Commands({
      order: (t, d) => this.#order(t, d),
      step: (step) => this.#step(step),
      pane: (pane) => this.#view.pane(pane),
      send: (kind, text) => this.#send(kind, text),
      answerOffer: (how) => this.#answerOffer(how),
      search: () => this.#view.bar.focusSearch(),
      actions: () => void this.#tools.choose(),
      isAtDesk: () => this.#places.isAtDesk,
      thread: () => this.#thread,
      outbox: () => this.#outbox,
      colleagues: () => this.#team.others(agent.id),
      composer: this.#view.composer,
      kept: this.#kept,
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
    document.addEventListener("keydown", (event) => this.#commands.pressed(event));
    // Ages and waiting times move on even when nothing happens.
    setInterval(() => this.#render(), 20_000);
    this.#connection.start();
    this.#places.begin();
    const rules = await this.#api.get("/v1/uploads").catch(() => null);
    if (!rules) return;
    this.#view.composer.files.begin(rules, (...parts) => this.#files.upload(...parts));
  }

  wake() {
    this.#connection.wake();
    this.#render();
  }

  // Actions

  /** @param {string} c @param {number} [s] an event to go to */
  open(c, s) {
    this.#wanted = s ?? null;
    this.#view.pane("thread");
    this.#places.toDesk(c);
    if (this.#thread?.c === c) {
      this.#reveal();
      return;
    }
    this.#leave();
    this.#thread = new OpenThread(c, {
      connection: this.#connection,
      api: this.#api,
      onChange: () => this.#render(),
    });
    this.#view.composer.turnTo("reply");
    this.#view.composer.draft = this.#drafts.get(c) ?? { text: "", suggestion: null };
    void this.#follow();
    if (!this.#inbox.row(c)) void this.#finder.fetchRow(c);
    this.#render();
  }

  async #follow() {
    await this.#thread?.follow().catch((error) => {
      if (error.code !== "disconnected") showFailure(error);
    });
  }

  #leave() {
    this.#typing.stop();
    if (!this.#thread) return;
    this.#drafts.set(this.#thread.c, this.#view.composer.draft);
    this.#thread.leave();
    this.#thread = null;
  }

  /** @param {Filter} filter */
  #show(filter) {
    this.#filter = filter;
    this.#kept.set("filter", filter);
    if (filter === "resolved") void this.#finder.fetchRows("?status=resolved&limit=50");
    this.#render();
  }

  /** @param {string} state */
  #setPresence(state) {
    this.#presence = state;
    this.#connection.request("presence", { d: { state } }).catch((error) => showFailure(error));
  }

  /**
   * @param {"reply" | "note"} kind
   * @param {string} text
   * @param {Suggestion | null} [suggestion] what a reply was made from
   * @param {UploadedFile[]} [files] what goes with it
   */
  #send(kind, text, suggestion = null, files = []) {
    const thread = this.#thread;
    if (!thread) return;
    this.#typing.stop();
    this.#drafts.delete(thread.c);
    const letter = { cid: newID(), c: thread.c, text, kind, seen: thread.last };
    void this.#outbox.add({
      ...letter,
      ...(suggestion && { suggestion }),
      ...(files.length > 0 && { uploads: files.map((file) => file.upload_id), files }),
    });
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

  /** @param {"accept" | "decline"} how */
  #answerOffer(how) {
    const first = this.#offers.list[0]?.c;
    if (!first) return;
    void (how === "accept" ? this.#accept(first) : this.#decline(first));
  }

  /** @param {1 | -1} step */
  #step(step) {
    const c = this.#view.list.neighbour(this.#filter, step);
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
      showFailure(error);
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
    const resume = this.#thread ? [{ c: this.#thread.c, s: this.#thread.last }] : [];
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
      case "suggest": return this.#tools.assist.receive(d);
      case "inbox.delta": this.#inbox.receive(frame); break;
      case "offer": this.#offered(d, frame.c); break;
      case "offer.gone": this.#offers.remove(d.c ?? frame.c); break;
      case "presence": this.#presenceOf(d); break;
      case "resync": void this.#thread?.refetch((each) => this.#threadFrame(each)); break;
      case "notice": showToast(d.text ?? d.code); break;
      default: this.#threadFrame(frame);
    }
    this.#render();
  }

  /** @param {Frame} frame */
  #threadFrame(frame) {
    const thread = this.#thread;
    if (!thread || frame.c !== thread.c) return;
    for (const event of thread.receive(frame)) {
      if (event.d?.cid) this.#outbox.remove(event.d.cid);
    }
  }

  /** @param {any} welcome */
  #welcomed(welcome) {
    if (this.#epoch && this.#epoch !== welcome.epoch) return this.#startOver(welcome.epoch);
    this.#epoch = welcome.epoch;
    this.#team.replace(welcome.agents ?? []);
    this.#view.composer.canned = welcome.canned ?? [];
    this.#intents.replace(welcome.intents ?? []);
    this.#offers.clear();
    const state = welcome.agent?.state ?? "away";
    this.#view.bar.showPresence(this.#presence ?? state);
    if (this.#presence && this.#presence !== state) this.#setPresence(this.#presence);
    void this.#follow();
    void this.#outbox.flush();
    this.#view.composer.files.resume();
    this.#render();
  }

  /**
   * The server's log is another one, so nothing known of it holds: comes back asking for all.
   * @param {string} epoch
   */
  #startOver(epoch) {
    this.#epoch = epoch;
    this.#inbox.reset();
    this.#thread?.model.reset();
    this.#connection.stop();
    this.#connection.start();
  }

  /** @param {any} offer @param {string | undefined} c */
  #offered(offer, c) {
    const isNew = this.#offers.receive({ c, ...offer });
    if (!isNew) return;
    announce(say("offerSaid", { summary: offer.briefing?.summary ?? "" }));
  }

  /** @param {any} d */
  #presenceOf(d) {
    this.#team.receive(d);
    if (d.agent.id === this.#me.id) this.#view.bar.showPresence(d.state);
  }

  /** @param {"reply" | "note"} mode @param {string} text */
  #typed(mode, text) {
    if (mode === "reply" && this.#isMine) this.#typing.changed(text);
    else this.#typing.stop();
  }

  // Internal

  get #isMine() {
    return this.#thread?.isOf(this.#me.id) ?? false;
  }

  /** @param {Letter} letter */
  async #deliver({ cid, c, text, kind = "reply", seen = 0, suggestion, uploads }) {
    const more = {
      ...(suggestion && { suggestion: usedSuggestion(text, suggestion) }),
      ...(uploads && { uploads }),
    };
    const d = kind === "note" ? { cid, text } : { cid, text, seen, ...more };
    try {
      const ack = await this.#connection.request(kind, { c, d });
      return { c: String(ack.c ?? c), s: ack.d?.s ?? 0 };
    } catch (error) {
      if (error instanceof WireError && error.code === "stale_view" && this.#thread?.c === c) {
        void this.#thread.sync();
      }
      throw error;
    }
  }

  /** @param {string} text */
  #fillIn(text) {
    const contact = this.#thread ? this.#inbox.row(this.#thread.c)?.contact : undefined;
    return filledIn(text, {
      "contact.name": contact?.name,
      "contact.email": contact?.email,
      "agent.name": this.#me.name,
    });
  }

  #draw() {
    const thread = this.#thread;
    const row = thread ? this.#inbox.row(thread.c) : null;
    const { isAtDesk, front } = this.#places;
    if (thread && row && isAtDesk && document.visibilityState === "visible") {
      this.#inbox.markSeen(thread.c, Math.max(thread.last, row.s));
      if (this.#isMine) thread.read();
    }
    const letters = this.#outbox?.letters ?? [];
    this.#view.draw({ filter: this.#filter, thread, row, letters, me: this.#me.id, front });
    if (row) this.#reveal();
  }

  #reveal() {
    if (this.#wanted !== null && this.#view.reveal(this.#wanted)) this.#wanted = null;
  }
}
