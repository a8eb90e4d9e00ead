// @ts-check

import { Assist } from "./assist.js";
import { ActionDialog } from "./elements/action-dialog.js";
import { openActionPicker } from "./elements/action-picker.js";
import { showFailure, showToast } from "./elements/notices.js";
import { PluginPanels } from "./elements/plugin-panels.js";
import { isGrave } from "./models/action-order.js";
import { refreshAfter } from "./models/panels.js";
import { isComplete } from "./models/schema-fields.js";
import { say } from "./strings.js";

/** @typedef {import("./models/action-order.js").Action} Action */
/** @typedef {import("./models/panels.js").Panel} Panel */

/** A list of actions is asked for anew when it is older than so many milliseconds. */
const actionsFor = 15_000;
/** Who comes back after so long sees how it is now, whatever the panels' own pace. */
const freshFor = 5000;
/** After an action the panels are drawn anew, once the plugin has had a moment. */
const afterAction = 300;

/**
 * What plugins put beside the open conversation: their panels, kept fresh while they are seen,
 * and their actions, and a language model's help.
 */
export class SideTools {
  assist;
  #api;
  #view;
  #behaviour;
  /** The open conversation. */
  #c = "";
  #customer = "";
  #canInsert = false;
  /** The last position in its log up to which actions are in the panels. */
  #position = 0;
  /** @type {Panel[]} */
  #panels = [];
  #hasPanels = false;
  #failures = 0;
  #timer = 0;
  #isSeen = false;
  #isDue = false;
  #loadedAt = 0;
  /** @type {Action[]} */
  #actions = [];
  #actionsAt = 0;

  /**
   * @param {import("./api.js").Api} api
   * @param {object} behaviour
   * @param {HTMLElement} behaviour.within what the panels are seen in
   * @param {(text: string) => void} behaviour.insert puts a text into the reply
   */
  constructor(api, behaviour) {
    this.#api = api;
    this.assist = new Assist(api);
    this.#behaviour = behaviour;
    this.#view = new PluginPanels({
      ask: (wish) => void this.#ask(wish),
      isGrave: (name) => this.#actions.some((each) => each.name === name && isGrave(each)),
      refresh: () => void this.#load(),
      choose: () => void this.choose(),
    });
    new IntersectionObserver(([entry]) => this.#look(entry.isIntersecting))
      .observe(behaviour.within);
    document.addEventListener("visibilitychange", () => this.#look(this.#isSeen));
  }

  get element() {
    return this.#view.element;
  }

  /** What a language model makes of the conversation. */
  get summary() {
    return this.assist.summary.element;
  }

  /** The way to the actions. */
  get button() {
    return this.#view.button;
  }

  /**
   * @param {object} conversation
   * @param {string} conversation.c
   * @param {string} conversation.customer what to call them
   * @param {number} conversation.s the last position in its log, as lists know it
   * @param {number} conversation.acted where its log tells of the last action; 0 for none
   * @param {boolean} conversation.canInsert
   */
  show({ c, customer, s, acted, canInsert }) {
    this.#customer = customer;
    this.#canInsert = canInsert;
    if (c !== this.#c) this.#turnTo(c, s);
    if (acted > this.#position) this.#plan(afterAction);
    this.#position = Math.max(this.#position, acted);
  }

  showNothing() {
    if (this.#c === "") return;
    this.#c = "";
    clearTimeout(this.#timer);
    this.#view.showNothing();
    this.assist.turnTo("");
  }

  /** Asks which of the actions is to be done. */
  async choose() {
    const c = this.#c;
    if (!c) return;
    await this.#fetchActions();
    if (c !== this.#c) return;
    openActionPicker(this.#actions, (action) => this.#open(action, {}));
  }

  // Panels

  /** @param {string} c @param {number} s */
  #turnTo(c, s) {
    this.#c = c;
    this.#position = s;
    this.#failures = 0;
    this.#hasPanels = false;
    this.#view.showLoading(this.#panels);
    this.assist.turnTo(c);
    void this.#load();
  }

  async #load() {
    const c = this.#c;
    this.#isDue = false;
    this.#loadedAt = Date.now();
    clearTimeout(this.#timer);
    void this.#fetchActions();
    void this.assist.refresh();
    const answer = await this.#api.get(`/v1/conversations/${c}/panels`).catch((error) => error);
    if (c !== this.#c) return;
    if (answer instanceof Error) {
      this.#failed(/** @type {any} */ (answer).status);
    } else {
      this.#failures = 0;
      this.#hasPanels = true;
      this.#panels = answer.panels ?? [];
      this.#view.show(this.#panels);
    }
    this.#plan(refreshAfter(this.#panels, this.#failures));
  }

  /** @param {number} status */
  #failed(status) {
    this.#failures += 1;
    // A server without plugins has nothing at this address.
    if (status === 404) this.#view.show([]);
    else this.#view.showTrouble(!this.#hasPanels);
  }

  /** @param {number} ms */
  #plan(ms) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#isDue = true;
      this.#look(this.#isSeen);
    }, ms);
  }

  /**
   * What nobody sees is not refreshed before somebody does.
   * @param {boolean} isSeen
   */
  #look(isSeen) {
    const comesBack = isSeen && !this.#isSeen && Date.now() - this.#loadedAt > freshFor;
    if (comesBack) this.#isDue = true;
    this.#isSeen = isSeen;
    const isInFront = isSeen && document.visibilityState === "visible";
    if (isInFront && this.#isDue && this.#c) void this.#load();
  }

  // Actions

  async #fetchActions() {
    if (Date.now() - this.#actionsAt < actionsFor) return;
    const answer = await this.#api.get("/v1/actions").catch(() => null);
    if (answer) {
      this.#actionsAt = Date.now();
      this.#actions = answer.actions ?? [];
      // Panels that came first do not know yet which of their buttons are grave.
      if (this.#hasPanels) this.#view.show(this.#panels);
    }
    this.#view.button.hidden = this.#actions.length === 0;
  }

  /** @param {{action: string, title: string, input: Record<string, any>, isForm: boolean}} wish */
  async #ask({ action: name, title, input, isForm }) {
    let action = this.#actions.find((each) => each.name === name);
    if (!action) {
      this.#actionsAt = 0;
      await this.#fetchActions();
      action = this.#actions.find((each) => each.name === name);
    }
    if (!action) return showToast(say("actionGone"));
    const isAtOnce = !isForm && !isGrave(action) && isComplete(action.input, input);
    this.#open({ ...action, title }, input, isAtOnce);
  }

  /** @param {Action} action @param {Record<string, any>} input @param {boolean} [isAtOnce] */
  #open(action, input, isAtOnce = false) {
    const dialog = new ActionDialog(action, {
      conversation: this.#c,
      customer: this.#customer,
      input,
      post: (name, key, body) =>
        this.#api.send("POST", `/v1/actions/${encodeURIComponent(name)}`, body, {
          "Idempotency-Key": key,
        }),
      insert: this.#canInsert ? this.#behaviour.insert : null,
    });
    dialog.open(isAtOnce);
  }
}
