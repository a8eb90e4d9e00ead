// @ts-check

import { fill, h } from "../../../shared/dom.js";
import { isColour, options, rules } from "../options.js";

/** @typedef {import("../options.js").Option} Option */
/** @typedef {import("../options.js").Settings} Settings */

const tags = ["en", "de", "ar"];

/** A field for every option. */
export class OptionFields {
  #settings;
  #change;
  #rules;
  #notice;

  /**
   * @param {HTMLElement} container
   * @param {Settings} settings
   * @param {object} actions
   * @param {(name: string, value: string | boolean) => void} actions.change
   * @param {() => void} actions.reload
   * @param {() => void} actions.reset
   */
  constructor(container, settings, { change, reload, reset }) {
    this.#settings = settings;
    this.#change = change;
    this.#rules = h("div", { class: "rules" }, ...rules.map((each) => this.#field(each)));
    this.#notice = h("p", { class: "notice", role: "status" });
    fill(
      container,
      h("datalist", { id: "languages" }, ...tags.map((value) => h("option", { value }))),
      h("div", { class: "fields" }, ...options.map((each) => this.#field(each)), this.#rules),
      h("div", { class: "foot" },
        h("button", { type: "button", class: "button", id: "reload", onclick: reload },
          "Load the page with these"),
        h("button", { type: "button", class: "button button--quiet", onclick: reset }, "As usual"),
        this.#notice),
    );
    this.show();
  }

  show() {
    this.#rules.hidden = this.#settings.beforeSend !== true;
  }

  /** @param {string} name of an option that takes effect only when the page is loaded again */
  tellLater(name) {
    this.#notice.textContent = `${name} takes effect once the page is loaded again.`;
  }

  tellDone() {
    this.#notice.textContent = "";
  }

  /** @param {Option} option */
  #field(option) {
    const id = `option-${option.name}`;
    const says = h("p", { class: "field__says", id: `${id}-says` }, option.says);
    const name = h("label", { class: "field__name", for: id }, option.name);
    const shared = { id, "aria-describedby": `${id}-says` };
    return option.kind === "flag"
      ? h("div", { class: "field field--flag" }, this.#flag(option, shared), name, says)
      : h("div", { class: "field" }, name, this.#control(option, shared), says);
  }

  /** @param {Option} option @param {Record<string, any>} shared */
  #flag({ name }, shared) {
    const box = h("input", { ...shared, type: "checkbox", class: "switch" });
    box.checked = this.#settings[name] === true;
    box.addEventListener("change", () => this.#change(name, box.checked));
    return box;
  }

  /** @param {Option} option @param {Record<string, any>} shared */
  #control(option, shared) {
    const { name, kind, choices = [], hint } = option;
    if (kind === "choice") {
      const list = h("select", { ...shared, class: "input" },
        ...choices.map((value) => h("option", { value }, value)));
      list.value = String(this.#settings[name]);
      list.addEventListener("change", () => this.#change(name, list.value));
      return list;
    }
    const input = h("input", {
      ...shared, class: "input", placeholder: hint, spellcheck: "false", autocomplete: "off",
      list: name === "locale" ? "languages" : null,
    });
    input.value = String(this.#settings[name]);
    input.addEventListener("change", () => this.#change(name, input.value.trim()));
    return kind === "colour" ? this.#colour(name, input) : input;
  }

  /** @param {string} name @param {HTMLInputElement} input */
  #colour(name, input) {
    const picker = h("input", { type: "color", class: "picker", "aria-label": "Pick a colour" });
    const follow = () => {
      picker.value = isColour(input.value) ? input.value : "#0d6662";
      const isWrong = input.value !== "" && !isColour(input.value);
      input.setAttribute("aria-invalid", String(isWrong));
    };
    follow();
    input.addEventListener("input", follow);
    picker.addEventListener("input", () => {
      input.value = picker.value;
      follow();
      this.#change(name, picker.value);
    });
    return h("div", { class: "pair" }, input, picker);
  }
}
