// @ts-check

/** How long the server may take to hear of an end. */
const patience = 5_000;
/** How many are kept that it has not heard of. There is hardly ever more than one. */
const most = 3;

/**
 * What names a session to the server: its visitor's token, and the one it was opened with last.
 * @typedef {{visitor: string | null, token: string | null}} Named
 */

/**
 * Tells the server which sessions have ended in this browser. Until it knows, a copy of a token
 * opens their conversations: what could not be told is kept, and told again later. No more of a
 * session is kept than what names it, and that only until the server has answered.
 */
export class SessionEnds {
  #kept;
  #fetch;

  /**
   * @param {object} parts
   * @param {import("../shared/storage.js").KeptValues} parts.kept apart from what is kept of a
   *   session, which goes with it
   * @param {typeof fetch} [parts.fetch]
   */
  constructor({ kept, fetch }) {
    this.#kept = kept;
    this.#fetch = fetch ?? globalThis.fetch.bind(globalThis);
  }

  /**
   * Asks for the end before it returns, for the page may be left at once.
   * @param {Named} session
   * @returns {Promise<void>} rejects when the server could not be told yet
   */
  async end(session) {
    if (!session.visitor && !session.token) return;
    this.#keep([...this.#owed, session]);
    try {
      await this.#tell(session);
    } catch {
      throw new Error("maitred: the session has ended in this browser, but the server could not " +
        "be told. It is told when the chat is loaded here again.");
    }
  }

  /** Tells what could not be told before. */
  async retry() {
    // Whatever fails once more is owed as before.
    await Promise.allSettled(this.#owed.map((session) => this.#tell(session)));
  }

  /** @returns {Named[]} */
  get #owed() {
    return this.#kept.get("owed") ?? [];
  }

  /** @param {Named[]} sessions */
  #keep(sessions) {
    if (sessions.length === 0) this.#kept.remove("owed");
    else this.#kept.set("owed", sessions.slice(-most));
  }

  /** @param {Named} session */
  async #tell({ visitor, token }) {
    let status = await this.#post(visitor, token);
    // Its token has run out: the visitor's ends by itself as well.
    if (status === 401 && visitor && token) status = await this.#post(visitor, null);
    if (status >= 500 || status === 429) throw new Error(`Refused with ${status}.`);
    this.#keep(this.#owed.filter((each) => each.visitor !== visitor || each.token !== token));
  }

  /** @param {string | null} visitor @param {string | null} token */
  async #post(visitor, token) {
    const response = await this.#fetch("/v1/widget/sessions/end", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(visitor ? { visitor } : {}),
      credentials: "omit",
      keepalive: true,
      signal: AbortSignal.timeout(patience),
    });
    return response.status;
  }
}
