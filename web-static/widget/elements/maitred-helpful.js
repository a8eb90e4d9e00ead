// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/**
 * Asks below an answer whether it helped. Emits `opinion` (true or false) and `human`.
 */
export default class MaitredHelpful extends HTMLElement {
  #strings;
  #yes;
  #no;
  #status = h("span", { class: "helpful__status", role: "status" });
  #person;

  /** @param {import("../../shared/strings.js").Strings} strings */
  constructor(strings) {
    super();
    this.#strings = strings;
    this.#yes = this.#thumb(true);
    this.#no = this.#thumb(false);
    this.#person = h(
      "button",
      {
        class: "helpful__person composer__human",
        type: "button",
        onclick: (/** @type {MouseEvent} */ { detail: presses }) => {
          // It can appear right below a finger that presses "no" twice.
          if (presses < 2) this.#emit("human");
        },
      },
      icon("person", 16),
      h("span", {}, strings.say("human")),
    );
    this.className = "helpful";
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", strings.say("helpful"));
    // The log reads an answer out, not the buttons below it.
    this.setAttribute("aria-live", "off");
    // Words come and go behind the thumbs, which stay where a finger is about to press.
    fill(
      this,
      this.#yes,
      this.#no,
      h("span", { class: "helpful__question", "aria-hidden": "true" }, strings.say("helpful")),
      this.#status,
      this.#person,
    );
  }

  /** @param {import("../models/chat.js").Opinion} opinion */
  show({ helpful, isRefused, offersPerson }) {
    this.#yes.setAttribute("aria-pressed", String(helpful === true));
    this.#no.setAttribute("aria-pressed", String(helpful === false));
    const words = isRefused ? "helpfulFailed" : helpful === undefined ? "" : "helpfulThanks";
    const text = words && this.#strings.say(words);
    this.classList.toggle("helpful--said", text !== "");
    if (this.#status.textContent !== text) this.#status.textContent = text;
    // A button that goes away must not take the focus with it.
    if (!offersPerson && document.activeElement === this.#person) this.#no.focus();
    this.#person.hidden = !offersPerson;
  }

  /** @param {boolean} helpful */
  #thumb(helpful) {
    const label = this.#strings.say(helpful ? "helpfulYes" : "helpfulNo");
    const thumb = h(
      "button",
      {
        class: "helpful__thumb",
        type: "button",
        "aria-label": label,
        title: label,
        dataset: { helpful },
        onclick: () => {
          // It cannot be taken back: pressing it again says nothing new.
          if (thumb.getAttribute("aria-pressed") !== "true") this.#emit("opinion", helpful);
        },
      },
      icon(helpful ? "thumbUp" : "thumbDown", 18),
    );
    return thumb;
  }

  /** @param {string} name @param {boolean} [detail] */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("maitred-helpful", MaitredHelpful);
