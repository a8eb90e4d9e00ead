// @ts-check

import { h } from "../../shared/dom.js";
import { say } from "../strings.js";

/** @typedef {import("../models/schema-fields.js").Field} Field */

/**
 * What makes up a part of a form.
 * @typedef {object} FieldOptions
 * @property {string} id
 * @property {string} path of it within the form
 * @property {any} given what has been said before
 * @property {string[]} [secretsSet] paths of secrets that are known and not told
 * @property {() => void} onChange for what is no event of an input
 */

/**
 * A part of a form that can be asked and told.
 * @typedef {object} FieldView
 * @property {HTMLElement} element
 * @property {() => any} read what it says; undefined when it says nothing
 * @property {() => any} current what counts: what it says, or its default
 * @property {() => string[]} paths of it and of what is in it
 * @property {() => Map<string, string>} faults that can be told here, by path
 * @property {(path: string, text: string) => void} showFault
 * @property {() => void} clearFaults
 * @property {() => void} focus
 */

/**
 * The frame around a control: its label, what it is for and what is wrong with it.
 */
export class FieldFrame {
  element;
  #control;
  #fault;

  /**
   * @param {Field} field
   * @param {{id: string, path: string}} place
   * @param {HTMLElement} control that the label is for
   * @param {object} options
   * @param {string} [options.hint] besides the field's own
   * @param {Node} [options.body] what stands in the control's place, with the control in it
   * @param {boolean} [options.isTick] whether the label stands behind the control
   */
  constructor(field, { id, path }, control, { hint = "", body = control, isTick = false } = {}) {
    this.#control = control;
    this.#fault = h("p", { id: `${id}-fault`, class: "field__fault", hidden: true });
    const hints = [field.hint, hint].filter(Boolean);
    const described = [hints.length > 0 && `${id}-hint`, `${id}-fault`].filter(Boolean).join(" ");
    control.id = id;
    control.setAttribute("aria-describedby", described);
    if (field.isRequired && !isTick) control.setAttribute("aria-required", "true");
    const name = h("label", { for: id, class: "field__label", dir: "auto" }, field.title);
    const isNeeded = field.isRequired && field.fallback === undefined && !isTick;
    // The control itself says to screen readers that it is required.
    const label = isNeeded
      ? h("div", { class: "field__head" }, name,
        h("span", { class: "field__need", "aria-hidden": "true" }, say("fieldRequired")))
      : name;
    const hintLine = hints.length > 0 &&
      h("p", { id: `${id}-hint`, class: "field__hint", dir: "auto" }, hints.join(" "));
    this.element = h(
      "div",
      { class: `field${isTick ? " field--tick" : ""}`, dataset: { path } },
      isTick ? [body, label] : [label, body],
      hintLine,
      this.#fault,
    );
  }

  /** @param {string} text nothing when all is well */
  fault(text) {
    this.#fault.textContent = text;
    this.#fault.hidden = text === "";
    if (text) this.#control.setAttribute("aria-invalid", "true");
    else this.#control.removeAttribute("aria-invalid");
  }
}
