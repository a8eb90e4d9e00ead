// @ts-check

import { Assist } from "./assist.js";
import { ActionDialog } from "./elements/action-dialog.js";
import { openActionPicker } from "./elements/action-picker.js";
import { showFailure, showToast } from "./elements/notices.js";
import { PluginPanels } from "./elements/plugin-panels.js";
import { isGrave } from "./models/action-order.js";
import { isComplete } from "./models/schema-fields.js";
import { SidePanels } from "./side-panels.js";
import { say } from "./strings.js";

/** @typedef {import("./models/action-order.js").Action} Action */

/** A list of actions is asked for anew when it is older than so many milliseconds. */
const actionsFor = 15_000;

/**
 * What plugins put beside the open conversation: their panels and their actions, and a language
 * model's help.
 */
export class SideTools {
  assist;
  #api;
  #view;
  #panels;
  #behaviour;
  /** The open conversation. */
  #c = "";
  #customer = "";
  #canInsert = false;
  /** The last position in its log up to which actions are in the panels. */
  #position = 0;
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
      refresh: (key) => this.#panels.refresh(key ? [key] : null),
      choose: () => void this.choose(),
    });
    this.#panels = new SidePanels(api, this.#view, {
      within: behaviour.within,
      onAsk: () => {
        void this.#fetchActions();
        void this.assist.refresh();
      },
    });
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
    if (acted > this.#position) this.#panels.refreshSoon();
    this.#position = Math.max(this.#position, acted);
  }

  showNothing() {
    if (this.#c === "") return;
    this.#c = "";
    this.#panels.turnTo("");
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

  /**
   * Opens the form of an action that a draft proposes, filled in: always the form, whatever the
   * action is, for nobody has looked at these values yet.
   * @type {import("./elements/proposal-cards.js").Review}
   */
  review = async ({ action: name, input }, closed) => {
    const c = this.#c;
    const action = await this.#find(name);
    if (action && c === this.#c) this.#open(action, input, false, closed);
  };

  /** @param {string} name of an action @returns the action, if it is known */
  known = (name) => this.#actions.find((each) => each.name === name);

  /** @param {string} name of an action @returns the schema of its input, if it is known */
  schemaOf = (name) => this.#actions.find((each) => each.name === name)?.input;

  /** @param {string} c @param {number} s */
  #turnTo(c, s) {
    this.#c = c;
    this.#position = s;
    this.assist.turnTo(c);
    this.#panels.turnTo(c);
  }

  // Actions

  async #fetchActions() {
    if (Date.now() - this.#actionsAt < actionsFor) return;
    const answer = await this.#api.get("/v1/actions").catch(() => null);
    if (answer) {
      this.#actionsAt = Date.now();
      this.#actions = answer.actions ?? [];
      // Panels that came first do not know yet which of their buttons are grave.
      this.#panels.show();
    }
    this.#view.button.hidden = this.#actions.length === 0;
  }

  /**
   * The action with a name, asked for anew if it is not known; says so when there is none.
   * @param {string} name
   */
  async #find(name) {
    const known = this.#actions.find((each) => each.name === name);
    if (known) return known;
    this.#actionsAt = 0;
    await this.#fetchActions();
    const action = this.#actions.find((each) => each.name === name);
    if (!action) showToast(say("actionGone"));
    return action;
  }

  /** @param {{action: string, title: string, input: Record<string, any>, isForm: boolean}} wish */
  async #ask({ action: name, title, input, isForm }) {
    const action = await this.#find(name);
    if (!action) return;
    const isAtOnce = !isForm && !isGrave(action) && isComplete(action.input, input);
    this.#open({ ...action, title }, input, isAtOnce);
  }

  /**
   * @param {Action} action
   * @param {Record<string, any>} input
   * @param {boolean} [isAtOnce]
   * @param {(hasBegun: boolean) => void} [closed]
   */
  #open(action, input, isAtOnce = false, closed) {
    const dialog = new ActionDialog(action, {
      closed,
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
