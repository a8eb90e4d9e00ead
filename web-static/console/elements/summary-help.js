// @ts-check

import { fill, h } from "../../shared/dom.js";
import { say, strings } from "../strings.js";
import { AssistQuestion } from "./assist-question.js";

/** A conversation in few words, by a language model, when an agent asks for it. */
export class SummaryHelp {
  element = h("section", { class: "panel__section summarised", hidden: true });
  #question;
  #text = h("div", { class: "summarised__text" });

  /** @param {import("./assist-question.js").Ask} ask */
  constructor(ask) {
    this.#question = new AssistQuestion({
      id: "summarise",
      label: say("summarise"),
      working: say("summarising"),
      ask,
      begin: () => fill(this.#text),
      take: (answer) => this.#take(answer),
    });
    fill(this.element, this.#question.button, this.#question.element, this.#text);
  }

  /** @param {boolean} isOffered */
  set isOffered(isOffered) {
    this.element.hidden = !isOffered;
  }

  /** Another conversation is open. */
  drop() {
    this.#question.drop();
    this.#question.label = say("summarise");
    fill(this.#text);
  }

  /** @param {any} answer */
  #take({ text = "", reason }) {
    if (text.trim() === "") {
      this.#question.status = reason ? say("summaryNoneWhy", { why: reason }) : say("summaryNone");
      return;
    }
    const time = new Date().toLocaleTimeString(strings.locale, { timeStyle: "short" });
    this.#question.label = say("summariseAgain");
    this.#question.status = say("summaryAt", { time });
    fill(this.#text, h("p", { class: "summary", dir: "auto" }, text.trim()));
  }
}
