// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { webhookTypes } from "../models/webhook-words.js";
import { say } from "../strings.js";
import { FieldFrame } from "./field.js";

/**
 * What is entered of an endpoint.
 * @typedef {object} WebhookEntry
 * @property {string} url
 * @property {string} description
 * @property {string[]} types
 * @property {boolean} allows_private_network
 */

/** The fields of an endpoint, new or known. */
export class WebhookForm {
  element = h("fieldset", { class: "form" });
  #alert = h("div", { class: "form__alert", role: "alert", hidden: true });
  #url = h("input", {
    class: "field__control",
    type: "url",
    dir: "ltr",
    maxlength: "2000",
    autocomplete: "off",
    spellcheck: "false",
  });
  #description = h("input", {
    class: "field__control",
    maxlength: "200",
    autocomplete: "off",
    dir: "auto",
  });
  #network = h("input", { class: "field__tick", type: "checkbox" });
  /** @type {Map<string, HTMLInputElement>} */
  #ticks = new Map();
  #urlFrame;
  #saved;

  /** @param {string} id what the ids of its fields begin with */
  constructor(id) {
    this.#urlFrame = frame("webhookURL", `${id}-url`, this.#url, {
      hint: "webhookURLHint",
      isRequired: true,
    });
    const description = frame("webhookDescription", `${id}-description`, this.#description, {
      hint: "webhookDescriptionHint",
    });
    const network = frame("privateNetwork", `${id}-network`, this.#network, {
      hint: "privateNetworkHint",
      isTick: true,
    });
    fill(this.element, this.#alert, h("div", { class: "form__fields" },
      this.#urlFrame.element, description.element, this.#types(id), network.element));
    this.#saved = this.#state;
  }

  get isDirty() {
    return this.#state !== this.#saved;
  }

  /** @param {boolean} isDisabled */
  set isDisabled(isDisabled) {
    this.element.disabled = isDisabled;
  }

  focus() {
    this.#url.focus();
  }

  /** @param {any} hook as the server has it */
  show(hook) {
    this.#url.value = hook.url;
    this.#description.value = hook.description ?? "";
    this.#network.checked = hook.allows_private_network ?? false;
    for (const [type, tick] of this.#ticks) tick.checked = hook.types?.includes(type) ?? false;
    this.#saved = this.#state;
    this.clearFaults();
  }

  /** @returns {WebhookEntry} */
  read() {
    const chosen = [...this.#ticks].filter(([, tick]) => tick.checked);
    return {
      url: this.#url.value.trim(),
      description: this.#description.value.trim(),
      types: chosen.map(([type]) => type),
      allows_private_network: this.#network.checked,
    };
  }

  /** Shows what is wrong as far as it can be told here. @returns whether nothing is */
  check() {
    this.clearFaults();
    const isFine = /^https?:\/\/[^\s/]/.test(this.#url.value.trim());
    if (!isFine) this.#faultOfURL(say("webhookURLWrong"));
    return isFine;
  }

  /** @param {string} lead what came of it @param {string} why as the server says it */
  showRefused(lead, why) {
    this.clearFaults();
    if (/^url\b/.test(why)) return this.#faultOfURL(why);
    this.#alert.hidden = false;
    fill(this.#alert, h("p", {}, icon("alert", 16), h("span", { dir: "auto" }, `${lead} ${why}`)));
  }

  clearFaults() {
    this.#urlFrame.fault("");
    this.#alert.hidden = true;
    fill(this.#alert);
  }

  get #state() {
    return JSON.stringify(this.read());
  }

  /** @param {string} text */
  #faultOfURL(text) {
    this.#urlFrame.fault(text);
    this.#url.focus();
  }

  /** @param {string} id */
  #types(id) {
    const lines = webhookTypes.map((type) => {
      const key = `${id}-${type.replace(/\W/g, "-")}`;
      const tick = h("input", { id: key, class: "field__tick", type: "checkbox" });
      this.#ticks.set(type, tick);
      return h("li", { class: "field field--tick" }, tick,
        h("label", { for: key }, h("span", {}, say(type)), " ", h("code", { dir: "ltr" }, type)));
    });
    return h(
      "fieldset",
      { class: "field list-field", "aria-describedby": `${id}-types-hint` },
      h("legend", { class: "field__label" }, say("webhookEvents")),
      h("p", { id: `${id}-types-hint`, class: "field__hint" }, say("webhookEventsHint")),
      h("ul", { class: "webhook-types" }, lines),
    );
  }
}

/**
 * @param {string} key of its title
 * @param {string} id
 * @param {HTMLElement} control
 * @param {{hint: string, isRequired?: boolean, isTick?: boolean}} options
 */
function frame(key, id, control, { hint, isRequired = false, isTick = false }) {
  const field = /** @type {any} */ ({ title: say(key), hint: say(hint), isRequired });
  return new FieldFrame(field, { id, path: key }, control, { isTick });
}
