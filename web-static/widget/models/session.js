// @ts-check

import { WireError } from "../../shared/wire-error.js";

/**
 * The customer's session: turns a site's key, and the visitor token this browser kept, into the
 * short-lived token of a socket. Nothing of it ever reaches the host's page.
 */
export class WidgetSession {
  /** @type {string | null} */
  token = null;
  #expiresAt = 0;
  #site;
  #kept;
  #fetch;
  #identity;
  #now;

  /**
   * @param {object} options
   * @param {string} options.site
   * @param {import("../../shared/storage.js").KeptValues} options.kept
   * @param {() => Promise<string | null>} options.identity a fresh JWT of the host's, or null
   * @param {typeof fetch} [options.fetch]
   * @param {() => number} [options.now]
   */
  constructor({ site, kept, identity, fetch, now = Date.now }) {
    this.#site = site;
    this.#kept = kept;
    this.#identity = identity;
    this.#fetch = fetch ?? globalThis.fetch.bind(globalThis);
    this.#now = now;
  }

  /** Whether this browser has spoken with the site before. */
  get isReturning() {
    return this.#kept.get("visitor") !== null;
  }

  /**
   * A token that is good for at least another half minute.
   * @param {boolean} renew whether the last one was refused
   * @returns {Promise<string>}
   */
  async fresh(renew) {
    if (this.token && !renew && this.#expiresAt - this.#now() > 30_000) return this.token;
    const identity = await this.#identity();
    const visitor = this.#kept.get("visitor");
    const answer = await this.#post({
      site: this.#site,
      ...(visitor ? { visitor } : {}),
      ...(identity ? { identity } : {}),
    });
    this.token = String(answer.token);
    this.#expiresAt = Date.parse(answer.expires_at) || this.#now() + 60_000;
    if (answer.visitor) this.#kept.set("visitor", answer.visitor);
    return this.token;
  }

  /** The token belongs to somebody else now (an identity was added): the next one is new. */
  invalidate() {
    this.token = null;
  }

  /** Forgets who this browser was. */
  end() {
    this.token = null;
    this.#kept.remove("visitor");
  }

  /** @param {object} body */
  async #post(body) {
    const response = await this.#fetch("/v1/widget/sessions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    throw new WireError({
      temporary: response.status >= 500 || response.status === 429,
      status: response.status,
      code: response.status === 403 ? "forbidden" : undefined,
      ...answer,
    });
  }
}
