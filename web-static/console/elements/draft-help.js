// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { unfinishedWithoutMarks, withoutMarks } from "../models/assist-words.js";
import { say } from "../strings.js";
import { AssistQuestion } from "./assist-question.js";

/** @typedef {{article: string, title: string, quote?: string | null}} Citation */

/**
 * A reply drafted by a language model: put to what is being written, never sent by itself, and
 * with the sources it rests on beside it. What it proposes to do is handed on.
 */
export class DraftHelp {
  element = h("div", { class: "draft", hidden: true });
  #insert;
  #propose;
  #question;
  #sources = h("div", { class: "draft__sources" });
  #undo = h("button", { class: "link-button", type: "button", hidden: true }, say("draftUndo"));
  #back = () => {};
  /** What is written, as the draft left it. */
  #text = "";

  /**
   * @param {object} behaviour
   * @param {import("./assist-question.js").Ask} behaviour.ask
   * @param {(text: string, hasFocus: boolean) => {text: string, undo: () => void}} behaviour.insert
   *   puts it to what is being written; answers what is there now
   * @param {(proposals: any[]) => number} behaviour.propose takes the actions that are proposed
   *   with it, in place of earlier ones; answers how many are shown
   */
  constructor({ ask, insert, propose }) {
    this.#insert = insert;
    this.#propose = propose;
    this.#question = new AssistQuestion({
      id: "draft",
      label: say("draft"),
      hint: say("draftHint"),
      working: say("drafting"),
      ask: (signal, show) => ask(signal, (text) => show(unfinishedWithoutMarks(text))),
      begin: () => {
        this.#forget();
        this.#propose([]);
      },
      take: (answer, hasFocus) => this.#take(answer, hasFocus),
    });
    this.#undo.addEventListener("click", () => {
      this.#forget();
      this.#back();
      this.#question.status = say("draftUndone");
    });
    this.#question.element.firstElementChild?.append(this.#undo);
    this.button.hidden = true;
    fill(this.element, this.#question.element, this.#sources);
  }

  get button() {
    return this.#question.button;
  }

  /** @param {boolean} isOffered */
  show(isOffered) {
    if (this.button.hidden === !isOffered) return;
    this.button.hidden = !isOffered;
    this.element.hidden = !isOffered;
    if (!isOffered) this.drop();
  }

  /** Something else is written now: what is under way would come to the wrong place. */
  drop() {
    this.#forget();
    this.#question.drop();
  }

  /** @param {string} text what is written now */
  typed(text) {
    if (text !== this.#text) this.#undo.hidden = true;
  }

  #forget() {
    this.#undo.hidden = true;
    fill(this.#sources);
  }

  /** @param {any} answer @param {boolean} hasFocus */
  #take({ text = "", citations = [], refused, reason, proposals = [] }, hasFocus) {
    const draft = withoutMarks(text);
    const count = this.#propose(proposals);
    const proposed = count > 0 ? [say("proposalsCame", { count })] : [];
    if (refused || draft === "") {
      const why = reason ? say("draftRefused", { why: reason }) : say("draftRefusedPlain");
      // A reason is a plugin's, with or without a full stop.
      this.#question.status = [why, ...proposed].join(" · ");
      return;
    }
    const inserted = this.#insert(draft, hasFocus);
    this.#text = inserted.text;
    this.#back = inserted.undo;
    this.#undo.hidden = false;
    this.#question.status = [say("draftIn"), ...proposed].join(" · ");
    this.#showSources(citations);
  }

  /** @param {Citation[]} citations */
  #showSources(citations) {
    if (citations.length === 0) return;
    fill(this.#sources,
      h("div", { class: "draft__head" },
        h("h3", { id: "draft-sources" }, say("draftSources")),
        h(
          "button",
          {
            class: "icon-button draft__close",
            type: "button",
            "aria-label": say("draftClose"),
            title: say("draftClose"),
            onclick: () => {
              fill(this.#sources);
              this.button.focus();
            },
          },
          icon("close", 14),
        )),
      h("ul", { "aria-labelledby": "draft-sources", tabindex: "0" },
        citations.map(({ title, article, quote }) =>
          h("li", {},
            h("strong", { dir: "auto" }, title || article),
            quote && h("q", { dir: "auto" }, quote)))));
  }
}
