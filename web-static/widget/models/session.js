// @ts-check

import { WireError } from "../../shared/wire-error.js";

/**
 * How long an answer may take: at first hardly, for a network that is half gone holds on to dead
 * connections; longer each time, for one that is only slow.
 */
const patience = [4_000, 8_000, 16_000];

/**
 * What a tab may know of another's session.
 * @typedef {{token: string, expiresAt: number, identity?: string | null}} Loan
 */

/**
 * The customer's session: turns a site's key, and the visitor token this browser kept, into the
 * short-lived token of a socket. Nothing of it ever reaches the host's page.
 */
export class WidgetSession {
  /** @type {string | null} */
  token = null;
  /** @type {string | null | undefined} the JWT with which it was opened last, if it ever was */
  identity;
  #expiresAt = 0;
  #site;
  #kept;
  #fetch;
  #identity;
  #borrow;
  #now;
  #isEnded = false;
  #tries = 0;
  /** Counts who the customer has been. */
  #holder = 0;
  /** @type {Promise<string> | null} one at a time: two first ones would be two customers */
  #asking = null;

  /**
   * @param {object} options
   * @param {string} options.site
   * @param {import("../../shared/storage.js").KeptValues} options.kept
   * @param {() => Promise<string | null>} options.identity a fresh JWT of the host's, or null
   * @param {(renew: boolean) => Promise<Loan | null>} [options.borrow] the token of another tab,
   *   or null when this one has to get its own
   * @param {typeof fetch} [options.fetch]
   * @param {() => number} [options.now]
   */
  constructor({ site, kept, identity, borrow = async () => null, fetch, now = Date.now }) {
    this.#site = site;
    this.#kept = kept;
    this.#identity = identity;
    this.#borrow = borrow;
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
    if (this.#asking) return this.#asking;
    const asking = (this.#asking = this.#ask(renew));
    const done = () => {
      if (this.#asking === asking) this.#asking = null;
    };
    asking.then(done, done);
    return asking;
  }

  /** What another tab may use: the token and when it runs out. @param {boolean} renew */
  async lend(renew) {
    const token = await this.fresh(renew);
    return /** @type {Loan} */ ({ token, expiresAt: this.#expiresAt, identity: this.identity });
  }

  /** The token belongs to somebody else now (an identity was added): the next one is new. */
  invalidate() {
    this.#holder += 1;
    this.#asking = null;
    this.token = null;
  }

  /** What names it to the server. @returns {import("../session-ends.js").Named} */
  get named() {
    return { visitor: this.#kept.get("visitor"), token: this.token };
  }

  /** Forgets who this browser was. */
  end() {
    this.#isEnded = true;
    this.token = null;
    this.#kept.remove("visitor");
  }

  /** @param {boolean} renew */
  async #ask(renew) {
    const holder = this.#holder;
    const loan = await this.#borrow(renew);
    if (loan) this.identity = loan.identity ?? null;
    const { token, expiresAt } = loan ?? await this.#granted();
    // Of no use when the session ended, or became somebody else's, while the answer was on its way.
    if (holder === this.#holder && !this.#isEnded) {
      this.token = token;
      this.#expiresAt = expiresAt;
    }
    return token;
  }

  /** @returns {Promise<Loan>} */
  async #granted() {
    const answer = await this.#open(this.#kept.get("visitor"));
    if (answer.visitor && !this.#isEnded) this.#kept.set("visitor", answer.visitor);
    const expiresAt = Date.parse(answer.expires_at) || this.#now() + 60_000;
    return { token: String(answer.token), expiresAt };
  }

  /** @param {string | null} visitor the token of an earlier session */
  async #open(visitor) {
    const identity = (this.identity = await this.#identity());
    return this.#post({
      site: this.#site,
      ...(visitor ? { visitor } : {}),
      ...(identity ? { identity } : {}),
    });
  }

  #patience() {
    return patience[Math.min(this.#tries++, patience.length - 1)];
  }

  /** @param {object} body */
  async #post(body) {
    const response = await this.#fetch("/v1/widget/sessions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.timeout(this.#patience()),
    });
    this.#tries = 0;
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
