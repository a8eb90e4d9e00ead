// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { webhookName, webhookWords } from "../models/webhook-words.js";
import { say, strings } from "../strings.js";
import { OfficeList, rowFact } from "./office-list.js";

/**
 * All endpoints that are told of what happens here.
 * @param {object} behaviour
 * @param {() => void} behaviour.retry
 * @param {(() => void) | null} behaviour.add nothing for those who may not
 */
export function webhookList({ retry, add }) {
  const body = h("ul", {
    class: "plugin-rows webhook-rows",
    "aria-labelledby": "webhooks-title",
  });
  const rows = new KeyedList(body, {
    key: (/** @type {any} */ hook) => hook.id,
    create: (hook) => h("li", { class: "plugin-row webhook-row", dataset: { id: hook.id } }),
    update: drawRow,
  });
  const action = add && h(
    "button",
    {
      id: "webhook-add",
      class: "button button--primary office__add",
      type: "button",
      onclick: add,
    },
    say("webhookAdd"),
  );
  const draw = (/** @type {any[]} */ hooks) => rows.show(hooks);
  return new OfficeList("webhooks", { body, picture: "link", draw, retry, action });
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
      rowFact(say("webhookTypes"), types.length > 0
        ? say("webhookTypesSome", { count: types.length })
        : say("webhookTypesAll")),
      rowFact(say("webhookCreated"), at && new Date(at).toLocaleDateString(strings.locale))),
    icon("forward", 16));
  if (hadFocus) /** @type {HTMLElement | null} */ (element.querySelector("a"))?.focus();
}
