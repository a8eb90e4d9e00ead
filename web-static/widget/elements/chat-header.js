// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/**
 * One thing the menu can do; with `checked` it is a switch.
 * @typedef {{id: string, label: string, checked?: boolean, run: () => void}} MenuItem
 */

/**
 * The top of the chat: who is there, a menu, and the way out.
 */
export class ChatHeader {
  #element;
  #strings;
  #title = h("h1", { id: "title", class: "header__title", dir: "auto" });
  #status = h("p", { id: "status", class: "header__status" });
  #avatar = h("span", { class: "header__avatar", "aria-hidden": "true" }, icon("spark", 20));
  #menu = h("div", { id: "menu", class: "menu", role: "menu", hidden: true });
  #more = h(
    "button",
    {
      id: "more",
      class: "icon-button",
      type: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": "menu",
    },
  );

  /**
   * @param {HTMLElement} element
   * @param {import("../../shared/strings.js").Strings} strings
   * @param {object} behaviour
   * @param {() => void} behaviour.close
   * @param {() => MenuItem[]} behaviour.items
   */
  constructor(element, strings, { close, items }) {
    this.#element = element;
    this.#strings = strings;
    fill(this.#more, icon("more", 22));
    this.#more.setAttribute("aria-label", strings.say("menu"));
    this.#more.addEventListener(
      "click",
      () => (this.#menu.hidden ? this.#openMenu(items()) : this.closeMenu()),
    );
    this.#menu.addEventListener("keydown", (event) => this.#menuKey(event));
    document.addEventListener("click", (event) => {
      if (!this.#element.contains(/** @type {Node} */ (event.target))) this.closeMenu();
    });
    const closer = h(
      "button",
      {
        id: "close",
        class: "icon-button",
        type: "button",
        "aria-label": strings.say("close"),
        onclick: close,
      },
      icon("down", 22),
    );
    fill(
      element,
      this.#avatar,
      h("div", { class: "header__words" }, this.#title, this.#status),
      this.#more,
      closer,
      this.#menu,
    );
  }

  /** Whether there was a menu to close. */
  closeMenu() {
    if (this.#menu.hidden) return false;
    const held = this.#menu.contains(document.activeElement);
    this.#menu.hidden = true;
    this.#more.setAttribute("aria-expanded", "false");
    if (held) this.#more.focus();
    return true;
  }

  /**
   * @param {object} state
   * @param {string} state.site
   * @param {{kind: string, name?: string}} state.owner
   * @param {string} state.status
   * @param {boolean} state.isOnline whether people are at the desk
   * @param {string} state.back when they are back, if they are not there by the clock
   */
  show({ site, owner, status, isOnline, back }) {
    const { say } = bound(this.#strings);
    const person = owner.kind === "agent" ? (owner.name ?? say("team")) : "";
    this.#title.textContent = person || site || say("title");
    const words = status === "resolved" ? say("ended")
      : person ? say("peopleHere")
      : status === "queued" ? (isOnline ? say("inQueue") : back || say("peopleAway"))
      : back || say("assistantHere");
    const isAway = status === "resolved" || (status === "queued" ? !isOnline : !person && !!back);
    if (this.#status.textContent !== words) this.#status.textContent = words;
    this.#status.title = words;
    this.#status.dataset.presence = isAway ? "away" : "here";
    fill(this.#avatar, person ? person.trim().charAt(0).toLocaleUpperCase() : icon("spark", 20));
  }

  /** @param {MenuItem[]} items */
  #openMenu(items) {
    fill(this.#menu, items.map(({ id, label, checked, run }) =>
      h(
        "button",
        {
          id,
          class: "menu__item",
          type: "button",
          role: checked === undefined ? "menuitem" : "menuitemcheckbox",
          "aria-checked": checked === undefined ? null : String(checked),
          onclick: () => { this.closeMenu(); run(); },
        },
        h("span", {}, label),
        checked && icon("check", 18),
      )));
    this.#menu.hidden = false;
    this.#more.setAttribute("aria-expanded", "true");
    this.#menu.querySelector("button")?.focus();
  }

  /** @param {KeyboardEvent} event */
  #menuKey(event) {
    const items = [...this.#menu.querySelectorAll("button")];
    const at = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      items[(at + step + items.length) % items.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      if (event.key === "Escape") event.preventDefault();
      this.closeMenu();
    }
  }
}

/** @param {import("../../shared/strings.js").Strings} strings */
function bound(strings) {
  return { say: strings.say.bind(strings) };
}
