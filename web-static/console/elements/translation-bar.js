// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { say } from "../strings.js";

/** Once one message of a conversation has been translated: the way to have all of them. */
export class TranslationBar {
  #translator;
  #words = h("span", {});
  #button = h(
    "button",
    {
      id: "translate-all",
      class: "link-button",
      type: "button",
      onclick: () => this.#translator.wantAll(!this.#translator.wantsAll),
    },
  );
  element = h("p", { class: "translation-bar", hidden: true },
    icon("spark", 14), this.#words, this.#button);

  /** @param {import("../translator.js").Translator} translator */
  constructor(translator) {
    this.#translator = translator;
  }

  show() {
    const { isOffered, hasBegun, wantsAll } = this.#translator;
    this.element.hidden = !isOffered || !hasBegun;
    fill(this.#words, say(wantsAll ? "translatedAll" : "translateAllLead"));
    this.#button.textContent = say(wantsAll ? "translateAllStop" : "translateAll");
  }
}
