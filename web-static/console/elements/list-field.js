// @ts-check

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { faultOf, valueOf } from "../models/schema-fields.js";
import { say } from "../strings.js";
import { makeField } from "./group-field.js";

/** @typedef {import("./field.js").FieldOptions} FieldOptions */
/** @typedef {import("./field.js").FieldView} FieldView */
/** @typedef {import("../models/schema-fields.js").Field} Field */

/**
 * A list: entries that can be added and removed.
 * @implements {FieldView}
 */
export class ListField {
  element;
  #field;
  #id;
  #path;
  #given;
  #onChange;
  /** @type {{view: FieldView, line: HTMLElement}[]} */
  #entries = [];
  #lines = h("ol", { class: "list-field__lines" });
  #add;
  #fault;
  /** Entries made so far: ids stay apart when entries go. */
  #made = 0;

  /** @param {Field} field @param {FieldOptions} options */
  constructor(field, { id, path, given, onChange }) {
    this.#field = field;
    this.#id = id;
    this.#path = path;
    this.#given = given;
    this.#onChange = onChange;
    this.#fault = h("p", { id: `${id}-fault`, class: "field__fault", hidden: true });
    this.#add = h(
      "button",
      {
        id,
        class: "button button--small list-field__add",
        type: "button",
        "aria-label": say("listAddTo", { title: field.title }),
        "aria-describedby": `${id}-fault`,
        onclick: () => this.#grow(),
      },
      icon("plus", 14),
      say("listAdd"),
    );
    this.element = h("fieldset", { class: "field list-field", dataset: { path } },
      h("legend", { class: "field__label", dir: "auto" }, field.title),
      field.hint && h("p", { class: "field__hint", dir: "auto" }, field.hint),
      this.#lines,
      this.#add,
      this.#fault);
    for (const value of given ?? field.fallback ?? []) this.#append(value);
  }

  read() {
    return valueOf(this.#field, this.#values, this.#given);
  }

  current() {
    return this.#values;
  }

  paths() {
    return [this.#path, ...this.#places.flatMap(({ view }, index) =>
      view.paths().map((path) => this.#outer(path, index)))];
  }

  faults() {
    const found = new Map();
    const fault = faultOf(this.#field, this.#values);
    if (fault) found.set(this.#path, say(...fault));
    for (const [index, { view }] of this.#places.entries()) {
      for (const [path, text] of view.faults()) found.set(this.#outer(path, index), text);
    }
    return found;
  }

  /** @param {string} path @param {string} text */
  showFault(path, text) {
    for (const [index, { view }] of this.#places.entries()) {
      const inner = view.paths().find((each) => this.#outer(each, index) === path);
      if (inner !== undefined) return view.showFault(inner, text);
    }
    this.#ownFault(text);
  }

  clearFaults() {
    this.#ownFault("");
    for (const { view } of this.#entries) view.clearFaults();
  }

  focus() {
    (this.#entries[0]?.view ?? this.#add).focus();
  }

  /** The lines that are entries: one that says nothing is none. */
  get #places() {
    return this.#entries.filter(({ view }) => view.read() !== undefined);
  }

  get #values() {
    return this.#places.map(({ view }) => view.read());
  }

  #grow() {
    this.#append(undefined).view.focus();
    this.#onChange();
  }

  /** @param {any} value */
  #append(value) {
    const item = /** @type {Field} */ (this.#field.item);
    const id = `${this.#id}-${this.#made}`;
    this.#made += 1;
    // An entry does not know its place, which changes when one before it goes.
    const view = makeField({ ...item, title: this.#field.title }, {
      id,
      path: "",
      given: value,
      onChange: this.#onChange,
    });
    const line = h("li", { class: "list-field__line" }, view.element);
    const entry = { view, line };
    line.append(h(
      "button",
      { class: "icon-button", type: "button", onclick: () => this.#remove(entry) },
      icon("close", 16),
    ));
    this.#entries.push(entry);
    this.#lines.append(line);
    this.#number();
    return entry;
  }

  /** @param {{view: FieldView, line: HTMLElement}} entry */
  #remove(entry) {
    const index = this.#entries.indexOf(entry);
    this.#entries.splice(index, 1);
    entry.line.remove();
    this.#number();
    const next = this.#entries[Math.min(index, this.#entries.length - 1)];
    (next?.view ?? this.#add).focus();
    this.#onChange();
  }

  /** Names each entry by its place. */
  #number() {
    const { title, limit } = this.#field;
    for (const [index, { line }] of this.#entries.entries()) {
      const count = index + 1;
      line.querySelector(":scope > button")
        ?.setAttribute("aria-label", say("listRemove", { title, count }));
      const label = line.querySelector(".field__label");
      label?.replaceChildren(say("listEntry", { title, count }));
    }
    this.#add.disabled = this.#entries.length >= limit;
  }

  /** @param {string} path within the entry @param {number} index */
  #outer(path, index) {
    const place = `${this.#path}[${index}]`;
    return path === "" ? place : `${place}.${path}`;
  }

  /** @param {string} text */
  #ownFault(text) {
    this.#fault.textContent = text;
    this.#fault.hidden = text === "";
    if (text) this.#add.setAttribute("aria-invalid", "true");
    else this.#add.removeAttribute("aria-invalid");
  }
}
