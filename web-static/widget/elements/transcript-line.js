// @ts-check

import { renderBlocks, renderText } from "../../shared/blocks.js";
import { timeOfDay } from "../../shared/clock.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import MaitredHelpful from "./maitred-helpful.js";
import { messageFiles } from "../../shared/message-files.js";

/** @typedef {import("../models/chat.js").Line} Line */
/** @typedef {import("../../shared/strings.js").Strings} Strings */

const marks = /** @type {const} */ ({
  clock: "clock",
  tick: "tick",
  ticks: "ticks",
  failed: "alert",
});
const markWords = { clock: "waiting", tick: "sent", ticks: "seen", failed: "failed" };

/** Draws the lines of a transcript, and keeps them in step with what is known of each. */
export class LineDrawer {
  #strings;
  #pagesAt;
  #emit;
  #findFile;

  /**
   * @param {Strings} strings
   * @param {object} parts
   * @param {string} parts.pagesAt where paths such as `/billing` lead: to the product around
   * @param {(name: string, detail: object) => void} parts.emit
   * @param {import("../../shared/message-files.js").FindFile} parts.findFile
   */
  constructor(strings, { pagesAt, emit, findFile }) {
    this.#strings = strings;
    this.#pagesAt = pagesAt;
    this.#emit = emit;
    this.#findFile = findFile;
  }

  /** Who wrote a line, in words. @param {Line} line */
  nameOf(line) {
    const { from } = line;
    if (line.own) return this.#strings.say("you");
    return from?.name || this.#strings.say(from?.kind === "bot" ? "assistant" : "team");
  }

  /** What a change was, in words. @param {Line} line */
  changeOf(line) {
    return this.#strings.say(
      String(line.say),
      { name: line.name || this.#strings.say("team") },
    );
  }

  /**
   * @param {Line} line
   * @param {boolean} isSettled whether it takes the place of what was read while it was written
   */
  create(line, isSettled) {
    if (line.kind === "change") return this.#change(line);
    const isDraft = line.kind === "draft";
    const side = line.own ? "own" : "other";
    return h(
      "article",
      {
        class: `line line--${side} line--${line.from?.kind}${isSettled ? " line--settled" : ""}`,
        dataset: { cid: line.cid, m: line.m, kind: isDraft ? "draft" : line.from?.kind },
        // What is being written is read out once, when it is the answer.
        "aria-live": isDraft ? "off" : null,
        "aria-busy": isDraft ? "true" : null,
      },
      h("p", { class: "line__day" }),
      h(
        "p",
        { class: line.own ? "line__name visually-hidden" : "line__name" },
        !line.own && avatar(line),
        h("span", { dir: "auto" }, this.nameOf(line)),
      ),
      hasWords(line) && h("div", { class: "bubble" }, this.#body(line)),
      line.files?.length ? h("div", { class: "line__files" }) : null,
      // A mark that changes is not news to be read out.
      h("div", { class: "line__foot", "aria-live": "off" }),
    );
  }

  /** @param {HTMLElement} element @param {Line} line @param {string} day */
  update(element, line, day) {
    if (line.kind === "change") return;
    element.classList.toggle("line--starts", line.starts || day !== "");
    const dayElement = element.querySelector(".line__day");
    if (dayElement && dayElement.textContent !== day) dayElement.textContent = day;
    if (line.m && !element.dataset.m) element.dataset.m = line.m;
    if (line.opinion) this.#helpful(element, String(line.m)).show(line.opinion);
    this.#showFiles(element, line);
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
  #change(line) {
    return h(
      "p",
      { class: "change", dataset: { say: line.say } },
      h("span", { dir: "auto" }, this.changeOf(line)),
    );
  }

  /** @param {Line} line */
  #body(line) {
    return this.#leadingHome(
      line.blocks?.length ? renderBlocks(line.blocks) : renderText(line.text ?? ""),
    );
  }

  /**
   * Drawn anew once the server has given the files their ids.
   * @param {HTMLElement} element
   * @param {Line} line
   */
  #showFiles(element, { files = [] }) {
    const place = /** @type {HTMLElement | null} */ (element.querySelector(".line__files"));
    const key = files.map(({ id, name }) => id ?? name).join("|");
    if (!place || place.dataset.key === key) return;
    place.dataset.key = key;
    fill(place, messageFiles(this.#strings, files, this.#findFile));
  }

  /**
   * Makes links to paths lead to the product's own pages, in its own window.
   * @template {HTMLElement} Part
   * @param {Part} part
   */
  #leadingHome(part) {
    for (const link of this.#pagesAt ? part.querySelectorAll('a[href^="/"]') : []) {
      link.setAttribute("href", this.#pagesAt + link.getAttribute("href"));
      link.setAttribute("target", "_top");
    }
    return part;
  }

  /** @param {Line} line */
  #foot(line) {
    if (line.kind === "draft") return [];
    if (line.mark === "failed") return this.#failure(line);
    const time = h(
      "time",
      { datetime: new Date(line.at).toISOString() },
      timeOfDay(line.at, this.#strings.locale),
    );
    return [
      this.#sources(line),
      time,
      line.mark && h("span", { class: `mark mark--${line.mark}` },
        icon(marks[line.mark], 15),
        h("span", { class: "visually-hidden" }, this.#strings.say(markWords[line.mark]))),
    ];
  }

  /** @param {Line} line */
  #failure(line) {
    const strings = this.#strings;
    const why = strings.say(line.code === "too_large" ? "tooLarge" : "refused");
    const button = (/** @type {string} */ name, /** @type {object} */ detail) =>
      h(
        "button",
        { class: "line__retry", type: "button", onclick: () => this.#emit(name, detail) },
        strings.say(name),
      );
    return [
      h("span", { class: "mark mark--failed", role: "alert" }, icon("alert", 15), why),
      button("retry", { cid: line.cid }),
      button("discard", { cid: line.cid, text: line.text }),
    ];
  }

  /** @param {Line} line */
  #sources(line) {
    if (!line.sources?.length) return null;
    return this.#leadingHome(h("div", { class: "sources" },
      h("span", { class: "sources__label" }, this.#strings.say("sources")),
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
    const question = new MaitredHelpful(this.#strings);
    question.addEventListener("opinion", (/** @type {any} */ { detail: helpful }) =>
      this.#emit("opinion", { m, helpful }));
    question.addEventListener("human", () => this.#emit("human", {}));
    element.append(question);
    return question;
  }
}

/** @param {Line} line */
function hasWords({ kind, text, blocks, files }) {
  return kind === "draft" || Boolean(text) || Boolean(blocks?.length) || !files?.length;
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
