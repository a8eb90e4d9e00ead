// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { panelKey } from "../models/panels.js";
import { say } from "../strings.js";
import { drawBlocks } from "./panel-blocks.js";

/** @typedef {import("../models/panels.js").Panel} Panel */

/** The panels of plugins beside a conversation, each with what it shows or why it does not. */
export class PluginPanels {
  element = h("div", { id: "plugin-panels", class: "tools", hidden: true });
  button = h(
    "button",
    {
      id: "actions",
      class: "button button--small panel__actions",
      type: "button",
      "aria-haspopup": "dialog",
      hidden: true,
      onclick: () => this.#behaviour.choose(),
    },
    icon("bolt", 14),
    say("actions"),
  );
  #behaviour;
  #panels = h("div", { class: "tools__panels" });
  #trouble = h("p", { class: "tools__trouble", role: "status", hidden: true });
  #list = new KeyedList(this.#panels, {
    key: panelKey,
    create: (/** @type {Panel} */ panel) =>
      h("section", {
        class: "panel__section tool",
        dataset: { plugin: panel.plugin, panel: panel.id },
      }),
    update: (element, panel) => this.#draw(element, panel),
  });
  #isLoading = false;

  /**
   * @param {object} behaviour
   * @param {import("./panel-blocks.js").Ask} behaviour.ask
   * @param {(action: string) => boolean} behaviour.isGrave
   * @param {(key?: string) => void} behaviour.refresh one of them, or all
   * @param {() => void} behaviour.choose asks which action is to be done
   */
  constructor(behaviour) {
    this.#behaviour = behaviour;
    fill(this.element, this.#panels, this.#trouble);
  }

  /**
   * While another conversation's panels are on their way: the places of those that will come.
   * @param {Panel[]} expected
   */
  showLoading(expected) {
    this.#isLoading = true;
    this.#say("");
    this.#list.clear();
    this.#list.show(expected);
    this.element.hidden = expected.length === 0;
  }

  /** @param {Panel[]} panels */
  show(panels) {
    this.#isLoading = false;
    this.#say("");
    this.#list.show(panels);
    this.element.hidden = panels.length === 0;
  }

  /**
   * Nothing came. What is there stays, and says so.
   * @param {boolean} isFirst whether nothing has come before
   */
  showTrouble(isFirst) {
    if (isFirst) this.#list.clear();
    this.#say(say(isFirst ? "panelsFailed" : "panelsStale"), isFirst);
    this.element.hidden = false;
  }

  showNothing() {
    this.#list.clear();
    this.#say("");
    this.element.hidden = true;
  }

  /** @param {HTMLElement} element @param {Panel} panel */
  #draw(element, panel) {
    const { isGrave } = this.#behaviour;
    const grave = (panel.blocks ?? []).map(({ action }) => Boolean(action) && isGrave(action));
    const state = JSON.stringify([panel, grave, this.#isLoading]);
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    const focused = focusedIn(element);
    const heading = `tool-${panel.plugin}-${panel.id}`.replaceAll(".", "-");
    element.setAttribute("aria-labelledby", heading);
    element.setAttribute("aria-busy", String(this.#isLoading));
    fill(element,
      h("div", { class: "tool__head" },
        h("h3", { id: heading, dir: "auto" }, panel.title),
        !this.#isLoading && h(
          "button",
          {
            class: "icon-button tool__refresh",
            type: "button",
            "aria-label": say("panelRefresh", { title: panel.title }),
            title: say("panelRefresh", { title: panel.title }),
            onclick: () => this.#behaviour.refresh(panelKey(panel)),
          },
          icon("retry", 14),
        )),
      this.#content(panel, heading));
    focusAgain(element, focused);
  }

  /** @param {Panel} panel @param {string} id */
  #content(panel, id) {
    if (this.#isLoading) return skeleton();
    if (panel.error) {
      return h("p", { class: "tool__error" },
        icon("alert", 14), h("span", { dir: "auto" }, say("panelFailed", { why: panel.error })));
    }
    const { ask, isGrave } = this.#behaviour;
    const drawn = drawBlocks(panel.blocks ?? [], { id, title: panel.title, ask, isGrave });
    return drawn.length > 0 ? drawn : h("p", { class: "panel__none" }, say("panelNothing"));
  }

  /** @param {string} text @param {boolean} [canRetry] */
  #say(text, canRetry = false) {
    if (this.#trouble.textContent === text && text === "") return;
    this.#trouble.hidden = text === "";
    fill(this.#trouble,
      text,
      canRetry && h(
        "button",
        { class: "link-button", type: "button", onclick: () => this.#behaviour.refresh() },
        say("retry"),
      ));
  }
}

function skeleton() {
  return h("div", { class: "skeleton", "aria-hidden": "true" },
    h("i", {}), h("i", {}), h("i", {}));
}

/**
 * Which of the controls in an element has the focus, by what it is called.
 * @param {HTMLElement} element
 */
function focusedIn(element) {
  const active = document.activeElement;
  return active && element.contains(active) ? nameOf(active) : null;
}

/** @param {HTMLElement} element @param {string | null} name */
function focusAgain(element, name) {
  if (name === null) return;
  const controls = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("button, a")]);
  (controls.find((each) => nameOf(each) === name) ?? controls[0])?.focus();
}

/** @param {Element} element */
function nameOf(element) {
  return element.getAttribute("aria-label") ?? element.textContent ?? "";
}
