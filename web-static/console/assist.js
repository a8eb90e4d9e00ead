// @ts-check

import { SummaryHelp } from "./elements/summary-help.js";

/** What can be asked for is asked anew when it is older than so many milliseconds. */
const fresh = 15_000;

/** A language model at the agent's side: what it offers, and what it is asked for. */
export class Assist {
  summary = new SummaryHelp((signal) => this.#ask("summary", signal));
  /** Whether a draft can be asked for. */
  canDraft = false;
  /** When that is otherwise. */
  onChange = () => {};
  #api;
  /** The open conversation. */
  #c = "";
  #at = -fresh;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** @param {string} c the open conversation, or nothing */
  turnTo(c) {
    this.#c = c;
    this.summary.drop();
    if (c) void this.refresh();
  }

  /** Asks what is offered: plugins come and go. */
  async refresh() {
    if (performance.now() - this.#at < fresh) return;
    this.#at = performance.now();
    // A server without plugins has nothing at this address.
    const offer = await this.#api.get("/v1/assist").catch(() => ({}));
    this.summary.isOffered = offer.summary === true;
    this.canDraft = offer.draft === true;
    this.onChange();
  }

  /** @param {AbortSignal} signal */
  draft(signal) {
    return this.#ask("draft", signal);
  }

  /** @param {string} what @param {AbortSignal} signal */
  #ask(what, signal) {
    return this.#api.send("POST", `/v1/conversations/${this.#c}/${what}`, {}, {}, signal);
  }
}
