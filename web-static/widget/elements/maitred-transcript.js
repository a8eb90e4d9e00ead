// @ts-check

import { renderBlocks, renderText } from "../../shared/blocks.js";
import { dayName, timeOfDay } from "../../shared/clock.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import MaitredHelpful from "./maitred-helpful.js";

/** @typedef {import("../models/chat.js").Line} Line */
/** @typedef {import("../../shared/strings.js").Strings} Strings */

const marks = /** @type {const} */ ({
  clock: "clock",
  tick: "tick",
  ticks: "ticks",
  failed: "alert",
});
const markWords = { clock: "waiting", tick: "sent", ticks: "seen", failed: "failed" };
const nearEnd = 80;

/**
 * The conversation as a log that screen readers follow. Emits `choice`, `retry`, `discard`,
 * `suggest`, `opinion`, `human` and `seen` (the newest line is in view).
 */
export default class MaitredTranscript extends HTMLElement {
  strings = /** @type {Strings} */ (/** @type {unknown} */ (null));
  /** @type {{greeting: string, site: string, suggestions: {id: string, title: string}[]}} */
  welcome = { greeting: "", site: "", suggestions: [] };

  /** Where paths such as `/billing` lead: to the product around the chat, not to our server. */
  pagesAt = "";

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
    create: (item) => this.#create(item.line),
    update: (element, item) => this.#update(element, item.line, item.day),
  });
  #conversation = "";
  #typingTimer = 0;
  #keepEnd = true;

  // Lifecycle

  /** @param {import("../../shared/strings.js").Strings} strings */
  begin(strings) {
    this.strings = strings;
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
    this.#showGreeting(lines.length === 0);
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

  /** @param {boolean} isAlone */
  #showGreeting(isAlone) {
    const { greeting, suggestions, site } = this.welcome;
    this.#greeting.classList.toggle("transcript__greeting--alone", isAlone);
    fill(
      this.#greeting,
      h("p", { class: "transcript__hello", dir: "auto" }, greeting || this.strings.say("greeting")),
      isAlone && site
        ? h("p", { class: "transcript__about" }, this.strings.say("assistantHere"))
        : null,
      isAlone && suggestions.length > 0
        ? h(
          "div",
          { class: "suggestions", role: "group", "aria-label": this.strings.say("suggestions") },
            suggestions.map(({ title }) =>
              h(
                "button",
                {
                  class: "suggestion",
                  type: "button",
                  onclick: () => this.#emit("suggest", { text: title }),
                },
                h("span", { dir: "auto" }, title),
                icon("send", 16),
              )),
        )
        : null,
    );
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

  /** @param {Line} line */
  #create(line) {
    if (line.kind === "change") return this.#createChange(line);
    const element = h("article", {
      class: `line line--${line.own ? "own" : "other"} line--${line.from?.kind}`,
      dataset: { cid: line.cid, m: line.m, kind: line.from?.kind },
    });
    const name = line.own ? this.strings.say("you") : this.#nameOf(line);
    element.append(
      h("p", { class: "line__day" }),
      h(
        "p",
        { class: line.own ? "line__name visually-hidden" : "line__name" },
        !line.own && avatar(line),
        h("span", { dir: "auto" }, name),
      ),
      h("div", { class: "bubble" }, this.#body(line)),
      h("div", { class: "line__foot" }),
    );
    return element;
  }

  /** @param {Line} line */
  #createChange(line) {
    const text = this.strings.say(
      String(line.say),
      { name: line.name || this.strings.say("team") },
    );
    return h(
      "p",
      { class: "change", dataset: { say: line.say } },
      h("span", { dir: "auto" }, text),
    );
  }

  /** @param {HTMLElement} element @param {Line} line @param {string} day */
  #update(element, line, day) {
    if (line.kind === "change") return;
    element.classList.toggle("line--starts", line.starts || day !== "");
    const dayElement = element.querySelector(".line__day");
    if (dayElement && dayElement.textContent !== day) dayElement.textContent = day;
    if (line.m && !element.dataset.m) element.dataset.m = line.m;
    if (line.opinion) this.#helpful(element, String(line.m)).show(line.opinion);
    const state = `${line.mark ?? ""}|${line.code ?? ""}|${line.kind}|${line.text}|${line.at}`;
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    if (line.mark) element.dataset.mark = line.mark;
    if (line.kind === "draft") {
      fill(/** @type {Element} */ (element.querySelector(".bubble")), this.#body(line));
    }
    fill(/** @type {Element} */ (element.querySelector(".line__foot")), this.#foot(line));
  }

  /** @param {Line} line */
  #body(line) {
    return this.#leadingHome(
      line.blocks?.length ? renderBlocks(line.blocks) : renderText(line.text ?? ""),
    );
  }

  /**
   * Makes links to paths lead to the product's own pages, in its own window.
   * @template {HTMLElement} Part
   * @param {Part} part
   */
  #leadingHome(part) {
    for (const link of this.pagesAt ? part.querySelectorAll('a[href^="/"]') : []) {
      link.setAttribute("href", this.pagesAt + link.getAttribute("href"));
      link.setAttribute("target", "_top");
    }
    return part;
  }

  /** @param {Line} line */
  #foot(line) {
    if (line.kind === "draft") return [];
    const { strings } = this;
    const time = h(
      "time",
      { datetime: new Date(line.at).toISOString() },
      timeOfDay(line.at, strings.locale),
    );
    if (line.mark === "failed") return this.#failure(line);
    return [
      this.#sources(line),
      time,
      line.mark && h("span", { class: `mark mark--${line.mark}` },
        icon(marks[line.mark], 15),
        h("span", { class: "visually-hidden" }, strings.say(markWords[line.mark]))),
    ];
  }

  /** @param {Line} line */
  #failure(line) {
    const { strings } = this;
    const why = strings.say(line.code === "too_large" ? "tooLarge" : "refused");
    return [
      h("span", { class: "mark mark--failed" }, icon("alert", 15), why),
      h(
        "button",
        {
          class: "line__retry",
          type: "button",
          onclick: () => this.#emit("retry", { cid: line.cid }),
        },
        strings.say("retry"),
      ),
      h(
        "button",
        {
          class: "line__retry",
          type: "button",
          onclick: () => this.#emit("discard", { cid: line.cid, text: line.text }),
        },
        strings.say("discard"),
      ),
    ];
  }

  /** @param {Line} line */
  #sources(line) {
    if (!line.sources?.length) return null;
    return this.#leadingHome(h("div", { class: "sources" },
      h("span", { class: "sources__label" }, this.strings.say("sources")),
      line.sources.map((source) => sourceChip(source))));
  }

  /**
   * The question below an answer, asked from the first time on.
   * @param {HTMLElement} element
   * @param {string} m
   */
  #helpful(element, m) {
    const known = element.querySelector("maitred-helpful");
    if (known instanceof MaitredHelpful) return known;
    const question = new MaitredHelpful(this.strings);
    question.addEventListener("opinion", (/** @type {any} */ { detail: helpful }) =>
      this.#emit("opinion", { m, helpful }));
    question.addEventListener("human", () => this.#emit("human", {}));
    element.append(question);
    return question;
  }

  /** @param {Line} line */
  #nameOf(line) {
    if (line.from?.kind === "bot") return line.from.name || this.strings.say("assistant");
    return line.from?.name || this.strings.say("team");
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

/** @param {Line} line */
function avatar(line) {
  const kind = line.from?.kind;
  const initial = (line.from?.name ?? "").trim().charAt(0).toLocaleUpperCase();
  return h("span", { class: `avatar avatar--${kind}`, "aria-hidden": "true" },
    kind === "agent" && initial ? initial : icon(kind === "agent" ? "person" : "spark", 14));
}

/** @param {{title: string, url?: string}} source */
function sourceChip({ title, url }) {
  const isLink = url !== undefined && /^(https?:\/\/|\/(?!\/))/.test(url);
  const parts = [icon("page", 14), h("span", { dir: "auto" }, title)];
  return isLink
    ? h("a", { class: "source", href: url, target: "_blank", rel: "noopener noreferrer" }, parts)
    : h("span", { class: "source" }, parts);
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
