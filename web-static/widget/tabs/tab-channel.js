// @ts-check

import { newID } from "../../shared/ids.js";

/**
 * A message between tabs.
 * @typedef {{t: string, from: string, to?: string, [key: string]: any}} TabMessage
 */

/** @typedef {Pick<BroadcastChannel, "postMessage" | "close"> &
 *   {onmessage: ((event: any) => void) | null}} Broadcast */

/**
 * What the tabs of one browser tell each other about one site. Silent where the browser has no
 * such channel: then every tab is the only one it knows.
 */
export class TabChannel {
  /** The name of this tab among the others. */
  id = newID();
  /** @type {Broadcast | null} */
  #channel = null;
  /** @type {Map<string, ((message: TabMessage) => void)[]>} */
  #listeners = new Map();

  /**
   * @param {string} name
   * @param {(name: string) => Broadcast} [open]
   */
  constructor(name, open = (name) => new BroadcastChannel(name)) {
    try {
      this.#channel = open(name);
      this.#channel.onmessage = ({ data }) => this.#receive(data);
    } catch {
      // No channel, or none for an embedded page.
    }
  }

  /** Whether other tabs could hear this one. */
  get isOpen() {
    return this.#channel !== null;
  }

  /**
   * @param {string} t
   * @param {(message: TabMessage) => void} run
   */
  on(t, run) {
    this.#listeners.set(t, [...(this.#listeners.get(t) ?? []), run]);
  }

  /**
   * @param {string} t
   * @param {object} [message]
   * @param {string | null} [to] one tab; every other one without it
   */
  post(t, message = {}, to = null) {
    this.#channel?.postMessage({ ...message, t, from: this.id, ...(to ? { to } : {}) });
  }

  /** @param {TabMessage} message */
  #receive(message) {
    if (message?.to && message.to !== this.id) return;
    for (const run of this.#listeners.get(message?.t) ?? []) run(message);
  }
}
