// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { faultOf } from "../models/schema-fields.js";
import { say } from "../strings.js";
import { FieldFrame } from "./field.js";

/** @typedef {import("./field.js").FieldOptions} FieldOptions */
/** @typedef {import("./field.js").FieldView} FieldView */
/** @typedef {import("../models/schema-fields.js").Field} Field */

/**
 * A secret that is kept and never told: it is replaced or removed without being seen.
 * @implements {FieldView}
 */
export class SecretField {
  element;
  #field;
  #path;
  #isSet;
  #onChange;
  /** @type {"keep" | "replace" | "remove"} */
  #intent = "keep";
  #body = h("div", { class: "secret" });
  #input = h("input", {
    class: "field__control",
    type: "password",
    autocomplete: "new-password",
    spellcheck: "false",
    dir: "ltr",
  });
  #frame;

  /** @param {Field} field @param {FieldOptions} options */
  constructor(field, { id, path, secretsSet = [], onChange }) {
    this.#field = field;
    this.#path = path;
    this.#onChange = onChange;
    this.#isSet = secretsSet.includes(path);
    this.#frame = new FieldFrame(field, { id, path }, this.#input, { body: this.#body });
    this.element = this.#frame.element;
    this.#draw();
  }

  read() {
    if (this.#intent === "remove") return "";
    return this.#input.value === "" ? undefined : this.#input.value;
  }

  current() {
    return this.read();
  }

  paths() {
    return [this.#path];
  }

  faults() {
    const fault = this.#isKept ? null : faultOf(this.#field, this.#input.value);
    return new Map(fault ? [[this.#path, say(...fault)]] : []);
  }

  /** @param {string} _path @param {string} text */
  showFault(_path, text) {
    if (text && this.#isSet && this.#intent === "keep") this.#turn("replace", false);
    this.#frame.fault(text);
  }

  clearFaults() {
    this.#frame.fault("");
  }

  focus() {
    const place = this.#body.querySelector("input, button");
    /** @type {HTMLElement | null} */ (place)?.focus();
  }

  get #isKept() {
    return this.#isSet && this.#intent === "keep";
  }

  /** @param {"keep" | "replace" | "remove"} intent @param {boolean} [isAsked] by a person */
  #turn(intent, isAsked = true) {
    this.#intent = intent;
    this.#input.value = "";
    this.#draw();
    if (isAsked) this.focus();
    this.#onChange();
  }

  #draw() {
    if (!this.#isSet) {
      fill(this.#body, this.#input);
    } else if (this.#intent === "replace") {
      fill(this.#body, this.#input, this.#button("secretKeep", "keep"));
    } else {
      const isRemoved = this.#intent === "remove";
      fill(this.#body,
        h("span", { class: `secret__state${isRemoved ? " secret__state--removed" : ""}` },
          icon(isRemoved ? "close" : "check", 14),
          say(isRemoved ? "secretRemoved" : "secretSet")),
        isRemoved ? this.#button("secretKeep", "keep") : this.#button("secretReplace", "replace"),
        !isRemoved && this.#button("secretRemove", "remove"));
    }
  }

  /** @param {string} key @param {"keep" | "replace" | "remove"} intent */
  #button(key, intent) {
    const action = say(key);
    return h(
      "button",
      {
        class: "button button--small",
        type: "button",
        dataset: { secret: intent },
        "aria-label": say("secretOf", { action, title: this.#field.title }),
        onclick: () => this.#turn(intent),
      },
      action,
    );
  }
}
