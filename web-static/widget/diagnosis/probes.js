// @ts-check

/** @typedef {import("./policy.js").Violation} Violation */

/**
 * What came of trying something: an answer, a rule of the page that refused it, or a failure that
 * the browser does not explain.
 * @typedef {object} Outcome
 * @property {number} [status] of an answer over HTTP
 * @property {any} [body] its JSON, if it was any
 * @property {number} [began] when it was asked for and when it came, in milliseconds since 1970
 * @property {number} [ended]
 * @property {boolean} [isDone] what has no status worked
 * @property {Violation} [blocked]
 * @property {string} [failed]
 */

const patience = 8_000;
/** The browser tells of a violation a moment after what it refused has failed. */
const violationWithin = 150;

/** Tries things out on a page, and hears when its policy refuses them. */
export class Prober {
  #document;
  #host;
  /** @type {Violation[]} */
  #violations = [];
  /** @type {() => void} */
  #heard = () => {};
  #listener;

  /** @param {Document} document @param {string} origin of the chat */
  constructor(document, origin) {
    this.#document = document;
    this.#host = new URL(origin).host;
    this.#listener = (/** @type {SecurityPolicyViolationEvent} */ event) => this.#hear(event);
    document.addEventListener("securitypolicyviolation", this.#listener);
  }

  end() {
    this.#document.removeEventListener("securitypolicyviolation", this.#listener);
  }

  /** @param {string} url @param {RequestInit} [request] @returns {Promise<Outcome>} */
  ask(url, request = {}) {
    return this.#attempt(async (signal) => {
      const began = Date.now();
      const answer = await fetch(url, {
        credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", ...request, signal,
      });
      const ended = Date.now();
      const body = await answer.json().catch(() => null);
      return { status: answer.status, body, began, ended };
    });
  }

  /** @param {string} url @returns {Promise<Outcome>} */
  script(url) {
    return this.#attempt(async () => {
      await import(url);
      return { isDone: true };
    });
  }

  /**
   * Loads a page where it can do nothing: without scripts, out of sight.
   * @param {string} url
   * @returns {Promise<Outcome>}
   */
  frame(url) {
    return this.#attempt((signal) => new Promise((resolve, reject) => {
      const frame = this.#document.createElement("iframe");
      frame.setAttribute("sandbox", "");
      frame.setAttribute("aria-hidden", "true");
      frame.hidden = true;
      const over = () => frame.remove();
      frame.addEventListener("load", () => {
        // A refused frame has loaded as well: with nothing.
        this.#violation().then((blocked) => {
          over();
          if (blocked) reject(new Error("refused"));
          else resolve({ isDone: true });
        });
      });
      signal.addEventListener("abort", () => {
        over();
        reject(signal.reason);
      });
      frame.src = url;
      this.#document.documentElement.append(frame);
    }));
  }

  /** @param {string} url @param {string} protocol @returns {Promise<Outcome>} */
  socket(url, protocol) {
    return this.#attempt((signal) => new Promise((resolve, reject) => {
      const socket = new WebSocket(url, protocol);
      const over = (/** @type {() => void} */ then) => {
        socket.onopen = socket.onclose = null;
        socket.close();
        then();
      };
      socket.onopen = () => over(() => resolve({ isDone: true }));
      socket.onclose = () => over(() => reject(new Error("it closed before it had opened")));
      signal.addEventListener("abort", () => over(() => reject(signal.reason)));
    }));
  }

  /** @param {(signal: AbortSignal) => Promise<Outcome>} run @returns {Promise<Outcome>} */
  async #attempt(run) {
    this.#violations = [];
    const end = new AbortController();
    const timer = setTimeout(
      () => end.abort(new Error(`no answer within ${patience / 1000} seconds`)), patience);
    try {
      const { signal } = end;
      const late = new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)));
      return await Promise.race([run(signal), /** @type {Promise<never>} */ (late)]);
    } catch (error) {
      const blocked = await this.#violation();
      if (blocked) return { blocked };
      return { failed: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns {Promise<Violation | null>} of what is being tried */
  #violation() {
    if (this.#violations.length > 0) return Promise.resolve(this.#violations[0]);
    return new Promise((resolve) => {
      this.#heard = () => resolve(this.#violations[0] ?? null);
      setTimeout(this.#heard, violationWithin);
    });
  }

  /** @param {SecurityPolicyViolationEvent} event */
  #hear({ blockedURI, disposition, effectiveDirective, originalPolicy }) {
    if (disposition !== "enforce" || !URL.canParse(blockedURI)) return;
    if (new URL(blockedURI).host !== this.#host) return;
    this.#violations.push({ directive: effectiveDirective, policy: originalPolicy });
    this.#heard();
  }
}
