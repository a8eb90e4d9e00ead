// @ts-check

import { fill, h } from "../../../shared/dom.js";
import { factsOf, groups } from "../calls.js";

/** @typedef {import("../calls.js").Field} Field */
/** @typedef {import("../calls.js").Offer} Offer */

/** A small form for every call. */
export class CallList {
  #call;

  /**
   * @param {HTMLElement} container
   * @param {(method: string, values: any[]) => void} call
   */
  constructor(container, call) {
    this.#call = call;
    fill(container, groups.map(({ title, offers }) => h("section", { class: "group" },
      h("h3", {}, title),
      ...offers.map((each) => this.#offer(each)))));
  }

  /** @param {Offer} offer */
  #offer(offer) {
    const { method, says, fields, label = method } = offer;
    const inputs = fields.map((field) => ({ field, input: this.#input(method, field) }));
    const fault = h("p", { class: "fault", role: "alert", id: `call-${method}-fault` });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      fault.textContent = "";
      try {
        const values = inputs.map(({ field, input }) => [field.name, valueOf(field, input)]);
        this.#call(method, offer.values(Object.fromEntries(values)));
      } catch (error) {
        fault.textContent = error instanceof Error ? error.message : String(error);
      }
    };
    return h("form", { class: "call", onsubmit: submit, novalidate: true },
      h("button", {
        class: "button button--call", "aria-describedby": `call-${method}-says`,
      }, label),
      h("p", { class: "call__says", id: `call-${method}-says` }, says),
      inputs.length > 0 && h("div", { class: "call__fields" }, inputs.map(({ field, input }) =>
        h("label", { class: `call__field call__field--${field.kind}` },
          h("span", {}, field.label), input))),
      fault);
  }

  /** @param {string} method @param {Field} field */
  #input(method, { name, kind, initial }) {
    const shared = { class: "input", id: `call-${method}-${name}`, spellcheck: "false" };
    if (kind === "theme") {
      const list = h("select", shared,
        ...["auto", "light", "dark"].map((value) => h("option", { value }, value)));
      list.value = initial;
      return list;
    }
    const input = kind === "facts"
      ? h("textarea", { ...shared, rows: 2 })
      : h("input", { ...shared, autocomplete: "off" });
    input.value = initial;
    return input;
  }
}

/**
 * @param {Field} field
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} input
 */
function valueOf({ kind, label }, { value }) {
  if (kind !== "facts") return value;
  try {
    return factsOf(value);
  } catch (error) {
    throw new Error(`${label}: ${error instanceof Error ? error.message : error}`);
  }
}
