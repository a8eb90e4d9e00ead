// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { likelyIntents } from "../models/decision.js";
import { meaningOf, noIntent } from "../models/tags.js";
import { say } from "../strings.js";
import { titlesOf } from "./why-panel.js";

/** @typedef {import("../models/intents.js").Intents} Intents */
/** @typedef {{intent: string, title: string, isChosen: boolean}} Choice */

/** Where an agent says what the customer meant, which the assistant learns from. */
export class MeaningPicker {
  #intents;
  #choose;
  /** @type {string | null} */
  #chosen = null;
  #choices = h("div", { class: "meaning__choices" });
  #field = h(
    "input",
    {
      id: "meaning-field",
      class: "meaning__field",
      list: "meaning-options",
      autocomplete: "off",
      placeholder: say("meaningSearch"),
      dir: "auto",
    },
  );
  #options = h("datalist", { id: "meaning-options" });
  /** @type {Intents["options"] | null} those that are offered now */
  #offered = null;
  #list = new KeyedList(this.#choices, {
    key: (/** @type {Choice} */ choice) => choice.intent,
    create: ({ intent }) =>
      h("button", {
        class: "meaning__choice",
        type: "button",
        dataset: { intent },
        onclick: () => this.#choose(intent === this.#chosen ? null : intent),
      }),
    update: (button, choice) => this.#draw(button, choice),
  });
  element = h(
    "section",
    {
      id: "meaning",
      class: "panel__section",
      role: "group",
      "aria-labelledby": "meaning-title",
      "aria-describedby": "meaning-lead",
    },
    h("h3", { id: "meaning-title" }, say("meaning")),
    h("p", { id: "meaning-lead", class: "meaning__lead" }, say("meaningLead")),
    this.#choices,
    h(
      "form",
      { class: "meaning__other", onsubmit: (/** @type {Event} */ event) => this.#submit(event) },
      h("label", { for: "meaning-field" }, say("meaningOther")),
      this.#field,
      this.#options,
    ),
  );

  /**
   * @param {Intents} intents
   * @param {(intent: string | null) => void} choose null takes back what was chosen
   */
  constructor(intents, choose) {
    this.#intents = intents;
    this.#choose = choose;
    this.#field.addEventListener("input", () => this.#field.setCustomValidity(""));
    // Picked from the list: there is nothing more to confirm.
    this.#field.addEventListener("change", () => this.#take());
  }

  /** Another conversation is looked at: what was half written is not about it. */
  reset() {
    this.#field.value = "";
    this.#field.setCustomValidity("");
  }

  /**
   * @param {string[] | undefined} tags
   * @param {any} decision what the assistant made of it, if it has
   */
  show(tags, decision) {
    this.#chosen = meaningOf(tags);
    const title = titlesOf(decision ?? {}, this.#intents);
    const likely = likelyIntents(decision).slice(0, 4).map(({ intent }) => intent);
    const offered = [...likely, noIntent];
    const isOffered = !this.#chosen || offered.includes(this.#chosen);
    const shown = isOffered ? offered : [this.#chosen ?? "", ...offered];
    const hadFocus = this.#choices.contains(document.activeElement);
    this.#list.show(shown.map((intent) => ({
      intent,
      title: intent === noIntent ? say("meaningNone") : title(intent),
      isChosen: intent === this.#chosen,
    })));
    // What was taken back may be no choice any more.
    if (hadFocus && !this.#choices.contains(document.activeElement)) this.#field.focus();
    this.#offer();
  }

  /** @param {HTMLElement} button @param {Choice} choice */
  #draw(button, { title, isChosen }) {
    const state = JSON.stringify([title, isChosen]);
    if (button.dataset.state === state) return;
    button.dataset.state = state;
    button.setAttribute("aria-pressed", String(isChosen));
    fill(button, isChosen && icon("check", 14), h("span", { dir: "auto" }, title));
  }

  #offer() {
    const { options } = this.#intents;
    if (this.#offered === options) return;
    this.#offered = options;
    fill(this.#options, options.map(({ title }) => h("option", { value: title })));
  }

  /** @returns {boolean} whether the field named a topic, which is then chosen */
  #take() {
    const intent = this.#intents.named(this.#field.value);
    if (!intent) return false;
    this.#field.value = "";
    if (intent !== this.#chosen) this.#choose(intent);
    return true;
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    // The change that Enter makes has taken it already, and left the field empty.
    if (this.#field.value.trim() === "" || this.#take()) return;
    this.#field.setCustomValidity(say("meaningUnknown"));
    this.#field.reportValidity();
  }
}
