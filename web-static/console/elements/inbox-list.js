// @ts-check

import { shortAge } from "../../shared/clock.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { filters } from "../models/inbox-model.js";
import { intentWords } from "../models/intents.js";
import { ordinaryTags } from "../models/tags.js";
import { say } from "../strings.js";
import { avatar, contactName, moodWord, statusBadge } from "./parts.js";

/** @typedef {import("../models/inbox-model.js").Row} Row */
/** @typedef {import("../models/inbox-model.js").Filter} Filter */

const filterNames = {
  mine: "filterMine",
  queue: "filterQueue",
  bot: "filterBot",
  all: "filterAll",
  resolved: "filterResolved",
};
const emptyNames = {
  mine: "emptyMine",
  queue: "emptyQueue",
  bot: "emptyBot",
  all: "emptyAll",
  resolved: "emptyResolved",
};

/** The list of conversations, or what a search found. */
export class InboxList {
  /** @type {Map<Filter, HTMLButtonElement>} */
  #tabs = new Map();
  #rows = h("ul", { id: "rows", class: "inbox__rows" });
  #empty = h("p", { class: "inbox__empty", hidden: true });
  #results = h("div", { id: "results", class: "results", hidden: true });
  #filtersElement;
  #open;
  #model;
  #list = new KeyedList(this.#rows, {
    key: (/** @type {Row} */ row) => row.c,
    create: (row) =>
      h(
        "li",
        { dataset: { c: row.c } },
        h(
          "button",
          { class: "row", type: "button", dataset: { c: row.c }, onclick: () => this.#open(row.c) },
        ),
      ),
    update: (element, row) => this.#draw(element, row),
  });
  #current = "";

  /**
   * @param {HTMLElement} element
   * @param {import("../models/inbox-model.js").InboxModel} model
   * @param {object} behaviour
   * @param {(filter: Filter) => void} behaviour.filter
   * @param {(c: string, s?: number) => void} behaviour.open
   */
  constructor(element, model, { filter, open }) {
    this.#model = model;
    this.#open = open;
    for (const name of filters) {
      this.#tabs.set(
        name,
        h(
          "button",
          {
            id: `filter-${name}`,
            class: "filter",
            type: "button",
            "aria-pressed": "false",
            onclick: () => filter(name),
          },
        ),
      );
    }
    this.#filtersElement = h(
      "div",
      { class: "inbox__filters", role: "group", "aria-label": "Filter" },
      [...this.#tabs.values()],
    );
    fill(element, this.#filtersElement, this.#rows, this.#empty, this.#results);
  }

  /**
   * @param {Filter} filter
   * @param {string} current the open conversation
   */
  show(filter, current) {
    this.#current = current;
    const counts = this.#model.counts;
    for (const [name, tab] of this.#tabs) {
      tab.setAttribute("aria-pressed", String(name === filter));
      const count = name === "resolved" ? 0 : counts[name];
      const label = `${say(filterNames[name])}${count || ""}`;
      if (tab.textContent !== label) {
        fill(
          tab,
          say(filterNames[name]),
          count > 0 && h("span", { class: `filter__count filter__count--${name}` }, String(count)),
        );
      }
    }
    const rows = this.#model.list(filter);
    this.#list.show(rows);
    this.#empty.hidden = rows.length > 0;
    this.#empty.textContent = say(emptyNames[filter]);
  }

  /**
   * @param {string} query
   * @param {any[] | null} hits null ends the search
   * @param {() => void} [end]
   */
  showResults(query, hits, end) {
    const isSearch = hits !== null;
    this.#results.hidden = !isSearch;
    this.#filtersElement.hidden = this.#rows.hidden = isSearch;
    if (isSearch) this.#empty.hidden = true;
    if (!hits) return;
    fill(this.#results,
      h("div", { class: "results__head" },
        h(
          "p",
          { role: "status" },
          hits.length ? say("searchSome", { count: hits.length }) : say("searchNone", { query }),
        ),
        h("button", { class: "link-button", type: "button", onclick: end }, say("searchClear"))),
      h(
        "ul",
        {},
        hits.map((hit) =>
          h(
            "li",
            {},
            h(
              "button",
              {
                class: "row row--hit",
                type: "button",
                dataset: { c: hit.c },
                onclick: () => this.#open(hit.c, hit.s),
              },
              h(
                "span",
                { class: "row__top" },
                h(
                  "span",
                  { class: "row__name", dir: "auto" },
                  contactName(hit.contact ?? this.#model.row(hit.c)?.contact),
                ),
                h("time", {}, shortAge(hit.at, Date.now())),
              ),
              h("span", { class: "row__snippet", dir: "auto" }, marked(hit.snippet ?? "")),
            ),
          ),
        ),
      ));
  }

  /**
   * The conversation after or before the open one.
   * @param {Filter} filter
   * @param {1 | -1} step
   */
  neighbour(filter, step) {
    const rows = this.#model.list(filter);
    const at = rows.findIndex((row) => row.c === this.#current);
    const index = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
    return rows[index]?.c ?? null;
  }

  /** @param {HTMLElement} element @param {Row} row */
  #draw(element, row) {
    const button = /** @type {HTMLElement} */ (element.firstElementChild);
    const isUnseen = this.#model.isUnseen(row);
    const isCurrent = row.c === this.#current;
    const state = JSON.stringify([row, isUnseen, isCurrent, Math.floor(Date.now() / 20_000)]);
    if (button.dataset.state === state) return;
    button.dataset.state = state;
    button.setAttribute("aria-current", String(isCurrent));
    button.classList.toggle("row--unseen", isUnseen);
    fill(button,
      avatar(row.contact),
      h("span", { class: "row__body" },
        h("span", { class: "row__top" },
          h("span", { class: "row__name", dir: "auto" }, contactName(row.contact)),
          h("time", { datetime: row.updated_at }, shortAge(row.updated_at, Date.now()))),
        h(
          "span",
          { class: "row__preview", dir: "auto" },
          previewIcon(row),
          row.preview?.text ?? "",
        ),
        h("span", { class: "row__badges" }, this.#badges(row))));
  }

  /** @param {Row} row */
  #badges(row) {
    const isWaiting = row.status === "queued" && row.waiting_since;
    const withOther = row.owner?.kind === "agent" && !this.#model.isMine(row) ? row.owner.name : "";
    return [
      isWaiting
        ? h(
          "span",
          { class: "badge badge--queued" },
          icon("clock", 12),
          waitWords(String(row.waiting_since)),
        )
        : statusBadge(row.status),
      withOther ? h("span", { class: "badge" }, say("takenBy", { name: withOther })) : null,
      typeof row.mood === "number" && moodWord(row.mood) === "moodBad"
        ? h("span", { class: "badge badge--upset" }, say("upset"))
        : null,
      row.intent ? h("span", { class: "badge badge--intent" }, intentWords(row.intent)) : null,
      ...ordinaryTags(row.tags).slice(0, 2).map((tag) => h("span", { class: "badge" }, tag)),
    ];
  }
}

/**
 * A snippet with what was found in it marked; the server puts U+0002 and U+0003 around it.
 * @param {string} snippet
 */
function marked(snippet) {
  return snippet
    .split(/\u0002([^\u0003]*)\u0003/)
    .map((part, index) => (index % 2 ? h("mark", {}, part) : part));
}

/** @param {string} since */
function waitWords(since) {
  const time = shortAge(since, Date.now());
  return time === "now" ? say("queued") : say("waited", { time });
}

/** @param {Row} row */
function previewIcon(row) {
  if (row.preview?.kind === "bot") return icon("spark", 13);
  return row.preview?.kind === "agent" ? icon("back", 13) : null;
}
