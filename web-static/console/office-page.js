// @ts-check

import { fill, h } from "../shared/dom.js";
import { rowSkeleton } from "./elements/office-list.js";
import { say } from "./strings.js";

/** How often what is seen is fetched anew, in milliseconds. */
const every = 4000;

/** @typedef {import("./elements/office-list.js").OfficeList} OfficeList */

/**
 * One thing in full.
 * @typedef {object} OfficeDetail
 * @property {HTMLElement} element
 * @property {string} name
 * @property {boolean} isDirty whether something was entered and not saved
 * @property {() => void} focus
 * @property {(thing: any) => void} show as the server has it
 * @property {(what: string) => void} showBusy what is under way, or nothing
 */

/**
 * A page of the office: a list of things, and one of them. What is seen is fetched anew every few
 * seconds, and one change is made at a time.
 * @template {OfficeDetail} Detail
 */
export class OfficePage {
  api;
  canChange;
  #element;
  #name;
  #onChange;
  /** Those with something that was entered and not saved outlive a look at the list. */
  /** @type {Map<string, Detail>} */
  #details = new Map();
  /** @type {string | null} the one that is looked at */
  #id = null;
  /** @type {OfficeList | null} */
  #list = null;
  #isOpen = false;
  /** Whether the server knows nothing of it. */
  #isGone = false;
  #isBusy = false;
  #timer = 0;
  /** Answers to questions that were asked before something changed are dropped. */
  #turn = 0;

  /**
   * @param {string} name in addresses, and what its texts begin with
   * @param {object} place
   * @param {HTMLElement} place.element
   * @param {import("./api.js").Api} place.api
   * @param {{role?: string}} place.me
   * @param {() => void} place.onChange when it is called something else
   */
  constructor(name, { element, api, me, onChange }) {
    this.#name = name;
    this.#element = element;
    this.#onChange = onChange;
    this.api = api;
    this.canChange = me.role === "admin";
    document.addEventListener("visibilitychange", () => {
      if (this.#isOpen && document.visibilityState === "visible") void this.refresh();
    });
  }

  // What each page says of itself

  /** @returns {OfficeList} */
  makeList() {
    throw new Error("a page has a list");
  }

  /**
   * Fetches what is seen.
   * @param {string | null} _id of one thing, or all of them
   * @returns {Promise<unknown>}
   */
  look(_id) {
    throw new Error("a page fetches what it shows");
  }

  /** @param {string} _id @returns {Detail} */
  makeDetail(_id) {
    throw new Error("a page shows one thing in full");
  }

  /** How long what is seen is good, in milliseconds. */
  get pace() {
    return every;
  }

  get list() {
    return (this.#list ??= this.makeList());
  }

  // What is in front

  /** What the window is called meanwhile. */
  get title() {
    const name = this.#id && (this.#details.get(this.#id)?.name ?? this.#id);
    return name ? `${name} · ${say(this.#name)}` : say(this.#name);
  }

  /** @param {string | null} id of one thing, or all of them */
  show(id) {
    const before = this.#isOpen ? this.#id : null;
    this.#isOpen = true;
    this.#isGone = false;
    this.#id = id;
    this.#turn += 1;
    this.#element.hidden = false;
    if (id === null) {
      this.list.showLoading();
      fill(this.#element, this.list.element);
      if (before) this.list.focusRow(before);
      else this.list.focus();
      for (const [each, { isDirty }] of this.#details) if (!isDirty) this.#details.delete(each);
    } else {
      this.#showDetail(id);
    }
    void this.refresh();
  }

  hide() {
    this.#isOpen = false;
    this.#element.hidden = true;
    clearTimeout(this.#timer);
  }

  /** @param {string} id */
  isInFront(id) {
    return this.#isOpen && this.#id === id;
  }

  /** @param {string} id */
  detail(id) {
    return this.#details.get(id);
  }

  /** The one that is looked at, if it is known. */
  get current() {
    return this.#id === null ? undefined : this.#details.get(this.#id);
  }

  /**
   * Shows one thing as the server has it.
   * @param {string} id
   * @param {any} thing
   */
  take(id, thing) {
    const detail = this.#details.get(id) ?? this.makeDetail(id);
    this.#details.set(id, detail);
    detail.show(thing);
    if (this.#id === id && !this.#element.contains(detail.element)) {
      fill(this.#element, detail.element);
      detail.focus();
    }
    this.#onChange();
    return detail;
  }

  /** @param {string} id */
  forget(id) {
    this.#details.delete(id);
  }

  /** @param {string} id */
  #showDetail(id) {
    const known = this.#details.get(id);
    if (known) {
      fill(this.#element, known.element);
      known.focus();
      return;
    }
    fill(this.#element, h("div", { class: "office__page" },
      h("p", { class: "office__lead", role: "status" }, say("loading")), rowSkeleton()));
  }

  /**
   * Instead of one thing: why it is not there.
   * @param {string} text
   * @param {boolean} canRetry whether it may yet come
   */
  showMissing(text, canRetry) {
    this.#isGone = !canRetry;
    if (this.#element.querySelector(".office__trouble")?.textContent?.includes(text)) return;
    fill(this.#element, h("div", { class: "office__page" },
      h("a", { class: "office__back", href: `#${this.#name}` }, say(`${this.#name}All`)),
      h("p", { class: "office__trouble", role: "status" }, text, " ", canRetry && h(
        "button",
        { class: "link-button", type: "button", onclick: () => void this.refresh() },
        say("retry"),
      ))));
  }

  // Asking

  async refresh() {
    clearTimeout(this.#timer);
    if (!this.#isOpen) return;
    if (document.visibilityState === "visible" && !this.#isBusy) await this.look(this.#id);
    clearTimeout(this.#timer);
    if (!this.#isOpen || this.#isGone) return;
    this.#timer = window.setTimeout(() => void this.refresh(), this.pace);
  }

  /**
   * @param {string} path
   * @returns {Promise<any>} the answer or the error; nothing when something has changed meanwhile
   */
  async fetch(path) {
    const turn = this.#turn;
    const answer = await this.api.get(path).catch((error) => error);
    return turn === this.#turn ? answer : null;
  }

  /**
   * Does one thing at a time; what was fetched before it does not count any more.
   * @param {Detail} detail
   * @param {string} what
   * @param {() => Promise<any>} request
   * @returns {Promise<any>} the answer or the error; nothing when something else is under way
   */
  async busily(detail, what, request) {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    this.#turn += 1;
    detail.showBusy(what);
    const answer = await request().catch((error) => error);
    this.#isBusy = false;
    this.#turn += 1;
    detail.showBusy("");
    return answer;
  }
}
