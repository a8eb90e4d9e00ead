// @ts-check

import { h } from "../../shared/dom.js";
import { fieldsOf, isShown, valueOf } from "../models/schema-fields.js";
import { ListField } from "./list-field.js";
import { SecretField } from "./secret-field.js";
import { SimpleField } from "./simple-fields.js";

/** @typedef {import("./field.js").FieldOptions} FieldOptions */
/** @typedef {import("./field.js").FieldView} FieldView */
/** @typedef {import("../models/schema-fields.js").Field} Field */

/**
 * What is drawn for a field.
 * @param {Field} field
 * @param {FieldOptions} options
 * @returns {FieldView}
 */
export function makeField(field, options) {
  if (field.kind === "object") return new GroupField(field, options);
  if (field.kind === "list") return new ListField(field, options);
  const isKept = field.format === "secret" && options.secretsSet !== undefined;
  return isKept ? new SecretField(field, options) : new SimpleField(field, options);
}

/**
 * An object: its members under one another, some of them only when others say so.
 * @implements {FieldView}
 */
export class GroupField {
  element;
  #field;
  #path;
  #given;
  /** @type {{field: Field, view: FieldView, given: any}[]} */
  #members;

  /**
   * @param {any} schema of an object, or a field that is one
   * @param {FieldOptions} options
   */
  constructor(schema, { id, path, given, secretsSet, onChange }) {
    const isField = schema.kind === "object";
    this.#field = /** @type {Field | null} */ (isField ? schema : null);
    this.#path = path;
    this.#given = given;
    const fields = isField ? schema.fields : fieldsOf(schema);
    const said = given ?? (isField ? schema.fallback : undefined) ?? {};
    this.#members = fields.map((/** @type {Field} */ field) => ({
      field,
      given: said[field.name],
      view: makeField(field, {
        id: `${id}-${field.name}`,
        path: path ? `${path}.${field.name}` : field.name,
        given: said[field.name],
        secretsSet,
        onChange,
      }),
    }));
    const parts = this.#members.map(({ view }) => view.element);
    this.element = isField
      ? h("fieldset", { class: "field group-field", dataset: { path } },
        h("legend", { class: "field__label", dir: "auto" }, schema.title),
        schema.hint && h("p", { class: "field__hint", dir: "auto" }, schema.hint),
        parts)
      : h("div", { class: "form__fields" }, parts);
    this.element.addEventListener("input", () => this.#showFitting());
    this.element.addEventListener("change", () => this.#showFitting());
    this.#showFitting();
  }

  get isEmpty() {
    return this.#members.length === 0;
  }

  read() {
    const shown = this.#shown;
    /** @type {Record<string, any>} */
    const object = {};
    for (const member of this.#members) {
      // What is out of sight stays as it was said.
      const value = shown.has(member) ? member.view.read() : member.given;
      if (value !== undefined) object[member.field.name] = value;
    }
    return this.#field ? valueOf(this.#field, object, this.#given) : object;
  }

  current() {
    return Object.fromEntries(
      this.#members.map(({ field, view }) => [field.name, view.current()]),
    );
  }

  paths() {
    const inner = this.#members.flatMap(({ view }) => view.paths());
    return this.#path ? [this.#path, ...inner] : inner;
  }

  faults() {
    const shown = this.#shown;
    return new Map(
      this.#members
        .filter((member) => shown.has(member))
        .flatMap(({ view }) => [...view.faults()]),
    );
  }

  /** @param {string} path @param {string} text */
  showFault(path, text) {
    const member = this.#members.find(({ view }) => view.paths().includes(path));
    if (!member) return this.#members[0]?.view.showFault(path, text);
    member.view.element.hidden = false;
    member.view.showFault(path, text);
  }

  clearFaults() {
    for (const { view } of this.#members) view.clearFaults();
  }

  focus() {
    const shown = this.#shown;
    this.#members.find((member) => shown.has(member))?.view.focus();
  }

  get #shown() {
    const values = this.current();
    return new Set(this.#members.filter(({ field }) => isShown(field, values)));
  }

  #showFitting() {
    const shown = this.#shown;
    for (const member of this.#members) member.view.element.hidden = !shown.has(member);
  }
}
