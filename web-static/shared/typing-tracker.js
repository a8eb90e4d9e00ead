// @ts-check

import { systemClock } from "./clock.js";

const forgottenAfter = 7_000;

/**
 * Who else is typing. A writer whose "off" was lost is forgotten after seven seconds.
 */
export class TypingTracker {
  /** @type {Map<string, {kind: string, name?: string, cancel: () => void}>} */
  #writers = new Map();
  #clock;
  #onChange;

  /**
   * @param {() => void} onChange
   * @param {import("./clock.js").Clock} [clock]
   */
  constructor(onChange, clock = systemClock) {
    this.#onChange = onChange;
    this.#clock = clock;
  }

  /** @returns {{who: string, kind: string, name?: string}[]} */
  get writers() {
    return [...this.#writers].map(([who, { kind, name }]) => ({ who, kind, name }));
  }

  /** @param {{who: string, kind?: string, on: boolean, name?: string}} typing */
  receive({ who, kind = kindOf(who), on, name }) {
    const known = this.#writers.get(who);
    known?.cancel();
    if (on) {
      const cancel = this.#clock.after(forgottenAfter, () => this.#remove(who));
      this.#writers.set(who, { kind, name, cancel });
      if (!known) this.#onChange();
    } else if (known) {
      this.#remove(who);
    }
  }

  /**
   * Their message has arrived, so they are no longer writing it.
   * @param {string} kind
   */
  arrived(kind) {
    for (const [who, writer] of this.#writers) if (writer.kind === kind) this.#remove(who);
  }

  clear() {
    for (const writer of this.#writers.values()) writer.cancel();
    this.#writers.clear();
    this.#onChange();
  }

  /** @param {string} who */
  #remove(who) {
    this.#writers.get(who)?.cancel();
    if (this.#writers.delete(who)) this.#onChange();
  }
}

/** @param {string} who */
function kindOf(who) {
  if (who === "bot") return "bot";
  return who.startsWith("agt_") ? "agent" : "customer";
}
