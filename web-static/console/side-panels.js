// @ts-check

import { PanelBoard } from "./models/panels.js";

/** Who comes back after so long sees how it is now, whatever the panels' own pace. */
const freshFor = 5000;
/** After an action the panels are drawn anew, once the plugin has had a moment. */
const afterAction = 300;

/** The panels of plugins beside the open conversation: each kept fresh while they are seen. */
export class SidePanels {
  #api;
  #view;
  #onAsk;
  /** The open conversation. */
  #c = "";
  #board = new PanelBoard();
  /** Answers to questions that were asked before all were asked for anew are dropped. */
  #turn = 0;
  #timer = 0;
  #isSeen = false;
  #askedAt = 0;

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./elements/plugin-panels.js").PluginPanels} view
   * @param {object} behaviour
   * @param {HTMLElement} behaviour.within what the panels are seen in
   * @param {() => void} behaviour.onAsk when they are asked for
   */
  constructor(api, view, { within, onAsk }) {
    this.#api = api;
    this.#view = view;
    this.#onAsk = onAsk;
    new IntersectionObserver(([entry]) => this.#look(entry.isIntersecting)).observe(within);
    document.addEventListener("visibilitychange", () => this.#tick());
  }

  /** @param {string} c the open conversation, or nothing */
  turnTo(c) {
    this.#c = c;
    this.#turn += 1;
    clearTimeout(this.#timer);
    const { panels } = this.#board;
    this.#board = new PanelBoard();
    if (c === "") {
      this.#view.showNothing();
    } else {
      this.#view.showLoading(panels);
      this.refresh(null);
    }
  }

  /** Draws what is known, which may mean more meanwhile. */
  show() {
    if (this.#board.isKnown) this.#view.show(this.#board.panels);
  }

  /** @param {string[] | null} keys of those that are drawn anew; null for all */
  refresh(keys) {
    if (this.#c) void this.#ask(keys);
  }

  /** All of them, in a moment. */
  refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#board.expire();
      this.#tick();
    }, afterAction);
  }

  /** @param {string[] | null} keys */
  async #ask(keys) {
    if (keys === null) this.#turn += 1;
    const turn = this.#turn;
    this.#askedAt = Date.now();
    this.#board.asked(keys);
    this.#plan();
    this.#onAsk();
    const query = (keys ?? []).map((key) => `panel=${encodeURIComponent(key)}`).join("&");
    const path = `/v1/conversations/${this.#c}/panels${query && "?"}${query}`;
    const answer = await this.#api.get(path).catch((error) => error);
    if (turn !== this.#turn) return;
    if (answer instanceof Error) this.#failed(keys, /** @type {any} */ (answer).status);
    else {
      this.#board.came(keys, answer.panels ?? [], Date.now());
      this.show();
    }
    this.#plan();
  }

  /** @param {string[] | null} keys @param {number} status */
  #failed(keys, status) {
    this.#board.failed(keys, Date.now());
    // A server without plugins has nothing at this address.
    if (status === 404) this.#view.show([]);
    else this.#view.showTrouble(!this.#board.isKnown);
  }

  #plan() {
    clearTimeout(this.#timer);
    const { next } = this.#board;
    if (next === Infinity) return;
    this.#timer = window.setTimeout(() => this.#tick(), Math.max(0, next - Date.now()));
  }

  /** @param {boolean} isSeen */
  #look(isSeen) {
    const comesBack = isSeen && !this.#isSeen && Date.now() - this.#askedAt > freshFor;
    this.#isSeen = isSeen;
    if (comesBack) this.#board.expire();
    this.#tick();
  }

  /** What nobody sees is not drawn anew before somebody does. */
  #tick() {
    if (!this.#c || !this.#isSeen || document.visibilityState !== "visible") return;
    const keys = this.#board.due(Date.now());
    if (keys === null || keys.length > 0) void this.#ask(keys);
    else this.#plan();
  }
}
