// @ts-check

import { newID } from "../shared/ids.js";
import { SummaryHelp } from "./elements/summary-help.js";
import { GrowingText } from "./models/growing-text.js";
import { Translator } from "./translator.js";

/** @typedef {import("./elements/assist-question.js").Ask} Ask */

/** What can be asked for is asked anew when it is older than so many milliseconds. */
const fresh = 15_000;

/** A language model at the agent's side: what it offers, and what it is asked for. */
export class Assist {
  summary = new SummaryHelp((signal, show) => this.#askAloud("summary", signal, show));
  translator = new Translator((signal, body) => this.#ask("translate", body, signal));
  /** Whether a draft can be asked for. */
  canDraft = false;
  /** When that is otherwise. */
  onChange = () => {};
  #api;
  /** The open conversation. */
  #c = "";
  #at = -fresh;
  /** By what a request calls itself: its answer as it is written, and who looks at it. */
  /** @type {Map<string, {growing: GrowingText, show: (text: string) => void}>} */
  #asked = new Map();

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** @param {string} c the open conversation, or nothing */
  turnTo(c) {
    this.#c = c;
    this.summary.drop();
    this.translator.drop();
    if (c) void this.refresh();
  }

  /** Asks what is offered: plugins come and go. */
  async refresh() {
    if (performance.now() - this.#at < fresh) return;
    this.#at = performance.now();
    // A server without plugins has nothing at this address.
    const offer = await this.#api.get("/v1/assist").catch(() => ({}));
    this.summary.isOffered = offer.summary === true;
    this.translator.isOffered = offer.translate === true;
    this.canDraft = offer.draft === true;
    this.onChange();
  }

  /** @type {Ask} */
  draft = (signal, show) => this.#askAloud("draft", signal, show);

  /**
   * A piece of an answer, ahead of the whole.
   * @param {import("../shared/protocol.js").Suggest} piece
   */
  receive({ request, i, text }) {
    const asked = this.#asked.get(request);
    if (!asked) return;
    asked.growing.add(i, text);
    asked.show(asked.growing.text);
  }

  /**
   * Asks for what is shown while it is written.
   * @param {string} what
   * @param {AbortSignal} signal
   * @param {(text: string) => void} show
   */
  async #askAloud(what, signal, show) {
    const stream = newID();
    this.#asked.set(stream, { growing: new GrowingText(), show });
    try {
      return await this.#ask(what, { stream }, signal);
    } finally {
      this.#asked.delete(stream);
    }
  }

  /** @param {string} what @param {object} body @param {AbortSignal} signal */
  #ask(what, body, signal) {
    return this.#api.send("POST", `/v1/conversations/${this.#c}/${what}`, body, {}, signal);
  }
}
