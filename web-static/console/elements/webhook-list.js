// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { webhookName, webhookWords } from "../models/webhook-words.js";
import { say, strings } from "../strings.js";

/** All endpoints that are told of what happens here. */
export class WebhookList {
  element = h("div", { class: "office__page" });
  #heading = h("h1", { id: "webhooks-title", tabindex: "-1" }, say("webhooks"));
  #count = h("p", { class: "office__lead" });
  #trouble = h("p", { class: "office__trouble", role: "status", hidden: true });
  #body = h("ul", { class: "plugin-rows webhook-rows", "aria-labelledby": "webhooks-title" });
  #empty = h("div", { class: "office__empty", hidden: true });
  #retry;
  #wanted = "";
  #rows = new KeyedList(this.#body, {
    key: (/** @type {any} */ hook) => hook.id,
    create: (hook) => h("li", { class: "plugin-row webhook-row", dataset: { id: hook.id } }),
    update: (element, hook) => drawRow(element, hook),
  });

  /**
   * @param {object} behaviour
   * @param {() => void} behaviour.retry
   * @param {(() => void) | null} behaviour.add nothing for those who may not
   */
  constructor({ retry, add }) {
    this.#retry = retry;
    this.#body.hidden = true;
    fill(this.element,
      h("header", { class: "office__head" }, this.#heading, this.#count,
        add && h(
          "button",
          {
            id: "webhook-add",
            class: "button button--primary office__add",
            type: "button",
            onclick: add,
          },
          say("webhookAdd"),
        )),
      this.#trouble,
      this.#body,
      this.#empty);
  }

  focus() {
    this.#heading.focus();
  }

  /** @param {string} id of the webhook that somebody comes back from */
  focusRow(id) {
    const link = this.element.querySelector(`[data-id="${CSS.escape(id)}"] a`);
    this.#wanted = link ? "" : id;
    /** @type {HTMLElement} */ (link ?? this.#heading).focus();
  }

  /** Before anything has come. */
  showLoading() {
    if (this.#body.childElementCount > 0) return;
    this.#count.textContent = say("loading");
    this.#empty.hidden = false;
    fill(this.#empty, h("div", { class: "skeleton skeleton--rows", "aria-hidden": "true" },
      h("i", {}), h("i", {}), h("i", {})));
  }

  /** @param {any[]} hooks */
  show(hooks) {
    this.#trouble.hidden = true;
    this.#rows.show(hooks);
    if (this.#wanted && document.activeElement === this.#heading) this.focusRow(this.#wanted);
    this.#wanted = "";
    const on = hooks.filter(({ enabled = true }) => enabled).length;
    this.#count.textContent = hooks.length > 0
      ? say("webhooksCount", { count: hooks.length, on })
      : "";
    this.#body.hidden = hooks.length === 0;
    this.#empty.hidden = hooks.length > 0;
    fill(this.#empty,
      icon("link", 40), h("h2", {}, say("webhooksNone")), h("p", {}, say("webhooksNoneLead")));
  }

  /** @param {boolean} isFirst whether nothing has come before */
  showTrouble(isFirst) {
    this.#trouble.hidden = false;
    if (isFirst) {
      this.#count.textContent = "";
      this.#empty.hidden = true;
    }
    fill(this.#trouble,
      icon("alert", 15), say(isFirst ? "webhooksFailed" : "webhooksStale"), " ",
      h("button", { class: "link-button", type: "button", onclick: this.#retry }, say("retry")));
  }
}

/** @param {any} hook */
export function webhookBadge(hook) {
  const { key, tone } = webhookWords(hook);
  return h("span", { class: `badge badge--tone-${tone} state` }, say(key));
}

/** @param {HTMLElement} element @param {any} hook */
function drawRow(element, hook) {
  const state = JSON.stringify(hook);
  if (element.dataset.state === state) return;
  element.dataset.state = state;
  const hadFocus = element.contains(document.activeElement);
  const { id, url, types = [], disabled_because: why, created_at: at } = hook;
  const href = `#webhooks/${encodeURIComponent(id)}`;
  fill(element,
    h("div", { class: "plugin-row__who" },
      h("a", { class: "plugin-row__link", href, dir: "auto" }, webhookName(hook)),
      h("p", {}, h("bdi", { dir: "ltr" }, url))),
    h("div", { class: "plugin-row__state" }, webhookBadge(hook),
      why && h("span", { class: "webhook-row__why", dir: "auto" }, why)),
    h("dl", { class: "plugin-row__facts" },
      fact("webhookTypes", types.length > 0
        ? say("webhookTypesSome", { count: types.length })
        : say("webhookTypesAll")),
      fact("webhookCreated", at ? new Date(at).toLocaleDateString(strings.locale) : "–")),
    icon("forward", 16));
  if (hadFocus) /** @type {HTMLElement | null} */ (element.querySelector("a"))?.focus();
}

/** @param {string} key @param {string} value */
function fact(key, value) {
  return h("div", {}, h("dt", {}, say(key)), h("dd", {}, h("bdi", {}, value)));
}
