// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import {
  confirmationChoice,
  confirmations,
  groupKey,
  groups,
  groupWords,
  mayBeBounded,
} from "../models/action-policy.js";
import { isGrave } from "../models/action-order.js";
import { placeFaults } from "../models/schema-fields.js";
import { say } from "../strings.js";
import { FieldFrame } from "./field.js";

/** @typedef {import("../models/action-policy.js").Policy} Policy */
/** @typedef {import("../models/action-policy.js").RuledAction} RuledAction */

/** The rules for one action, to be changed: what is left open is as the plugin says. */
export class PolicyForm {
  element = h("form", { class: "policy__form", novalidate: true });
  #action;
  #saved;
  #allow;
  #perDay;
  #confirm;
  #limit;
  /** @type {Record<string, FieldFrame>} by the name the server gives it */
  #frames = {};
  #warning = h("p", { class: "policy__warning", hidden: true });
  #alert = h("div", { class: "form__alert", role: "alert", hidden: true });
  #save = h("button", { class: "button button--primary", type: "submit" }, say("settingsSave"));

  /**
   * @param {RuledAction} action
   * @param {Policy} wishes what somebody has said before
   * @param {object} behaviour
   * @param {(wishes: Policy) => void} behaviour.save
   * @param {() => void} behaviour.cancel
   */
  constructor(action, wishes, { save, cancel }) {
    this.#action = action;
    this.#allow = select(usually(groupWords, action.policy?.allow), groups.map((group) =>
      [groupKey(group), say(groupWords(group))]), groupKey(wishes.allow));
    this.#perDay = number(wishes.per_day, action.policy?.per_day);
    const isBounded = mayBeBounded(action, wishes);
    this.#confirm = select(usually(confirmationChoice, action.policy?.confirm), confirmations
      .filter((each) => isBounded || each !== "agent_over_limit")
      .map((each) => [each, say(confirmationChoice(each))]), wishes.confirm ?? "");
    this.#limit = number(wishes.limit, action.policy?.limit);
    this.#saved = JSON.stringify(this.#read());
    fill(this.element,
      this.#alert,
      h("div", { class: "policy__fields" },
        this.#field("allow", "policyAllow", this.#allow),
        this.#field("per_day", "policyPerDayField", this.#perDay, "policyPerDayHint"),
        this.#field("confirm", "policyConfirm", this.#confirm),
        this.#field("limit", "policyLimit", this.#limit, "policyLimitHint")),
      this.#warning,
      h("div", { class: "policy__bar" },
        h("button", { class: "button", type: "button", onclick: cancel }, say("cancel")),
        this.#save));
    this.element.addEventListener("input", () => this.#changed());
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#save.disabled && this.#check()) save(this.#read());
    });
    this.#changed();
  }

  get isDirty() {
    return JSON.stringify(this.#read()) !== this.#saved;
  }

  /** @param {boolean} isBusy while it is being saved */
  set isBusy(isBusy) {
    this.#save.disabled = isBusy;
    this.#save.textContent = say(isBusy ? "settingsSaving" : "settingsSave");
  }

  focus() {
    this.#allow.focus();
  }

  /** @param {string[]} faults as the server tells them @param {string} lead */
  showRefused(faults, lead) {
    const root = `policies.${this.#action.name}`;
    const { placed, rest } = placeFaults(faults, root, Object.keys(this.#frames));
    for (const [name, texts] of placed) this.#frames[name].fault(texts.join("; "));
    this.#alert.hidden = false;
    fill(this.#alert,
      h("p", {}, icon("alert", 16), h("span", { dir: "auto" }, lead)),
      rest.length > 0 && h("ul", {}, rest.map((fault) => h("li", { dir: "auto" }, fault))));
    const wrong = this.element.querySelector('[aria-invalid="true"]');
    /** @type {HTMLElement} */ (wrong ?? this.#save).focus();
  }

  /**
   * @param {string} name
   * @param {string} title
   * @param {HTMLElement} control
   * @param {string} [hint]
   */
  #field(name, title, control, hint) {
    const place = { id: `policy-${this.#action.name}-${name}`.replaceAll(".", "-"), path: name };
    const frame = new FieldFrame(
      /** @type {any} */ ({ title: say(title), hint: hint ? say(hint) : "" }), place, control,
    );
    this.#frames[name] = frame;
    return frame.element;
  }

  /** @returns {Policy} */
  #read() {
    const group = groups.find((each) => groupKey(each) === this.#allow.value);
    const policy = {
      allow: this.#allow.value ? group : undefined,
      confirm: this.#confirm.value || undefined,
      limit: this.#isBounded ? numberOf(this.#limit) : undefined,
      per_day: numberOf(this.#perDay),
    };
    return JSON.parse(JSON.stringify(policy));
  }

  /** Whether an amount decides if somebody is asked. */
  get #isBounded() {
    return (this.#confirm.value || this.#action.policy?.confirm) === "agent_over_limit";
  }

  #changed() {
    this.#frames.limit.element.hidden = !this.#isBounded;
    const mayBot = this.#allow.value.split("+").includes("bot");
    const isGravelyFree = mayBot && isGrave(this.#action);
    this.#warning.hidden = !isGravelyFree;
    fill(this.#warning, isGravelyFree && [icon("alert", 15), say("policyBotWarning")]);
  }

  #check() {
    this.#alert.hidden = true;
    let isRight = true;
    for (const [name, control] of /** @type {const} */ ([
      ["per_day", this.#perDay],
      ["limit", this.#limit],
    ])) {
      const isWrong = !this.#frames[name].element.hidden && !control.validity.valid;
      this.#frames[name].fault(isWrong ? say("policyWhole") : "");
      if (isWrong && isRight) control.focus();
      if (isWrong) isRight = false;
    }
    return isRight;
  }
}

/**
 * The first of some choices: that nothing is said.
 * @param {(value: any) => string} words
 * @param {any} usual what counts then, if the server tells
 */
function usually(words, usual) {
  return usual === undefined
    ? say("policyUsual")
    : say("policyUsualIs", { usual: say(words(usual)) });
}

/** @param {string} none @param {string[][]} choices @param {string} value */
function select(none, choices, value) {
  const element = h("select", { class: "field__control" },
    h("option", { value: "" }, none),
    choices.map(([key, words]) => h("option", { value: key }, words)));
  element.value = value;
  return element;
}

/** @param {number | null | undefined} value @param {number | null | undefined} usual */
function number(value, usual) {
  const input = h("input", {
    class: "field__control",
    type: "number",
    min: 0,
    step: 1,
    dir: "ltr",
    autocomplete: "off",
    placeholder: usual ?? null,
  });
  input.value = String(value ?? "");
  return input;
}

/** @param {HTMLInputElement} input */
function numberOf(input) {
  return input.value.trim() === "" ? undefined : Number(input.value);
}
