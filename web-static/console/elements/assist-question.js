// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { troubleWords } from "../models/assist-words.js";
import { say } from "../strings.js";

/**
 * Asks for something; what there is of the answer can be shown while it is written.
 * @typedef {(signal: AbortSignal, show: (text: string) => void) => Promise<any>} Ask
 */

/**
 * One thing that a language model is asked for: the button for it, how it is getting on, what
 * there is of the answer while it is written, the way to cancel it, and what went wrong.
 */
export class AssistQuestion {
  button;
  element;
  #status = h("p", { class: "assist__status", role: "status" });
  #cancel;
  #alert = h("p", { class: "assist__alert", role: "alert" });
  #growing = h("p", { dir: "auto" });
  // Screen readers hear what came of it, once, and not each word.
  #preview = h("div", { class: "assist__preview", "aria-hidden": "true", hidden: true },
    this.#growing);
  #behaviour;
  /** @type {AbortController | null} */
  #asking = null;

  /**
   * @param {object} behaviour
   * @param {string} behaviour.id of the button
   * @param {string} behaviour.label
   * @param {string} [behaviour.hint]
   * @param {string} behaviour.working
   * @param {Ask} behaviour.ask
   * @param {() => void} behaviour.begin
   * @param {(answer: any, hasFocus: boolean) => void} behaviour.take
   */
  constructor(behaviour) {
    this.#behaviour = behaviour;
    const { id, label, hint } = behaviour;
    this.button = h("button", {
      id,
      class: "button button--small assist__button",
      type: "button",
      title: hint,
      onclick: () => void this.#ask(),
    });
    this.label = label;
    this.#cancel = h("button", {
      class: "link-button assist__cancel",
      type: "button",
      hidden: true,
      onclick: () => this.#stop(),
    }, say("cancel"));
    this.element = h("div", { class: "assist" },
      h("div", { class: "assist__line" }, this.#status, this.#cancel),
      this.#preview, this.#alert);
  }

  /** @param {string} label of the button */
  set label(label) {
    fill(this.button, icon("spark", 14), label);
  }

  /** @param {string} text what came of it */
  set status(text) {
    this.#status.textContent = text;
  }

  /** Forgets what is under way and what was said. */
  drop() {
    this.#end();
    this.status = "";
    this.#alert.textContent = "";
  }

  async #ask() {
    if (this.#asking) return;
    const { working, ask, begin, take } = this.#behaviour;
    const asking = this.#asking = new AbortController();
    begin();
    this.#alert.textContent = "";
    this.status = working;
    this.#cancel.hidden = false;
    // Stays where the focus is, and does nothing.
    this.button.setAttribute("aria-disabled", "true");
    const show = (/** @type {string} */ text) => asking === this.#asking && this.#show(text);
    const answer = await ask(asking.signal, show).catch((error) => error);
    if (asking !== this.#asking) return;
    const hasFocus = [this.button, this.#cancel, document.body].some(
      (each) => each === document.activeElement,
    );
    this.#end();
    this.status = "";
    if (answer instanceof Error) this.#alert.textContent = say(...troubleWords(answer));
    else take(answer, hasFocus);
  }

  /** @param {string} text what there is of the answer */
  #show(text) {
    this.#growing.textContent = text;
    this.#preview.hidden = text === "";
  }

  #stop() {
    this.#end();
    this.status = say("assistCancelled");
  }

  #end() {
    this.#asking?.abort();
    this.#asking = null;
    this.#show("");
    const isHeld = document.activeElement === this.#cancel;
    this.#cancel.hidden = true;
    this.button.removeAttribute("aria-disabled");
    if (isHeld) this.button.focus();
  }
}
