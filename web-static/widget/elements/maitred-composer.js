// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

const longest = 8000;

/**
 * Where the customer writes. Emits `send`, `typed` and `human`.
 */
export default class MaitredComposer extends HTMLElement {
  #field = h(
    "textarea",
    {
      id: "message",
      class: "composer__field",
      rows: "1",
      maxlength: String(longest),
      dir: "auto",
      enterkeyhint: "send",
      autocomplete: "off",
    },
  );
  #send = h("button", { id: "send", class: "composer__send", type: "submit", disabled: true });
  #human = h("button", { id: "human", class: "composer__human", type: "button" });
  #hint = h("p", { class: "composer__hint", hidden: true });

  // Lifecycle

  /** @param {import("../../shared/strings.js").Strings} strings */
  begin(strings) {
    this.#field.setAttribute("placeholder", strings.say("placeholder"));
    this.#send.setAttribute("aria-label", strings.say("send"));
    fill(this.#send, icon("send", 20));
    fill(this.#human, icon("person", 16), h("span", {}, strings.say("human")));
    const form = h("form", { class: "composer" },
      h("label", { class: "visually-hidden", for: "message" }, strings.say("write")),
      this.#field, this.#send);
    form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event, form));
    this.#human.addEventListener("click", () => this.dispatchEvent(new CustomEvent("human")));
    fill(this, form, h("div", { class: "composer__below" }, this.#human, this.#hint));
    this.#fit();
  }

  // Actions

  get text() {
    return this.#field.value;
  }

  set text(text) {
    this.#field.value = text;
    this.#fit();
  }

  focusField() {
    this.#field.focus();
  }

  /**
   * @param {object} state
   * @param {boolean} state.canAskForPerson
   * @param {string} state.hint
   */
  show({ canAskForPerson, hint }) {
    // A button that goes away must not take the focus with it.
    if (!canAskForPerson && document.activeElement === this.#human) this.#field.focus();
    this.#human.hidden = !canAskForPerson;
    this.#hint.hidden = hint === "";
    this.#hint.textContent = hint;
  }

  // Callbacks

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.#field.value.trim();
    if (text === "") return;
    this.text = "";
    this.dispatchEvent(new CustomEvent("send", { detail: { text } }));
    this.dispatchEvent(new CustomEvent("typed", { detail: { text: "" } }));
    this.#field.focus();
  }

  #typed() {
    this.#fit();
    this.dispatchEvent(new CustomEvent("typed", { detail: { text: this.#field.value } }));
  }

  /** @param {KeyboardEvent} event @param {HTMLFormElement} form */
  #key(event, form) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  }

  #fit() {
    // Without a letter in it "auto" means left to right, and the cursor would stand at the wrong end.
    this.#field.dir = this.#field.value ? "auto" : document.documentElement.dir;
    this.#send.disabled = this.#field.value.trim() === "";
    this.#field.style.setProperty("block-size", "auto");
    this.#field.style.setProperty("block-size", `${Math.min(this.#field.scrollHeight, 140)}px`);
  }
}

customElements.define("maitred-composer", MaitredComposer);
