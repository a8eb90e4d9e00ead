// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { say } from "../strings.js";
import { avatar, contactName, statusBadge } from "./parts.js";
import { drawEntry } from "./timeline-entry.js";
import { TranslationBar } from "./translation-bar.js";
import { TranslationPart } from "./translation-part.js";

/** @typedef {import("../models/thread-model.js").Entry} Entry */
/** @typedef {import("../models/inbox-model.js").Row} Row */

/** The middle of the console: a conversation's head, its timeline and its composer. */
export class ThreadView {
  #element;
  #act;
  #intents;
  #findFile;
  #head = h("header", { class: "thread__head" });
  #log = h(
    "div",
    {
      id: "timeline",
      class: "thread__log",
      role: "log",
      tabindex: "0",
      "aria-live": "polite",
      "aria-relevant": "additions",
    },
  );
  #entries = h("div", { class: "thread__entries" });
  #typing = h("p", { id: "typing", class: "thread__typing", role: "status" });
  #empty = h(
    "div",
    { class: "thread__empty" },
    icon("inbox", 40),
    h("h2", {}, say("pick")),
    h("p", {}, say("pickLead")),
  );
  #c = "";
  #headState = "";
  #keepEnd = true;
  /** How much of the log is seen, as far as it has been looked at. */
  #height = 0;
  /** @type {any} */
  #contact = null;
  #translator;
  #translationBar;
  /** @type {Map<HTMLElement, TranslationPart>} by the entry of a customer's message */
  #translations = new Map();
  /** @type {import("../translator.js").Message[]} the customer's, as far as they are shown */
  #messages = [];
  #list = new KeyedList(this.#entries, {
    key: (/** @type {Entry} */ entry) => entry.key,
    create: (entry) => h("article", { class: "entry", dataset: { s: entry.s, kind: entry.kind } }),
    update: (element, entry) => this.#draw(element, entry),
  });

  /**
   * @param {HTMLElement} element
   * @param {object} parts
   * @param {HTMLElement} parts.composer
   * @param {import("../models/intents.js").Intents} parts.intents
   * @param {(name: string, entry?: Entry) => void} parts.act what a button asks for
   * @param {import("../translator.js").Translator} parts.translator
   * @param {import("../../shared/message-files.js").FindFile} parts.findFile
   */
  constructor(element, { composer, intents, act, translator, findFile }) {
    this.#findFile = findFile;
    this.#element = element;
    this.#translator = translator;
    this.#translationBar = new TranslationBar(translator);
    translator.onChange = () => this.#showTranslations();
    this.#intents = intents;
    this.#act = act;
    this.#log.append(this.#entries);
    fill(element, this.#empty, this.#head, this.#translationBar.element, this.#log, this.#typing,
      composer);
    // The composer grows with suggestions and with what is written: the newest line stays in view.
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(this.#log);
    this.showNothing();
  }

  showNothing() {
    this.#c = "";
    this.#element.dataset.empty = "true";
  }

  /**
   * @param {object} state
   * @param {Row} state.row
   * @param {import("../models/thread-model.js").ThreadModel} state.thread
   * @param {Entry[]} state.entries
   * @param {boolean} state.isMine
   */
  show({ row, thread, entries, isMine }) {
    const isOther = this.#c !== row.c;
    this.#c = row.c;
    this.#contact = row.contact;
    this.#element.dataset.empty = "false";
    this.#log.setAttribute("aria-busy", String(isOther));
    if (isOther) {
      this.#list.clear();
      this.#translations.clear();
    }
    const wasAtEnd = isOther || this.#keepEnd;
    this.#showHead(row, thread.status || row.status, isMine);
    this.#list.show(entries);
    this.#messages = entries
      .filter(({ kind, d }) => kind === "message" && d.from?.kind === "customer" && d.text)
      .map(({ d }) => ({ m: d.m, text: d.text }));
    this.#translator.see(this.#messages);
    this.#log.setAttribute("aria-label", say("timeline", { name: contactName(row.contact) }));
    this.#log.setAttribute("aria-busy", "false");
    const writers = thread.typing.writers;
    const name = writers[0]?.kind === "customer"
      ? contactName(row.contact)
      : (writers[0]?.name ?? say("assistant"));
    const text = writers.length ? say("typing", { name }) : "";
    if (this.#typing.textContent !== text) this.#typing.textContent = text;
    if (wasAtEnd || entries.at(-1)?.kind === "letter") this.#toEnd();
  }

  /**
   * Shows an event that a search or a link names.
   * @param {number} s
   */
  reveal(s) {
    const target = this.#entries.querySelector(`[data-s="${Number(s)}"]`);
    if (!target) return false;
    this.#keepEnd = false;
    target.scrollIntoView({ block: "center" });
    target.classList.add("entry--found");
    return true;
  }

  #scrolled() {
    // Told of late, when the composer has grown meanwhile: then nobody has scrolled away.
    if (this.#log.clientHeight === this.#height) this.#keepEnd = this.#isAtEnd;
  }

  #resized() {
    this.#height = this.#log.clientHeight;
    if (this.#keepEnd) this.#toEnd();
  }

  #showTranslations() {
    for (const part of this.#translations.values()) part.show();
    this.#translationBar.show();
    this.#translator.see(this.#messages);
    if (this.#keepEnd) this.#toEnd();
  }

  #toEnd() {
    this.#keepEnd = true;
    this.#log.scrollTo({ top: this.#log.scrollHeight });
  }

  get #isAtEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 100;
  }

  /** @param {Row} row @param {string} status @param {boolean} isMine */
  #showHead(row, status, isMine) {
    const state = JSON.stringify([row.c, row.contact, row.owner, status, isMine]);
    if (state === this.#headState) return;
    this.#headState = state;
    const held = /** @type {HTMLElement | null} */ (document.activeElement)?.id ?? "";
    const hadFocus = this.#head.contains(document.activeElement);
    const owner = row.owner?.kind === "agent" && !isMine
      ? say("takenBy", { name: row.owner.name ?? "" })
      : "";
    fill(this.#head,
      h(
        "button",
        {
          id: "back",
          class: "icon-button thread__back",
          type: "button",
          "aria-label": say("back"),
          onclick: () => this.#act("back"),
        },
        icon("back", 20),
      ),
      avatar(row.contact),
      h("div", { class: "thread__who" },
        h("h2", { id: "contact-name", dir: "auto" }, contactName(row.contact)),
        h(
          "p",
          {},
          statusBadge(status),
          owner && h("span", {}, owner),
          h("span", {}, row.site?.name ?? ""),
        )),
      h("div", { class: "thread__actions" }, this.#actions(status, isMine, row)),
      h(
        "button",
        {
          id: "details",
          class: "icon-button thread__details",
          type: "button",
          "aria-label": say("details"),
          onclick: () => this.#act("details"),
        },
        icon("info", 20),
      ));
    if (hadFocus) /** @type {HTMLElement | null} */ (this.#head.querySelector(`#${held}`))?.focus();
  }

  /** @param {string} status @param {boolean} isMine @param {Row} row */
  #actions(status, isMine, row) {
    const isResolved = status === "resolved";
    const canPass = isMine || row.owner?.kind === "queue";
    /** @type {[string, import("../../shared/icons.js").IconName, string, boolean][]} */
    const actions = [
      [
        "take",
        "person",
        say(row.owner?.kind === "queue" ? "assignMe" : "takeOver"),
        !isMine && !isResolved,
      ],
      ["transfer", "swap", say("transfer"), canPass && !isResolved],
      ["return", "spark", say("returnToBot"), canPass && !isResolved],
      ["snooze", "moon", say("snooze"), isMine && !isResolved],
      ["pending", "pause", say("markPending"), isMine && status === "open"],
      ["reopen", "retry", say("reopen"), isResolved],
      ["resolve", "check", say("resolve"), isMine && !isResolved],
    ];
    return actions.filter(([, , , isShown]) => isShown).map(([name, picture, label]) => {
      const isMain = name === "take" || name === "resolve" || name === "reopen";
      return h(
        "button",
        {
          id: name,
          class: isMain ? "button button--primary" : "icon-button",
          type: "button",
          title: label,
          "aria-label": isMain ? null : label,
          onclick: () => this.#act(name),
        },
        icon(picture, isMain ? 16 : 20),
        isMain && h("span", {}, label),
      );
    });
  }

  /** @param {HTMLElement} element @param {Entry} entry */
  #draw(element, entry) {
    const state = JSON.stringify([
      entry.kind,
      entry.at,
      entry.starts,
      entry.isSeen,
      entry.pages?.length,
      entry.letter?.state,
      entry.letter?.code,
      entry.values,
    ]);
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    element.dataset.s = String(entry.s);
    element.dataset.kind = entry.kind;
    const from = entry.d.from?.kind;
    const side = entry.kind === "message"
      ? (from === "customer" ? "customer" : "team")
      : entry.kind === "letter" ? "team" : "";
    const isNote = entry.kind === "note" || entry.letter?.kind === "note";
    element.className = [
      "entry",
      `entry--${entry.kind}`,
      side && `entry--${side}`,
      from && `entry--by-${from}`,
      isNote && "entry--internal",
      entry.starts && "entry--starts",
      entry.letter?.state === "failed" && "entry--failed",
    ]
      .filter(Boolean)
      .join(" ");
    fill(element, drawEntry(entry, {
      contact: this.#contact,
      intents: this.#intents,
      findFile: this.#findFile,
      act: (name, each) => this.#act(name, each),
    }));
    if (side === "customer" && entry.d.text) this.#placeTranslation(element, entry.d);
  }
  /** @param {HTMLElement} element @param {{m: string, text: string}} message */
  #placeTranslation(element, { m, text }) {
    const part = this.#translations.get(element) ??
      new TranslationPart(element, { m, text }, this.#translator);
    this.#translations.set(element, part);
    part.place();
  }
}
