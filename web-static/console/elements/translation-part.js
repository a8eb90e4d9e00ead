// @ts-check

import { renderText } from "../../shared/blocks.js";
import { fill, h } from "../../shared/dom.js";
import { say } from "../strings.js";

/** @typedef {import("../translator.js").Message} Message */
/** @typedef {import("../translator.js").Translator} Translator */

/**
 * A customer's message in the agent's language: the button that asks for it, and the translation
 * in the original's place, which is one click away.
 *
 * It lives in a live region: only what it adds is announced, once.
 */
export class TranslationPart {
  #translator;
  #message;
  #entry;
  #text = h("div", { class: "bubble translation", dir: "auto", hidden: true });
  #trouble = h("span", { class: "translation__trouble" });
  #button = h(
    "button",
    { class: "link-button translation__button", type: "button", onclick: () => this.#pressed() },
  );
  #shown = "";

  /**
   * @param {HTMLElement} entry that the message is drawn in
   * @param {Message} message
   * @param {Translator} translator
   */
  constructor(entry, message, translator) {
    this.#entry = entry;
    this.#message = message;
    this.#translator = translator;
    this.#text.lang = translator.language;
  }

  /** Puts it into its entry, which has been drawn anew. */
  place() {
    this.#entry.querySelector(".bubble")?.after(this.#text);
    this.#entry.querySelector(".entry__foot")?.append(this.#button, this.#trouble);
    this.show();
  }

  show() {
    const translator = this.#translator;
    const translation = translator.of(this.#message.m);
    const state = JSON.stringify([translator.isOffered, translation]);
    if (state === this.#shown) return;
    this.#shown = state;
    const isDone = translation?.state === "done";
    const isWorking = translation?.state === "working";
    this.#button.hidden = !isDone && !translator.isOffered;
    // Stays where the focus is, and does nothing.
    if (isWorking) this.#button.setAttribute("aria-disabled", "true");
    else this.#button.removeAttribute("aria-disabled");
    this.#button.textContent = say(isWorking ? "translating" : !isDone ? "translate"
      : translation.isOriginalSeen ? "translationOnly" : "translationOriginal");
    this.#trouble.textContent = translation?.trouble ? say(...translation.trouble) : "";
    if (this.#text.hidden === isDone) {
      this.#text.hidden = !isDone;
      fill(this.#text, isDone && renderText(translation.text));
    }
    this.#entry.dataset.original = isDone && !translation.isOriginalSeen ? "hidden" : "shown";
  }

  #pressed() {
    const { m } = this.#message;
    if (this.#translator.of(m)?.state === "done") this.#translator.turn(m);
    else this.#translator.translate(this.#message);
  }
}
