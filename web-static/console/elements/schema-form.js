// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { placeFaults } from "../models/schema-fields.js";
import { say } from "../strings.js";
import { GroupField } from "./group-field.js";

/**
 * A form drawn from a schema: a plugin's settings, an action's input.
 *
 * Faults stand next to the fields they are about. What was entered stays, whatever happens.
 */
export class SchemaForm {
  element = h("fieldset", { class: "form" });
  #root;
  #group;
  #alert = h("div", { class: "form__alert", role: "alert", hidden: true });
  #saved;

  /**
   * @param {any} schema of an object
   * @param {object} options
   * @param {string} options.id what the ids of its fields begin with
   * @param {string} options.root what the paths of the server's faults begin with
   * @param {Record<string, any>} [options.given] what has been said before
   * @param {string[]} [options.secretsSet] paths of secrets that are known and not told; nothing
   *   for a form whose secrets are entered each time
   * @param {() => void} [options.onChange]
   */
  constructor(schema, { id, root, given = {}, secretsSet, onChange = () => {} }) {
    this.#root = root;
    this.#group = new GroupField(schema, { id, path: "", given, secretsSet, onChange });
    this.#saved = JSON.stringify(this.read());
    fill(this.element, this.#alert, this.#group.element);
    this.element.addEventListener("input", onChange);
    this.element.addEventListener("change", onChange);
  }

  get isEmpty() {
    return this.#group.isEmpty;
  }

  get isDirty() {
    return JSON.stringify(this.read()) !== this.#saved;
  }

  get isDisabled() {
    return this.element.disabled;
  }

  set isDisabled(isDisabled) {
    this.element.disabled = isDisabled;
  }

  /** @returns {Record<string, any>} what it says; what counts by default is left out */
  read() {
    return this.#group.read() ?? {};
  }

  /** Shows what is wrong as far as it can be told here. @returns whether nothing is */
  check() {
    this.clearFaults();
    const faults = this.#group.faults();
    for (const [path, text] of faults) this.#group.showFault(path, text);
    this.#conclude(faults.size, []);
    return faults.size === 0;
  }

  /**
   * Shows what the server found wrong.
   * @param {string[]} faults
   * @param {string} [lead] what came of it
   */
  showFaults(faults, lead = "") {
    this.clearFaults();
    const { placed, rest } = placeFaults(faults, this.#root, this.#group.paths());
    for (const [path, texts] of placed) {
      const words = texts.map((text) => text === "missing" ? say("faultMissing") : text);
      this.#group.showFault(path, words.join("; "));
    }
    this.#conclude(placed.size, rest, lead);
  }

  clearFaults() {
    this.#group.clearFaults();
    this.#alert.hidden = true;
    fill(this.#alert);
  }

  focus() {
    this.#group.focus();
  }

  /** @param {number} count of fields @param {string[]} rest @param {string} [lead] */
  #conclude(count, rest, lead = "") {
    if (count === 0 && rest.length === 0 && !lead) return;
    this.#alert.hidden = false;
    const words = [lead, count > 0 ? say("settingsAttention", { count }) : ""].filter(Boolean);
    fill(this.#alert,
      words.length > 0 && h("p", {}, icon("alert", 16), h("span", {}, words.join(" "))),
      rest.length > 0 && h("ul", {}, rest.map((fault) => h("li", { dir: "auto" }, fault))));
    const wrong = /** @type {HTMLElement | null} */ (
      this.element.querySelector('[aria-invalid="true"]')
    );
    wrong?.focus();
  }
}
