// @ts-check

import { readForm } from "./models/form.js";
import { transcriptName, transcriptText } from "./models/transcript-text.js";

/** @typedef {import("./models/chat.js").Chat} Chat */
/** @typedef {import("./elements/chat-header.js").MenuItem} MenuItem */

const thanksFor = 2500;
/** What ended longer ago is not asked about. */
const ratedWithin = 72 * 3_600_000;

/** What stands beside the conversation: the menu, earlier ones, forms, the rating, the address. */
export class Asides {
  #book;
  #connection;
  #view;
  #strings;
  #chime;
  #onChange;
  /** @type {Map<string, import("./models/form.js").FormAsked>} by conversation */
  #forms = new Map();
  /** The conversation whose customer has just been thanked for a rating. */
  #thanked = "";
  /** Of which conversations the server has been asked whether they are rated, and has answered. */
  #asked = new Map();
  /** Tells the other tabs what has been rated. */
  #tabs;

  /**
   * @param {object} parts
   * @param {string} parts.site
   * @param {import("./chat-book.js").ChatBook} parts.book
   * @param {{request: import("../shared/connection.js").Connection["request"]}} parts.connection
   * @param {import("./widget-view.js").WidgetView} parts.view
   * @param {import("../shared/strings.js").Strings} parts.strings
   * @param {import("./chime.js").Chime} parts.chime
   * @param {() => void} parts.onChange
   */
  constructor({ site, book, connection, view, strings, chime, onChange }) {
    this.#book = book;
    this.#connection = connection;
    this.#view = view;
    this.#strings = strings;
    this.#chime = chime;
    this.#onChange = onChange;
    const name = `maitred:${site}:rated`;
    this.#tabs = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
    this.#tabs?.addEventListener("message", ({ data }) => {
      this.#book.mark("rated", String(data), true);
      this.#onChange();
    });
  }

  /** @returns {MenuItem[]} */
  get menu() {
    const { chat } = this.#book;
    /** @type {(name: string, run: () => void, checked?: boolean) => MenuItem} */
    const item = (name, run, checked) =>
      ({ id: `menu-${name}`, label: this.#strings.say(name), checked, run });
    const hasWords = chat && !chat.isEmpty;
    return [
      ...(hasWords && !chat.isResolved ? [item("end", () => this.#end(chat))] : []),
      ...(hasWords ? [item("fresh", () => this.#startAfresh())] : []),
      item("earlier", () => void this.#showEarlier()),
      ...(hasWords ? [item("download", () => this.#download(chat))] : []),
      item("sound", () => this.#chime.toggle(), this.#chime.isOn),
    ];
  }

  /**
   * The server wants to know something before it goes on.
   * @param {string} c
   * @param {any} asked
   */
  askedFor(c, asked) {
    const form = readForm(asked);
    if (form) this.#forms.set(c, form);
    this.#onChange();
  }

  /**
   * Asks what the server wants to know, for an address when nobody is there, and once for a rating
   * after the end.
   * @param {boolean} peopleOnline
   */
  show(peopleOnline) {
    const { chat } = this.#book;
    const c = chat?.c ?? "";
    const isOver = chat?.isResolved === true;
    if (isOver) this.#forms.delete(c);
    const form = this.#forms.get(c);
    const needsAddress = chat?.status === "queued" && !peopleOnline;
    const rates = isOver && (c === this.#thanked || this.#wantsRating(chat));
    const kind = form ? "form" : needsAddress ? "address" : rates ? "rating" : "";
    this.#view.ask({ kind, c, form }, {
      rate: (score, comment) => this.#rate(c, score, comment),
      skip: () => this.#rated(c),
      leave: async (email) => {
        await this.#connection.request("address", { c, d: { email } });
      },
      submit: (values) => this.#submit(c, values),
    });
  }

  /** @param {Chat} chat */
  #wantsRating(chat) {
    if (chat.isEmpty || this.#book.marks("rated")[chat.c] === true) return false;
    const end = chat.timeline.events.filter(({ t }) => t === "conv.upd").at(-1);
    if (!(Date.now() - Date.parse(end?.d?.at) < ratedWithin)) return false;
    if (!this.#asked.has(chat.c)) void this.#askWhetherRated(chat.c);
    return this.#asked.get(chat.c) === true;
  }

  /**
   * Another device may have rated it.
   * @param {string} c
   */
  async #askWhetherRated(c) {
    this.#asked.set(c, false);
    const { conversations = [] } = await this.#book.fetch().catch(() => ({}));
    this.#asked.set(c, true);
    if (conversations.find((/** @type {any} */ each) => each.c === c)?.rated) this.#remember(c);
    this.#onChange();
  }

  /** @param {Chat} chat */
  #end(chat) {
    // The button stays where it is if this does not arrive.
    this.#connection.request("end", { c: chat.c }).catch(() => {});
  }

  #startAfresh() {
    this.#book.current = null;
    this.#view.hideEarlier();
    this.#view.composer.focusField();
    this.#onChange();
  }

  async #showEarlier() {
    const { conversations = [] } = await this.#book.fetch().catch(() => ({}));
    this.#view.showEarlier(conversations, {
      back: () => this.#view.hideEarlier(),
      open: (c) => {
        this.#view.hideEarlier();
        this.#book.open(c);
        this.#book.current = c;
        this.#onChange();
        void this.#book.sync(c);
      },
    });
  }

  /** @param {Chat} chat */
  #download(chat) {
    const { lines } = this.#view.transcript;
    const text = transcriptText(chat.lines([]), {
      title: document.title,
      locale: this.#strings.locale,
      nameOf: (line) => lines.nameOf(line),
      changeOf: (line) => lines.changeOf(line),
    });
    this.#view.save(transcriptName(chat.c, Date.now()), text);
  }

  /**
   * @param {string} c
   * @param {Record<string, string | boolean>} values
   */
  async #submit(c, values) {
    const form = this.#forms.get(c);
    if (!form) return;
    await this.#connection.request("form.submit", { c, d: { form: form.form, values } });
    this.#forms.delete(c);
    this.#view.composer.focusField();
    this.#onChange();
  }

  /**
   * @param {string} c
   * @param {number} score
   * @param {string} comment
   */
  async #rate(c, score, comment) {
    const d = { score, ...(comment ? { comment } : {}) };
    await this.#connection.request("csat", { c, d });
    // The thanks stay for a moment, but nobody is asked again if the page goes away meanwhile.
    this.#thanked = c;
    this.#remember(c);
    setTimeout(() => this.#rated(c), thanksFor);
  }

  /** @param {string} c */
  #rated(c) {
    if (this.#thanked === c) this.#thanked = "";
    this.#remember(c);
    this.#view.leaveCard();
    this.#onChange();
  }

  /** @param {string} c */
  #remember(c) {
    if (this.#book.marks("rated")[c] === true) return;
    this.#book.mark("rated", c, true);
    this.#tabs?.postMessage(c);
  }
}
