// @ts-check

import { shortAge } from "../../shared/clock.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { intentWords } from "../models/intents.js";
import { meaningOrder, ordinaryTags, tagOrder } from "../models/tags.js";
import { say } from "../strings.js";
import { MeaningPicker } from "./meaning-picker.js";
import { contactName, factText, moodWord, percent } from "./parts.js";

/** @typedef {{text: string, source?: string, confidence?: number, intent?: string}} Suggested */
/** @typedef {import("../models/inbox-model.js").Row} Row */

/** Reasons that need nobody's attention any more. */
const over = new Set(["accepted", "taken_over", "resolved", "reopened", "returned"]);

/** What is known about a conversation and its customer. */
export class BriefingPanel {
  #element;
  #behaviour;
  #lead = h("div", {});
  #rest = h("div", {});
  #tools;
  #meaning;
  /** @type {Row | null} */
  #row = null;
  #state = "";

  /**
   * @param {HTMLElement} element
   * @param {import("../models/intents.js").Intents} intents
   * @param {{element: HTMLElement, button: HTMLElement, summary: HTMLElement}} tools what plugins
   *   put beside it
   * @param {object} behaviour
   * @param {() => void} behaviour.back
   * @param {(order: {add?: string[], remove?: string[]}) => void} behaviour.tag
   * @param {(reply: Suggested) => void} behaviour.insert
   */
  constructor(element, intents, tools, behaviour) {
    this.#element = element;
    this.#tools = tools;
    this.#behaviour = behaviour;
    this.#meaning = new MeaningPicker(
      intents,
      (intent) => behaviour.tag(meaningOrder(this.#row?.tags, intent)),
    );
  }

  showNothing() {
    this.#row = null;
    this.#state = "";
    fill(this.#element);
  }

  /**
   * @param {Row} row
   * @param {any} briefing
   * @param {any} matter what the assistant made of it, if it has
   * @param {boolean} canInsert
   */
  show(row, briefing, matter, canInsert) {
    if (!this.#row) {
      const { element: panels, summary } = this.#tools;
      const { element } = this.#meaning;
      fill(this.#element, this.#head(), this.#lead, summary, panels, element, this.#rest);
    }
    if (this.#row?.c !== row.c) this.#meaning.reset();
    this.#row = row;
    this.#meaning.show(row.tags, matter);
    const state = JSON.stringify([row.c, row.contact, row.tags, briefing, canInsert]);
    if (state === this.#state) return;
    this.#state = state;
    const insert = canInsert ? this.#behaviour.insert : null;
    const typed = /** @type {HTMLInputElement | null} */ (this.#rest.querySelector("#tag-field"));
    const held = {
      text: typed?.value ?? "",
      isFocused: typed === document.activeElement && typed !== null,
    };
    fill(
      this.#lead,
      briefing ? leadParts(briefing) : h("p", { class: "panel__none" }, say("noBriefing")),
    );
    fill(this.#rest,
      briefing ? restParts(briefing, { insert, isShort: false }) : null,
      section(
        say("customer"),
        factList({ name: contactName(row.contact), email: row.contact?.email }),
      ),
      this.#tags(row));
    const field = /** @type {HTMLInputElement | null} */ (this.#rest.querySelector("#tag-field"));
    if (field && held.text) field.value = held.text;
    if (field && held.isFocused) field.focus();
  }

  #head() {
    return h("div", { class: "panel__head" },
      h(
        "button",
        {
          id: "panel-back",
          class: "icon-button panel__back",
          type: "button",
          "aria-label": say("back"),
          onclick: this.#behaviour.back,
        },
        icon("back", 20),
      ),
      h("h2", {}, say("details")),
      this.#tools.button);
  }

  /** @param {Row} row */
  #tags(row) {
    const { tag } = this.#behaviour;
    const field = h(
      "input",
      {
        id: "tag-field",
        class: "tags__field",
        maxlength: "40",
        "aria-label": say("addTag"),
        placeholder: say("addTag"),
        dir: "auto",
      },
    );
    const form = h("form", { class: "tags" },
      ordinaryTags(row.tags).map((name) =>
        h(
          "span",
          { class: "tag" },
          h("span", { dir: "auto" }, name),
          h(
            "button",
            {
              type: "button",
              "aria-label": say("removeTag", { tag: name }),
              onclick: () => tag(tagOrder([], [name])),
            },
            icon("close", 12),
          ),
        )),
      field);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = field.value.trim();
      field.value = "";
      if (name) tag(tagOrder([name], []));
    });
    return section(say("tags"), form);
  }
}

/**
 * A briefing as cards show it, the most useful first.
 * @param {any} briefing
 * @returns {Node[]}
 */
export function shortBriefing(briefing) {
  return [...leadParts(briefing), ...restParts(briefing, { insert: null, isShort: true })];
}

/**
 * What it is about, and why a person is needed.
 * @param {any} briefing
 * @returns {Node[]}
 */
function leadParts(briefing) {
  const parts = [
    briefing.summary && h("p", { class: "summary", dir: "auto" }, briefing.summary),
    briefing.why?.text && !over.has(briefing.why.code) &&
      h("p", { class: "reason", dir: "auto" }, icon("hand", 14), briefing.why.text),
    wants(briefing.wants ?? []),
  ];
  return /** @type {Node[]} */ (parts.filter((part) => part instanceof Node));
}

/**
 * Everything else that helps.
 * @param {any} briefing
 * @param {{insert: ((reply: Suggested) => void) | null, isShort: boolean}} options
 * @returns {Node[]}
 */
function restParts(briefing, { insert, isShort }) {
  const facts = Object.entries(briefing.facts ?? {});
  const parts = [
    mood(briefing),
    facts.flatMap(([source, sheet]) => {
      const { title, values } = factSheet(briefing.fact_titles?.[source] ?? source, sheet);
      return Object.keys(values).length ? section(title, factList(values)) : [];
    }),
    pages(briefing, isShort),
    list(
      say("tried"),
      (briefing.tried ?? []).map((/** @type {any} */ each) => `${each.what} – ${each.result}`),
    ),
    collected(briefing),
    !isShort && suggestions(briefing.suggested_replies ?? [], insert),
    !isShort &&
      list(
        say("similar"),
        (briefing.similar ?? []).map((/** @type {any} */ each) => each.how_it_was_resolved),
      ),
  ];
  return /** @type {Node[]} */ (parts.flat(2).filter((part) => part instanceof Node));
}

/**
 * Facts of a source come as a plain object, or with the title their source gave them.
 * @param {string} source
 * @param {any} sheet
 */
function factSheet(source, sheet) {
  const isTitled = sheet && typeof sheet.facts === "object" && typeof sheet.title === "string";
  return { title: isTitled ? sheet.title : source, values: (isTitled ? sheet.facts : sheet) ?? {} };
}

/** @param {any[]} wants */
function wants(wants) {
  if (wants.length === 0) return null;
  return section(
    say("wants"),
    h(
      "ul",
      { class: "wants" },
      wants
        .slice(0, 3)
        .filter(({ confidence }, index) => index === 0 || confidence >= 0.03)
        .map((want) =>
          h(
            "li",
            {},
            h(
              "span",
              { class: "wants__title", dir: "auto" },
              want.title || intentWords(want.intent),
            ),
            h("span", { class: "wants__sure" }, percent(want.confidence ?? 0)),
            h(
              "meter",
              {
                min: "0",
                max: "1",
                value: String(want.confidence ?? 0),
                "aria-label": say("confidence"),
              },
            ),
            want.evidence?.length
              ? h(
                "p",
                { class: "wants__words", dir: "auto" },
                want.evidence
                  .slice(0, 5)
                  .map((/** @type {any} */ word) => typeof word === "string" ? word : word.text)
                  .join(" · "),
              )
              : null,
          )),
    ),
  );
}

/**
 * What the customer or the assistant filled in; the page's facts stand with the page.
 * @param {any} briefing
 */
function collected(briefing) {
  const { page: _, ...slots } = briefing.collected ?? {};
  return section(say("collected"), Object.keys(slots).length ? factList(slots) : null);
}

/** @param {any} briefing */
function mood({ mood, priority, language }) {
  if (!mood && !priority) return null;
  const word = moodWord(mood?.score ?? 0);
  return h("dl", { class: "gauges" },
    h(
      "div",
      {},
      h("dt", {}, say("mood")),
      h("dd", { dataset: { mood: word } }, `${say(word)}, ${say(mood?.trend ?? "steady")}`),
    ),
    priority
      ? h(
        "div",
        { title: (priority.because ?? []).join(", ") },
        h("dt", {}, say("priority")),
        h(
          "dd",
          {},
          percent(priority.score ?? 0),
          priority.because?.length ? h("small", {}, priority.because.join(", ")) : null,
        ),
      )
      : null,
    language ? h("div", {}, h("dt", {}, say("language")), h("dd", {}, language)) : null);
}

/** @param {any} briefing @param {boolean} isShort */
function pages({ page, trail = [] }, isShort) {
  const now = Date.now();
  const before = trail.slice(0, -1).reverse();
  const facts = Object.entries(page?.facts ?? {});
  return [
    page
      ? section(
        say("page"),
        h(
          "div",
          { class: "page" },
          icon("page", 16),
          h(
            "div",
            {},
            h("p", { dir: "auto" }, page.title || page.url_path),
            h("code", {}, page.url_path),
          ),
        ),
        facts.length ? factList(page.facts) : null,
      )
      : null,
    !isShort && before.length
      ? section(
        say("trail"),
        h("ol", { class: "trail" }, before.slice(0, 9).map((/** @type {any} */ visit) =>
          h(
            "li",
            {},
            h("span", { dir: "auto" }, visit.title || visit.url_path),
            h("time", {}, visit.at ? shortAge(visit.at, now) : ""),
          ))),
      )
      : null,
  ];
}

/** @param {Suggested[]} replies @param {((reply: Suggested) => void) | null} insert */
function suggestions(replies, insert) {
  if (replies.length === 0) return null;
  return section(
    say("suggestions"),
    h("ul", { class: "offered-replies" }, replies.slice(0, 3).map((reply) =>
      h(
        "li",
        {},
        h("p", { dir: "auto" }, reply.text),
        h("div", {}, h("small", {}, `${percent(reply.confidence ?? 0)} · ${reply.source ?? ""}`),
          insert
            ? h(
              "button",
              { class: "link-button", type: "button", onclick: () => insert(reply) },
              say("insert"),
            )
            : null),
      ))),
  );
}

/** @param {string} title @param {string[]} lines */
function list(title, lines) {
  const shown = lines.filter(Boolean);
  return shown.length
    ? section(
      title,
      h("ul", { class: "plain-list" }, shown.map((line) => h("li", { dir: "auto" }, line))),
    )
    : null;
}

/** @param {string} title @param {...(Node | null)} content */
function section(title, ...content) {
  if (!content.some(Boolean)) return null;
  return h("section", { class: "panel__section" }, h("h3", {}, title), ...content);
}

/** @param {Record<string, any>} facts */
function factList(facts) {
  const shown = Object
    .entries(facts)
    .filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h(
    "dl",
    { class: "facts" },
    shown.map(([name, value]) =>
      h(
        "div",
        {},
        h("dt", {}, name.replaceAll("_", " ")),
        h("dd", { dir: "auto" }, factText(value)),
      ),
    ),
  );
}
