// @ts-check

import { byID } from "../shared/dom.js";
import { BriefingPanel } from "./elements/briefing-panel.js";
import { InboxList } from "./elements/inbox-list.js";
import { OfferCards } from "./elements/offer-cards.js";
import { contactName } from "./elements/parts.js";
import { ReplyComposer } from "./elements/reply-composer.js";
import { ThreadView } from "./elements/thread-view.js";
import { TopBar } from "./elements/top-bar.js";

/** @typedef {import("./models/draft-origin.js").Suggestion} Suggestion */
/** @typedef {import("./models/inbox-model.js").Filter} Filter */
/** @typedef {import("./models/inbox-model.js").Row} Row */
/** @typedef {import("./models/thread-model.js").Entry} Entry */
/** @typedef {import("./open-thread.js").OpenThread} OpenThread */
/** @typedef {import("../shared/attachments.js").UploadedFile} UploadedFile */

/**
 * What the parts of the page ask for.
 * @typedef {object} DeskBehaviour
 * @property {(state: string) => void} presence
 * @property {(query: string) => void} search
 * @property {boolean} hasOffice whether there is more than conversations
 * @property {() => void} logout
 * @property {(name: string, entry?: Entry) => void} run a command
 * @property {(filter: Filter) => void} filter
 * @property {(c: string, s?: number) => void} open
 * @property {(mode: "reply" | "note", text: string, suggestion: Suggestion | null,
 *   files: UploadedFile[]) => void} send
 * @property {import("../shared/message-files.js").FindFile} findFile where a file is
 * @property {(mode: "reply" | "note", text: string) => void} typed
 * @property {(text: string) => string} fillIn puts facts into a canned reply
 * @property {(order: {add?: string[], remove?: string[]}) => void} tag
 * @property {(c: string) => void} accept
 * @property {(c: string) => void} decline
 */

/** What is seen of the desk: its parts, and how they are drawn from the models. */
export class DeskView {
  bar;
  list;
  composer;
  #inbox;
  #offers;
  #thread;
  #panel;
  #tools;
  #cards;

  /**
   * @param {{id: string, name: string}} agent
   * @param {object} models
   * @param {import("./models/inbox-model.js").InboxModel} models.inbox
   * @param {import("./models/offers-model.js").OffersModel} models.offers
   * @param {import("./models/intents.js").Intents} models.intents
   * @param {DeskBehaviour} behaviour
   * @param {import("./side-tools.js").SideTools} tools
   */
  constructor(agent, { inbox, offers, intents }, behaviour, tools) {
    const { presence, search, logout, run, filter, open, send, typed, fillIn } = behaviour;
    const { hasOffice } = behaviour;
    this.#tools = tools;
    this.#inbox = inbox;
    this.#offers = offers;
    const sheet = () => run("sheet");
    this.bar = new TopBar(byID("bar"), { agent, presence, search, hasOffice, sheet, logout });
    this.list = new InboxList(byID("inbox"), inbox, { filter, open });
    const { assist } = tools;
    const { review, schemaOf, known } = tools;
    const drafting = { draft: assist.draft, review, schemaOf, known };
    this.composer = new ReplyComposer({ send, typed, fillIn, ...drafting });
    assist.onChange = () => (this.composer.canDraft = assist.canDraft);
    this.#thread = new ThreadView(byID("thread"), {
      composer: this.composer.element,
      intents,
      act: run,
      translator: assist.translator,
      findFile: behaviour.findFile,
    });
    this.#panel = new BriefingPanel(byID("panel"), intents, tools, {
      back: () => this.pane("thread"),
      tag: behaviour.tag,
      insert: (reply) => this.composer.insert(reply.text, reply),
    });
    this.#cards = new OfferCards(byID("offers"), offers, (c) => inbox.row(c), behaviour);
  }

  /** @param {"list" | "thread" | "panel"} pane which of them a phone shows */
  pane(pane) {
    byID("desk").dataset.pane = pane;
  }

  /**
   * Shows an event of the open conversation.
   * @param {number} s
   * @returns {boolean} whether it is there
   */
  reveal(s) {
    return this.#thread.reveal(s);
  }

  /**
   * @param {object} state
   * @param {Filter} state.filter
   * @param {OpenThread | null} state.thread
   * @param {Row | null} state.row of that conversation
   * @param {import("../shared/outbox.js").Letter[]} state.letters
   * @param {string} state.me
   * @param {{place: string, title: string}} state.front what is in front, and its title unless it
   *   is a conversation
   */
  draw({ filter, thread, row, letters, me, front }) {
    if (thread && row) {
      this.#drawThread(thread, row, letters, me);
    } else {
      this.#thread.showNothing();
      this.#panel.showNothing();
      this.#tools.showNothing();
    }
    this.list.show(filter, thread?.c ?? "");
    this.bar.showPlace(front.place);
    this.#cards.show();
    const news = this.#inbox.unseenCount + this.#offers.list.length;
    const name = front.title || (row ? contactName(row.contact) : "");
    const place = name ? `${name} · maitred` : "maitred";
    document.title = news > 0 ? `(${news}) ${place}` : place;
  }

  /**
   * @param {OpenThread} thread
   * @param {Row} row
   * @param {import("../shared/outbox.js").Letter[]} letters
   * @param {string} me
   */
  #drawThread(thread, row, letters, me) {
    const { c, model, briefing } = thread;
    const isMine = thread.isOf(me);
    const entries = model.entries(letters.filter((letter) => letter.c === c), me);
    this.#thread.show({ row, thread: model, entries, isMine });
    this.composer.show({
      canReply: isMine && model.status !== "resolved",
      suggestions: briefing?.suggested_replies ?? [],
      c,
      left: model.leftToDo,
    });
    this.#panel.show(row, briefing, model.matter, isMine);
    this.#tools.show({
      c,
      customer: contactName(row.contact),
      s: row.s,
      acted: model.lastAction,
      canInsert: isMine && model.status !== "resolved",
    });
  }
}
