// @ts-check

import { fill, h } from "../../../shared/dom.js";
import { KeyedList } from "../../../shared/keyed-list.js";

/** @typedef {import("../happenings.js").Happening} Happening */
/** @typedef {import("../happenings.js").Happenings} Happenings */

const kinds = /** @type {const} */ ({
  all: "All", call: "Calls", event: "Events", leaves: "Leaves the page",
});
const time = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
});

/** What has happened, the latest first, as much of it as is asked for. */
export class LogPanel {
  #happenings;
  #choices;
  #rest = h("p", { class: "lead", role: "status" });
  #rows = h("ol", { class: "rows", tabindex: "0", "aria-labelledby": "log-title" });
  /** @type {KeyedList<Happening>} */
  #list;

  /** @param {HTMLElement} container @param {Happenings} happenings */
  constructor(container, happenings) {
    this.#happenings = happenings;
    this.#choices = Object.entries(kinds).map(([kind, name]) => h("button", {
      type: "button", class: "tab", dataset: { kind }, onclick: () => this.#choose(kind),
    }, name));
    this.#list = new KeyedList(this.#rows, {
      key: ({ id }) => String(id),
      create: (happening) => this.#row(happening),
      update: (row, happening) => this.#update(row, happening),
    });
    const filter = h("input", {
      class: "input", type: "search", id: "log-filter", placeholder: "Filter",
      "aria-label": "Filter the log", oninput: () => this.#filter(filter.value),
    });
    fill(
      container,
      h("div", { class: "bar" },
        h("div", { class: "tabs", role: "group", "aria-label": "What to show" }, this.#choices),
        filter,
        h("button", {
          type: "button", class: "button button--quiet", id: "log-clear",
          onclick: () => happenings.clear(),
        }, "Clear")),
      this.#rest, this.#rows,
    );
    this.show();
  }

  show() {
    const { shown, count, kind } = this.#happenings;
    for (const choice of this.#choices) {
      choice.setAttribute("aria-pressed", String(choice.dataset.kind === kind));
    }
    this.#list.show(shown);
    this.#rows.hidden = shown.length === 0;
    fill(this.#rest, count === 0 ? "Nothing has happened yet."
      : shown.length === 0 ? "Nothing of that kind."
      : "");
  }

  /** @param {string} kind */
  #choose(kind) {
    this.#happenings.kind = /** @type {keyof typeof kinds} */ (kind);
    this.show();
  }

  /** @param {string} words */
  #filter(words) {
    this.#happenings.words = words;
    this.show();
  }

  /** @param {Happening} happening */
  #row({ kind, at, text }) {
    const names = { call: "call", event: "event", leaves: "leaves" };
    return h("li", { class: "row", dataset: { kind } },
      h("time", { class: "row__time", datetime: at.toISOString() }, time.format(at)),
      h("span", { class: "row__kind" }, names[kind]),
      h("code", { class: "row__text" }, text),
      h("p", { class: "row__outcome" }));
  }

  /** @param {HTMLElement} row @param {Happening} happening */
  #update(row, { outcome, isFault }) {
    row.dataset.fault = String(isFault);
    const place = row.querySelector(".row__outcome");
    if (place && place.textContent !== outcome) fill(place, outcome);
  }
}
