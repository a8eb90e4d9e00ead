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
  #onNamed;
  /** @type {string | null} the other tab that named the customer last */
  #namer = null;
  /** @type {Map<string, (jwt: string | null) => void>} */
  #waiting = new Map();

  /**
   * @param {object} options
   * @param {import("./tab-channel.js").TabChannel} options.channel
   * @param {{identity: () => Promise<string | null>}} options.host
   * @param {(who: string) => void} options.onNamed a page says who the customer is: `claimsOf` it
   */
  constructor({ channel, host, onNamed }) {
    this.#channel = channel;
    this.#host = host;
    this.#onNamed = onNamed;
    channel.on("names", ({ from, who }) => {
      this.#namer = from;
      this.#onNamed(who);
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

  /** Asks this tab's page who the customer is, and tells all tabs. */
  async tell() {
    const who = claimsOf(await this.#host.identity());
    this.#onNamed(who);
    if (who !== "") this.#channel.post("names", { who });
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

/**
 * What a JWT says, whenever it was made: two of the same customer say the same.
 * @param {string | null} jwt
 */
export function claimsOf(jwt) {
  try {
    const [, payload] = (jwt ?? "").split(".");
    const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const { iat: _, nbf: __, exp: ___, jti: ____, ...claims } = JSON.parse(text);
    return JSON.stringify(claims);
  } catch {
    return jwt ?? "";
  }
}
