// @ts-check

import { WireError } from "../shared/wire-error.js";

/** The console's REST calls. The session is a cookie that scripts cannot read. */
export class Api {
  #csrf = "";

  /** @returns {Promise<any>} the agent who is logged in, or null */
  async session() {
    try {
      const { agent, csrf } = await this.get("/v1/auth/session");
      this.#csrf = csrf;
      return agent;
    } catch (error) {
      if (error instanceof WireError && error.status === 401) return null;
      throw error;
    }
  }

  /** @param {string} email @param {string} password */
  async login(email, password) {
    const { agent, csrf } = await this.#call("POST", "/v1/auth/login", { email, password });
    this.#csrf = csrf;
    return agent;
  }

  /** Headers that say who asks; the cookie goes along by itself. */
  get credential() {
    return { "X-CSRF-Token": this.#csrf };
  }

  async logout() {
    await this.#call("POST", "/v1/auth/logout", {});
  }

  /**
   * A word that opens one socket.
   * @returns {Promise<string>}
   */
  async ticket() {
    return (await this.#call("POST", "/v1/ws-tickets", {})).ticket;
  }

  /** @param {string} path @returns {Promise<any>} */
  get(path) {
    return this.#call("GET", path);
  }

  /**
   * Asks for a change. No connection is a temporary failure like others.
   * @param {string} method
   * @param {string} path
   * @param {object} body
   * @param {Record<string, string>} [headers]
   * @param {AbortSignal} [signal] that the answer is not waited for any more
   * @returns {Promise<any>}
   */
  send(method, path, body, headers, signal) {
    return this.#call(method, path, body, headers, signal).catch((error) => {
      throw error instanceof WireError ? error : WireError.disconnected();
    });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   * @param {AbortSignal} [signal]
   */
  async #call(method, path, body, headers = {}, signal) {
    const known = { "Content-Type": "application/json", "X-CSRF-Token": this.#csrf, ...headers };
    const response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: body ? known : headers,
      signal,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    throw new WireError({
      temporary: response.status >= 500 || response.status === 429,
      code: response.status === 401 ? "unauthenticated" : undefined,
      ...answer,
      status: response.status,
    });
  }
}
