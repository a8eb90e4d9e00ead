// @ts-check

/** @typedef {import("./models/chat.js").Chat} Chat */

const thanksFor = 2500;

/** What stands beside the conversation: the menu, earlier ones, the rating, the address. */
export class Asides {
  #book;
  #connection;
  #view;
  #strings;
  #onChange;

  /**
   * @param {object} parts
   * @param {import("./chat-book.js").ChatBook} parts.book
   * @param {import("../shared/connection.js").Connection} parts.connection
   * @param {import("./widget-view.js").WidgetView} parts.view
   * @param {import("../shared/strings.js").Strings} parts.strings
   * @param {() => void} parts.onChange
   */
  constructor({ book, connection, view, strings, onChange }) {
    this.#book = book;
    this.#connection = connection;
    this.#view = view;
    this.#strings = strings;
    this.#onChange = onChange;
  }

  /** @returns {{id: string, label: string, run: () => void}[]} */
  get menu() {
    const { chat } = this.#book;
    const item = (/** @type {string} */ name, /** @type {() => void} */ run) =>
      ({ id: `menu-${name}`, label: this.#strings.say(name), run });
    return [
      ...(chat && !chat.isResolved && !chat.isEmpty ? [item("end", () => this.#end(chat))] : []),
      ...(chat && !chat.isEmpty ? [item("fresh", () => this.#startAfresh())] : []),
      item("earlier", () => void this.#showEarlier()),
    ];
  }

  /**
   * Asks for an address when nobody is there, and once for a rating after the end.
   * @param {boolean} peopleOnline
   */
  show(peopleOnline) {
    const { chat } = this.#book;
    const c = chat?.c ?? "";
    const needsAddress = chat?.status === "queued" && !peopleOnline;
    const isOver = chat?.isResolved && !chat.isEmpty;
    const rates = isOver && this.#book.marks("rated")[c] !== true;
    this.#view.ask({ kind: needsAddress ? "address" : rates ? "rating" : "", c }, {
      rate: (score, comment) => this.#rate(c, score, comment),
      skip: () => this.#rated(c),
      leave: async (email) => {
        await this.#connection.request("address", { c, d: { email } });
      },
    });
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

  /**
   * @param {string} c
   * @param {number} score
   * @param {string} comment
   */
  async #rate(c, score, comment) {
    const d = { score, ...(comment ? { comment } : {}) };
    await this.#connection.request("csat", { c, d });
    setTimeout(() => this.#rated(c), thanksFor);
  }

  /** @param {string} c */
  #rated(c) {
    this.#book.mark("rated", c, true);
    this.#onChange();
    this.#view.composer.focusField();
  }
}
