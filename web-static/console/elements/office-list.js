// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { say } from "../strings.js";

/**
 * The list on a page of the office: how many there are, what to do when there are none, and what
 * went wrong. Its texts begin with the page's name: `pluginsNone`, `webhooksNone`.
 */
export class OfficeList {
  element = h("div", { class: "office__page" });
  #name;
  #heading;
  #count = h("p", { class: "office__lead" });
  #trouble = h("p", { class: "office__trouble", role: "status", hidden: true });
  #empty = h("div", { class: "office__empty", hidden: true });
  #behaviour;
  /** The one whose row takes the focus as soon as it is there, unless it has gone elsewhere. */
  #wanted = "";
  /** Whether anything has come. */
  #isKnown = false;

  /**
   * @param {string} name of the page
   * @param {object} behaviour
   * @param {HTMLElement} behaviour.body what the rows are in; each has `data-id` and a link
   * @param {import("../../shared/icons.js").IconName} behaviour.picture for an empty list
   * @param {(things: any[]) => void} behaviour.draw the rows
   * @param {() => void} behaviour.retry
   * @param {HTMLElement | null} [behaviour.action] beside the heading
   */
  constructor(name, behaviour) {
    this.#name = name;
    this.#behaviour = behaviour;
    this.#heading = h("h1", { id: `${name}-title`, tabindex: "-1" }, say(name));
    behaviour.body.hidden = true;
    fill(this.element,
      h("header", { class: "office__head" }, this.#heading, this.#count, behaviour.action),
      this.#trouble,
      behaviour.body,
      this.#empty);
  }

  focus() {
    this.#heading.focus();
  }

  /** @param {string} id of the one that somebody comes back from */
  focusRow(id) {
    const link = this.element.querySelector(`[data-id="${CSS.escape(id)}"] a`);
    this.#wanted = link ? "" : id;
    /** @type {HTMLElement} */ (link ?? this.#heading).focus();
  }

  /** Before anything has come. */
  showLoading() {
    if (!this.#behaviour.body.hidden) return;
    this.#count.textContent = say("loading");
    this.#empty.hidden = false;
    fill(this.#empty, rowSkeleton());
  }

  /** @param {any[]} things */
  show(things) {
    const { body, draw, picture } = this.#behaviour;
    this.#isKnown = true;
    this.#trouble.hidden = true;
    draw(things);
    body.hidden = things.length === 0;
    if (this.#wanted && document.activeElement === this.#heading) this.focusRow(this.#wanted);
    this.#wanted = "";
    const on = things.filter(({ enabled = true }) => enabled).length;
    this.#count.textContent = things.length > 0
      ? say(`${this.#name}Count`, { count: things.length, on })
      : "";
    this.#empty.hidden = things.length > 0;
    fill(this.#empty, icon(picture, 40),
      h("h2", {}, say(`${this.#name}None`)), h("p", {}, say(`${this.#name}NoneLead`)));
  }

  /** Nothing came. What is there stays, and says so. */
  showTrouble() {
    this.#trouble.hidden = false;
    if (!this.#isKnown) {
      this.#count.textContent = "";
      this.#empty.hidden = true;
    }
    fill(this.#trouble,
      icon("alert", 15), say(`${this.#name}${this.#isKnown ? "Stale" : "Failed"}`), " ",
      h(
        "button",
        { class: "link-button", type: "button", onclick: this.#behaviour.retry },
        say("retry"),
      ));
  }
}

/** The places of rows that are on their way. */
export function rowSkeleton() {
  return h("div", { class: "skeleton skeleton--rows", "aria-hidden": "true" },
    h("i", {}), h("i", {}), h("i", {}));
}

/**
 * A value in a row, with its name.
 * @param {string} name
 * @param {Node | string | null} value
 * @param {string} [className]
 */
export function rowFact(name, value, className) {
  const shown = h("bdi", {}, value || "–");
  return h("div", { class: className }, h("dt", {}, name), h("dd", {}, shown));
}
