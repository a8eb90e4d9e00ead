// @ts-check

/** The number of unread messages in front of the page's title, while there are any. */
export class PageTitle {
  #document;
  #mark = "";

  /** @param {{title: string}} document */
  constructor(document) {
    this.#document = document;
  }

  /** The title as the page wrote it. */
  get own() {
    const { title } = this.#document;
    return this.#mark && title.startsWith(this.#mark) ? title.slice(this.#mark.length) : title;
  }

  /** @param {number} count */
  show(count) {
    const { own } = this;
    this.#mark = count > 0 ? `(${count > 99 ? "99+" : count}) ` : "";
    const title = this.#mark + own;
    if (title !== this.#document.title) this.#document.title = title;
  }
}
