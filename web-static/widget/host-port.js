// @ts-check

/** The page gives up on its customer's name after ten seconds; one that is busy, a little later. */
const identityWithin = 12_000;

/**
 * The channel to the page around the iframe. The first window message from the parent brings a
 * port, and from then on nothing else is listened to.
 * @typedef {object} HostHello
 * @property {string} locale
 * @property {"auto" | "light" | "dark"} theme
 * @property {boolean} identified whether the host can name its customer
 * @property {boolean} open
 * @property {boolean} [ended] whether the page ended the session while the chat could not hear it
 * @property {string} base where the host's own paths begin
 * @property {boolean} [sound]
 * @property {string} [colour] of the brand, where the page says it
 * @property {string} origin of the host
 */

export class HostPort {
  /** @type {MessagePort | null} */
  #port = null;
  /** @type {Set<(jwt: string | null) => void>} */
  #identityWaiters = new Set();
  /** @type {(message: any) => void} */
  #onMessage = () => {};

  /**
   * Waits for the host. A page opened by itself, without a frame, has none.
   * @param {Window} window
   * @returns {Promise<HostHello | null>}
   */
  meet(window) {
    if (window.parent === window) return Promise.resolve(null);
    return new Promise((resolve) => {
      /** @param {MessageEvent} event */
      const greet = (event) => {
        // Who may frame this page at all is decided by its frame-ancestors: the parent is one of
        // the site's pages. Other windows may post here too, and are not heard.
        if (event.source !== window.parent || event.data?.maitred !== 1 || !event.ports[0]) return;
        window.removeEventListener("message", greet);
        this.#port = event.ports[0];
        this.#port.onmessage = ({ data }) => this.#receive(data);
        resolve({ ...event.data, origin: event.origin });
      };
      window.addEventListener("message", greet);
    });
  }

  /** @param {(message: any) => void} onMessage */
  begin(onMessage) {
    this.#onMessage = onMessage;
    this.tell({ t: "ready" });
  }

  /** @param {object} message */
  tell(message) {
    this.#port?.postMessage(message);
  }

  /**
   * A fresh JWT from the host, or null.
   * @returns {Promise<string | null>}
   */
  identity() {
    if (!this.#port) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), identityWithin);
      const settle = (/** @type {string | null} */ jwt) => {
        clearTimeout(timer);
        this.#identityWaiters.delete(settle);
        resolve(jwt);
      };
      this.#identityWaiters.add(settle);
      this.tell({ t: "identity" });
    });
  }

  /** @param {any} message */
  #receive(message) {
    if (message?.t === "identity") {
      for (const settle of [...this.#identityWaiters]) settle(message.jwt ?? null);
    } else {
      this.#onMessage(message);
    }
  }
}
