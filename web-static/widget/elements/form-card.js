// @ts-check

import { fill, h } from "../../shared/dom.js";
import { faultsFrom, faultsOf, optionOf, roomIn } from "../models/form.js";

/** @typedef {import("../models/form.js").FormAsked} FormAsked */
/** @typedef {import("../models/form.js").FormField} FormField */
/** @typedef {import("../../shared/strings.js").Strings} Strings */

/**
 * Asks what the server wants to know, with what is wrong at the field it is about.
 * @param {Strings} strings
 * @param {FormAsked} asked
 * @param {object} behaviour
 * @param {(values: Record<string, string | boolean>) => Promise<void>} behaviour.submit
 * @param {(values: Record<string, string | boolean>) => string} [behaviour.done] what is said
 *   afterwards, if anything
 * @param {string} [behaviour.sendLabel]
 */
export function formCard(strings, asked, { submit, done, sendLabel = "" }) {
  const rows = asked.fields.map((field) => new FieldRow(strings, asked.form, field));
  const problem = h("p", { class: "card__error", role: "alert" });
  const send = h(
    "button",
    { class: "button button--primary", type: "submit" },
    sendLabel || strings.say("formSend"),
  );
  const skip = asked.optional &&
    h("button", { class: "button", type: "button", onclick: () => void deliver({}) },
      strings.say("formSkip"));
  const titled = `${asked.form}-title`;
  const form = h(
    "form",
    { id: asked.form, class: "card", novalidate: true, "aria-labelledby": titled },
    h("p", { id: titled, class: "card__title", dir: "auto" }, asked.title ?? ""),
    rows.map(({ element }) => element),
    problem,
    h("div", { class: "card__actions" }, send, skip),
  );

  /** @param {Record<string, string>} faults */
  const show = (faults) => {
    for (const row of rows) row.show(faults[row.name] ?? "");
    rows.find(({ name }) => faults[name])?.control.focus();
  };

  /** @param {Record<string, string | boolean>} values */
  const deliver = async (values) => {
    problem.textContent = "";
    send.disabled = true;
    try {
      await submit(values);
      if (done) fill(form, h("p", { class: "card__done", role: "status" }, done(values)));
    } catch (error) {
      const faults = faultsFrom(asked, /** @type {any} */ (error)?.problem);
      show(faults);
      if (Object.keys(faults).length === 0) problem.textContent = strings.say("formFailed");
    }
    send.disabled = false;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries(rows.map((row) => [row.name, row.value]));
    const faults = faultsOf(asked, values);
    show(faults);
    if (Object.keys(faults).length === 0) void deliver(values);
  });
  return form;
}

/** A field with its label and what is wrong with it. */
class FieldRow {
  name;
  element;
  control;
  #strings;
  #error;

  /**
   * @param {Strings} strings
   * @param {string} form
   * @param {FormField} field
   */
  constructor(strings, form, field) {
    this.name = field.name;
    this.#strings = strings;
    const id = `${form}-${field.name}`;
    this.#error = h("p", { id: `${id}-error`, class: "card__error" });
    this.control = control(strings, field, {
      id,
      class: field.kind === "checkbox" ? "card__check" : "card__field",
      name: field.name,
      required: field.required,
      "aria-describedby": `${id}-error`,
    });
    this.control.addEventListener("input", () => this.show(""));
    const label = h("label", { for: id, dir: "auto" }, field.label,
      !field.required && field.kind !== "checkbox" &&
        h("span", { class: "card__optional" }, ` ${strings.say("formOptional")}`));
    this.element = field.kind === "checkbox"
      ? h("div", { class: "card__question card__question--check" }, this.control, label,
        this.#error)
      : h("div", { class: "card__question" }, label, this.control, this.#error);
  }

  /** @returns {string | boolean} */
  get value() {
    if (this.control.type === "checkbox") {
      return /** @type {HTMLInputElement} */ (this.control).checked;
    }
    return this.control.value.trim();
  }

  /** @param {string} fault the key of what is wrong; "" for nothing */
  show(fault) {
    const text = fault && this.#strings.say(fault);
    if (this.#error.textContent !== text) this.#error.textContent = text;
    this.control.setAttribute("aria-invalid", String(fault !== ""));
  }
}

/**
 * @param {Strings} strings
 * @param {FormField} field
 * @param {Record<string, any>} attributes
 */
function control(strings, field, attributes) {
  const room = String(roomIn(field));
  switch (field.kind) {
    case "textarea":
      return h("textarea", { ...attributes, rows: "3", maxlength: room, dir: "auto" },
        field.value ?? "");
    case "checkbox":
      return h("input", { ...attributes, type: "checkbox", checked: field.value === "true" });
    case "select":
      return h("select", attributes,
        h("option", { value: "" }, strings.say("formChoose")),
        (field.options ?? []).map(optionOf).map(({ id, title }) =>
          h("option", { value: id, selected: id === field.value }, title)));
    default: {
      const isEmail = field.kind === "email";
      return h("input", {
        ...attributes,
        type: isEmail ? "email" : "text",
        autocomplete: isEmail ? "email" : field.name === "name" ? "name" : "off",
        maxlength: room,
        dir: isEmail ? "ltr" : "auto",
        placeholder: isEmail ? "name@example.com" : null,
        value: field.value ?? "",
      });
    }
  }
}
