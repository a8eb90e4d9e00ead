// @ts-check

/**
 * The wish for a person: kept until the server has heard it, so that it need not be said twice.
 */
export class PersonWish {
  /** Whether it is on its way. */
  isWaiting = false;
  #book;
  #connection;
  #onChange;
  #isSending = false;

  /**
   * @param {object} parts
   * @param {import("./chat-book.js").ChatBook} parts.book
   * @param {{request: import("../shared/connection.js").Connection["request"]}} parts.connection
   * @param {() => void} parts.onChange
   */
  constructor({ book, connection, onChange }) {
    this.#book = book;
    this.#connection = connection;
    this.#onChange = onChange;
  }

  say() {
    this.isWaiting = true;
    this.#onChange();
    return this.send();
  }

  /** Called again after every return of the connection. */
  async send() {
    if (!this.isWaiting || this.#isSending) return;
    this.#isSending = true;
    try {
      const c = this.#book.current ?? (await this.#start());
      await this.#connection.request("human", { c });
      this.isWaiting = false;
    } catch (error) {
      // Without a connection it waits; what is refused is asked for by the button again.
      this.isWaiting = /** @type {any} */ (error)?.code === "disconnected";
    }
    this.#isSending = false;
    this.#onChange();
  }

  async #start() {
    const ack = await this.#connection.request("conv.start");
    const c = String(ack.c);
    this.#book.open(c);
    this.#book.current = c;
    return c;
  }
}
