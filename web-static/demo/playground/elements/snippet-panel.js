// @ts-check

import { fill, h } from "../../../shared/dom.js";
import { copyButton } from "./copy-button.js";

/** @typedef {import("../snippets.js").Snippet} Snippet */

/** The snippet in tabs, one for each way of writing it. */
export class SnippetPanel {
  /** @type {Snippet[]} */
  #snippets;
  #chosen = 0;
  #tabs;
  #says = h("p", { class: "lead" });
  #code = h("code", {});
  #page;

  /** @param {HTMLElement} container @param {Snippet[]} snippets */
  constructor(container, snippets) {
    this.#snippets = snippets;
    this.#tabs = snippets.map(({ name }, at) => h("button", {
      type: "button", role: "tab", class: "tab", id: `tab-${at}`, "aria-controls": "snippet-page",
      onclick: () => this.#choose(at),
    }, name));
    this.#page = h("div", { role: "tabpanel", id: "snippet-page" },
      this.#says,
      // Long lines are reached by the arrow keys.
      h("pre", {
        class: "code", tabindex: "0", role: "region", "aria-label": "Code",
      }, this.#code));
    fill(
      container,
      h("div", { class: "bar" },
        h("div", {
          class: "tabs", role: "tablist", "aria-labelledby": "snippet-title",
          onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        }, this.#tabs),
        copyButton("Copy", () => this.#snippets[this.#chosen].text, { id: "copy" })),
      this.#page,
    );
    this.#draw();
  }

  /** @param {Snippet[]} snippets of the same names */
  show(snippets) {
    this.#snippets = snippets;
    this.#draw();
  }

  /** @param {number} at */
  #choose(at) {
    this.#chosen = at;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.#tabs.length - 1;
    const next = /** @type {Record<string, number>} */ ({
      ArrowRight: this.#chosen === last ? 0 : this.#chosen + 1,
      ArrowLeft: this.#chosen === 0 ? last : this.#chosen - 1,
      Home: 0,
      End: last,
    })[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#choose(next);
    this.#tabs[next].focus();
  }

  #draw() {
    const { says, text } = this.#snippets[this.#chosen];
    this.#tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === this.#chosen));
      tab.tabIndex = at === this.#chosen ? 0 : -1;
    });
    this.#page.setAttribute("aria-labelledby", `tab-${this.#chosen}`);
    fill(this.#says, says);
    fill(this.#code, text);
  }
}
