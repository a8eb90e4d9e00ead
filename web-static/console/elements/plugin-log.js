// @ts-check

import { fill, h } from "../../shared/dom.js";
import { say, strings } from "../strings.js";
import { card } from "./plugin-parts.js";

/** The latest lines of a plugin, the newest at the end and in view. */
export class PluginLog {
  element;
  #lines = h("ol", { class: "log", tabindex: "0", role: "group" });
  #note = h("p", { class: "log__note", role: "status" });
  #pause = h("button", {
    class: "button button--small",
    type: "button",
    "aria-pressed": "false",
    onclick: () => this.#toggle(),
  });
  #state = "";
  isPaused = false;

  constructor() {
    this.element = card("plugin-log", say("pluginLog"), this.#pause, this.#note, this.#lines);
    this.element.classList.add("card--log");
    this.#pause.textContent = say("pluginLogPause");
  }

  /** @param {string} name of the plugin @param {any[]} lines */
  show(name, lines) {
    const state = JSON.stringify(lines);
    this.#note.textContent = lines.length > 0 ? "" : say("pluginLogNone");
    this.#lines.setAttribute("aria-label", say("pluginLogOf", { name }));
    if (state === this.#state) return;
    const isAtEnd = this.#state === "" || this.#isAtEnd;
    this.#state = state;
    this.#lines.hidden = lines.length === 0;
    fill(this.#lines, lines.map(drawLine));
    if (isAtEnd) this.#lines.scrollTop = this.#lines.scrollHeight;
  }

  showTrouble() {
    this.#note.textContent = say("pluginLogStale");
  }

  get #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#lines;
    return scrollHeight - scrollTop - clientHeight < 40;
  }

  #toggle() {
    this.isPaused = !this.isPaused;
    this.#pause.setAttribute("aria-pressed", String(this.isPaused));
    this.#pause.textContent = say(this.isPaused ? "pluginLogGoOn" : "pluginLogPause");
  }
}

/** @param {any} line */
function drawLine({ at, level, text }) {
  const date = new Date(at);
  return h("li", { class: "log__line", dataset: { level } },
    h("time", { datetime: at, title: date.toLocaleString(strings.locale) },
      date.toLocaleTimeString(strings.locale)),
    h("span", { class: "log__level" }, level),
    h("span", { class: "log__text", dir: "auto" }, text));
}
