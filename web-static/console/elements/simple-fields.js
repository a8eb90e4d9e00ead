// @ts-check

import { h } from "../../shared/dom.js";
import { faultOf, valueOf } from "../models/schema-fields.js";
import { say } from "../strings.js";
import { FieldFrame } from "./field.js";

/** @typedef {import("./field.js").FieldOptions} FieldOptions */
/** @typedef {import("./field.js").FieldView} FieldView */
/** @typedef {import("../models/schema-fields.js").Field} Field */

/** @type {Record<string, {type?: string, autocomplete?: string, dir: string}>} */
const inputs = {
  uri: { type: "url", dir: "ltr" },
  email: { type: "email", dir: "ltr" },
  file: { dir: "ltr" },
  duration: { dir: "ltr" },
  secret: { type: "password", autocomplete: "new-password", dir: "ltr" },
};
/** @type {Record<string, string>} */
const formatHints = { file: "fieldFile", duration: "fieldDuration" };

/**
 * A field with one control: a text, a number, a choice or a tick.
 * @implements {FieldView}
 */
export class SimpleField {
  element;
  #field;
  #path;
  #given;
  #control;
  #frame;

  /** @param {Field} field @param {FieldOptions} options */
  constructor(field, { id, path, given }) {
    this.#field = field;
    this.#path = path;
    this.#given = given;
    this.#control = control(field, given ?? field.fallback);
    this.#frame = new FieldFrame(field, { id, path }, this.#control, {
      hint: hintOf(field),
      isTick: field.kind === "boolean",
    });
    this.element = this.#frame.element;
  }

  read() {
    return valueOf(this.#field, this.#raw, this.#given);
  }

  current() {
    return this.read() ?? (this.#field.kind === "boolean" ? this.#raw : this.#field.fallback);
  }

  paths() {
    return [this.#path];
  }

  faults() {
    const isBroken = this.#control.validity.badInput;
    const fault = faultOf(this.#field, this.#raw, isBroken);
    return new Map(fault ? [[this.#path, say(...fault)]] : []);
  }

  /** @param {string} _path @param {string} text */
  showFault(_path, text) {
    this.#frame.fault(text);
  }

  clearFaults() {
    this.#frame.fault("");
  }

  focus() {
    this.#control.focus();
  }

  get #raw() {
    return this.#field.kind === "boolean"
      ? /** @type {HTMLInputElement} */ (this.#control).checked
      : this.#control.value;
  }
}

/**
 * @param {Field} field
 * @param {any} value
 * @returns {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement}
 */
function control(field, value) {
  const { kind, format } = field;
  const common = { class: "field__control", autocomplete: "off" };
  if (kind === "boolean") {
    const tick = h("input", { class: "field__tick", type: "checkbox" });
    tick.checked = value === true;
    return tick;
  }
  if (kind === "choice") return choice(field, value);
  if (kind === "text" && format === "multiline") {
    const area = h("textarea", { ...common, rows: 4, dir: "auto" });
    area.value = String(value ?? "");
    return area;
  }
  const isNumber = kind === "integer" || kind === "number";
  const input = h("input", {
    ...common,
    ...(isNumber ? numberInput(field) : inputs[format] ?? { dir: "auto" }),
    spellcheck: "false",
  });
  input.value = String(value ?? "");
  return input;
}

/** @param {Field} field */
function numberInput({ kind, least, most }) {
  return {
    type: "number",
    step: kind === "integer" ? 1 : "any",
    min: Number.isFinite(least) ? least : null,
    max: Number.isFinite(most) ? most : null,
    dir: "ltr",
  };
}

/** @param {Field} field @param {any} value */
function choice({ choices, isRequired, fallback }, value) {
  const mayBeNone = !isRequired && fallback === undefined;
  const needsPick = isRequired && fallback === undefined;
  const select = h("select", { class: "field__control" },
    (mayBeNone || needsPick) && h("option", { value: "" }, say("fieldNone")),
    choices.map((each) => h("option", { value: each }, choiceWords(each))));
  select.value = String(value ?? "");
  return select;
}

/** @param {string} text */
function choiceWords(text) {
  if (text === "\t") return say("fieldTab");
  if (text.trim() === "") return say("fieldSpace");
  return /^[a-z]+(_[a-z]+)+$/.test(text) ? text.replaceAll("_", " ") : text;
}

/** @param {Field} field */
function hintOf({ kind, format, least, most }) {
  if (formatHints[format]) return say(formatHints[format]);
  if (kind !== "integer" && kind !== "number") return "";
  const [isLeast, isMost] = [Number.isFinite(least), Number.isFinite(most)];
  if (isLeast && isMost) return `${say("fieldUntil", { least, most })}.`;
  if (isLeast && least !== 0) return `${say("fieldFrom", { least })}.`;
  return isMost ? `${say("fieldUpTo", { most })}.` : "";
}
