// @ts-check

import { newID } from "../../shared/ids.js";

const answerWithin = 2_000;

/**
 * Who the customer is, whichever tab's page can say so: the tab that leads opens the session, but
 * the customer may have logged in on another one.
 */
export class TabIdentity {
  #channel;
  #host;
  #onChanged;
  /** @type {string | null} the other tab that named the customer last */
  #namer = null;
  /** @type {Map<string, (jwt: string | null) => void>} */
  #waiting = new Map();

  /**
   * @param {object} options
   * @param {import("./tab-channel.js").TabChannel} options.channel
   * @param {{identity: () => Promise<string | null>}} options.host
   * @param {(isChange: boolean) => void} options.onChanged another tab can name the customer;
   *   whether it is said to be somebody else than before
   */
  constructor({ channel, host, onChanged }) {
    this.#channel = channel;
    this.#host = host;
    this.#onChanged = onChanged;
    channel.on("names", ({ from, isChange }) => {
      this.#namer = from;
      this.#onChanged(isChange);
    });
    channel.on("identify", async ({ from, id }) => {
      channel.post("identity", { re: id, jwt: await host.identity() }, from);
    });
    channel.on("identity", ({ re, jwt }) => this.#waiting.get(re)?.(jwt));
  }

  /** A fresh JWT of a host's page, or null when none can name the customer. */
  async token() {
    return (await this.#host.identity()) ?? this.#fromNamer();
  }

  /**
   * Tells the others that this tab can name the customer, if it can.
   * @param {boolean} isChange
   */
  async tell(isChange) {
    if (isChange || (await this.#host.identity())) this.#channel.post("names", { isChange });
  }

  /** @returns {Promise<string | null>} */
  #fromNamer() {
    if (!this.#namer) return Promise.resolve(null);
    const id = newID();
    return new Promise((resolve) => {
      const answer = (/** @type {string | null} */ jwt) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(jwt);
      };
      const timer = setTimeout(() => answer(null), answerWithin);
      this.#waiting.set(id, answer);
      this.#channel.post("identify", { id }, this.#namer);
    });
  }
}
