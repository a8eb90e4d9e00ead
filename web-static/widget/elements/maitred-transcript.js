// @ts-check

import { dayName } from "../../shared/clock.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { LineDrawer } from "./transcript-line.js";

/** @typedef {import("../models/chat.js").Line} Line */
/** @typedef {import("../../shared/strings.js").Strings} Strings */

/**
 * What is said before anybody has written.
 * @typedef {object} Welcome
 * @property {string} greeting
 * @property {string[]} about further lines
 * @property {{id: string, title: string}[]} suggestions
 */

const nearEnd = 80;

/**
 * The conversation as a log that screen readers follow. Emits `choice`, `retry`, `discard`,
 * `suggest`, `opinion`, `human` and `seen` (the newest line is in view).
 */
export default class MaitredTranscript extends HTMLElement {
  strings = /** @type {Strings} */ (/** @type {unknown} */ (null));
  lines = /** @type {LineDrawer} */ (/** @type {unknown} */ (null));

  #log = h(
    "div",
    {
      class: "transcript__log",
      role: "log",
      tabindex: "0",
      "aria-live": "polite",
      "aria-relevant": "additions",
    },
  );
  #greeting = h("div", { class: "transcript__greeting" });
  #lines = h("div", { class: "transcript__lines" });
  #replies = h("div", { class: "replies", role: "group" });
  #typing = h("div", { class: "transcript__typing" });
  #typingStatus = h("div", { class: "visually-hidden", role: "status" });
  #jump = h("button", { class: "transcript__jump", type: "button", hidden: true });
  #list = new KeyedList(this.#lines, {
    key: (/** @type {{line: Line, day: string}} */ { line }) => line.key,
    create: ({ line }) => this.lines.create(line, this.#wasBeingWritten(line)),
    update: (element, { line, day }) => this.lines.update(element, line, day),
  });
  #conversation = "";
  /** @type {Welcome} */
  #welcome = { greeting: "", about: [], suggestions: [] };
  /** @type {boolean | null} */
  #isAlone = null;
  #typingTimer = 0;
  #keepEnd = true;

  // Lifecycle

  /**
   * @param {Strings} strings
   * @param {object} parts
   * @param {string} parts.pagesAt where paths such as `/billing` lead
   * @param {import("../../shared/message-files.js").FindFile} parts.findFile
   */
  begin(strings, parts) {
    this.strings = strings;
    this.lines = new LineDrawer(strings, {
      ...parts,
      emit: (name, detail) => this.#emit(name, detail),
    });
    this.#log.setAttribute("aria-label", strings.say("log"));
    this.#log.id = "log";
    this.#replies.setAttribute("aria-label", strings.say("replies"));
    fill(this.#jump, icon("down", 16), strings.say("newMessages"));
    this.#jump.addEventListener("click", () => this.#toEnd());
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#log.append(this.#greeting, this.#lines);
    fill(this, this.#log, this.#replies, this.#jump, this.#typingStatus);
    this.#log.append(this.#typing);
    new ResizeObserver(() => this.#keepEnd && this.#toEnd(true)).observe(this.#log);
  }

  // Actions

  /** Whether the newest line is in view. */
  get isAtEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < nearEnd;
  }

  // Rendering

  /**
   * @param {string} conversation whose lines these are
   * @param {Line[]} lines
   */
  show(conversation, lines) {
    const isOther = conversation !== this.#conversation;
    // History is read by who wants to; only what arrives from now on is announced.
    this.#log.setAttribute("aria-busy", String(isOther));
    this.#conversation = conversation;
    const known = this.#lines.childElementCount;
    const wasAtEnd = isOther || this.isAtEnd;
    this.#list.show(withDays(lines, this.strings.locale));
    this.#showWelcome(lines.length === 0);
    this.#showReplies(lines);
    const grew = this.#lines.childElementCount > known;
    if (wasAtEnd || lines.at(-1)?.own) this.#toEnd(isOther);
    else if (grew) this.#jump.hidden = false;
    this.#log.setAttribute("aria-busy", "false");
  }

  /** @param {{kind: string, name?: string}[]} writers */
  showTyping(writers) {
    const writer = writers[0];
    const text = !writer ? "" : writer.name
      ? this.strings.say("typing", { name: writer.name })
      : this.strings.say("typingPlain");
    const wasAtEnd = this.isAtEnd;
    fill(
      this.#typing,
      writer && h("div", { class: "typing", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    );
    this.#typing.hidden = !writer;
    if (wasAtEnd) this.#toEnd();
    // Said after a pause: a pen put down and taken up again is not news.
    clearTimeout(this.#typingTimer);
    this.#typingTimer = window.setTimeout(() => (this.#typingStatus.textContent = text), 800);
  }

  /** @param {Welcome} welcome */
  set welcome(welcome) {
    if (JSON.stringify(welcome) === JSON.stringify(this.#welcome)) return;
    this.#welcome = welcome;
    this.#isAlone = null;
    this.#showWelcome(this.#lines.childElementCount === 0);
  }

  /** @param {boolean} isAlone */
  #showWelcome(isAlone) {
    if (this.#isAlone === isAlone) return;
    this.#isAlone = isAlone;
    const { greeting, suggestions, about } = this.#welcome;
    this.#greeting.classList.toggle("transcript__greeting--alone", isAlone);
    fill(
      this.#greeting,
      h("p", { class: "transcript__hello", dir: "auto" }, greeting),
      isAlone && about.map((text) => h("p", { class: "transcript__about", dir: "auto" }, text)),
      isAlone && suggestions.length > 0 && h(
        "div",
        { class: "suggestions", role: "group", "aria-label": this.strings.say("suggestions") },
        suggestions.map(({ title }) => this.#suggestion(title)),
      ),
    );
  }

  /** @param {string} title */
  #suggestion(title) {
    return h(
      "button",
      {
        class: "suggestion",
        type: "button",
        onclick: () => this.#emit("suggest", { text: title }),
      },
      h("span", { dir: "auto" }, title),
      icon("send", 16),
    );
  }

  /**
   * Whether the same words were read already, while the assistant wrote them.
   * @param {Line} line
   */
  #wasBeingWritten({ kind, m }) {
    return kind === "message" && !!m && this.#list.element(`draft-${m}`) !== null;
  }

  /** @param {Line[]} lines */
  #showReplies(lines) {
    const last = lines.filter((line) => line.kind === "message").at(-1);
    const choices = last?.own ? [] : (last?.choices ?? []);
    const key = choices.length ? String(last?.m) : "";
    if (this.#replies.dataset.m === key) return;
    this.#replies.dataset.m = key;
    this.#replies.hidden = choices.length === 0;
    fill(this.#replies, choices.map((choice) =>
      h("button", { class: "reply", type: "button", dir: "auto", dataset: { choice: choice.id },
        onclick: () =>
          this.#emit("choice", { m: last?.m, choice: choice.id, text: choice.title }) },
      choice.title)));
  }

  // Callbacks

  #scrolled() {
    this.#keepEnd = this.isAtEnd;
    if (!this.#keepEnd) return;
    this.#jump.hidden = true;
    this.#emit("seen", {});
  }

  /** @param {boolean} [atOnce] */
  #toEnd(atOnce = false) {
    this.#jump.hidden = true;
    this.#keepEnd = true;
    const behavior = atOnce || isStill() ? "auto" : "smooth";
    this.#log.scrollTo({ top: this.#log.scrollHeight, behavior });
  }

  /** @param {string} name @param {object} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("maitred-transcript", MaitredTranscript);

/** Whether the customer wants nothing to move by itself. */
function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Adds the name of the day to the first line of each but the only one.
 * @param {Line[]} lines
 * @param {string} locale
 */
function withDays(lines, locale) {
  let before = "";
  const now = Date.now();
  return lines.map((line) => {
    if (!line.at) return { line, day: "" };
    const name = dayName(line.at, now, locale);
    const day = name === before || line.kind === "change" ? "" : name;
    if (day) before = name;
    return { line, day };
  });
}
