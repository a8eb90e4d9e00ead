// @ts-check

import { fill, h } from "../../shared/dom.js";
import { shortTime } from "../models/plugin-words.js";
import { deliveryWords, readable } from "../models/webhook-words.js";
import { say, strings } from "../strings.js";

/** @param {any} delivery */
export function newDelivery({ id }) {
  return h("li", { class: "delivery", dataset: { id } });
}

/**
 * Draws a delivery, unless nothing of it has changed; what somebody has opened stays open.
 * @param {HTMLElement} element
 * @param {any} delivery
 * @param {((id: number) => void) | null} replay nothing for those who may not
 */
export function drawDelivery(element, delivery, replay) {
  const state = JSON.stringify(delivery);
  if (element.dataset.state === state) return;
  element.dataset.state = state;
  const active = document.activeElement;
  const held = active && element.contains(active) ? active.className : "";
  const isOpen = element.querySelector('[aria-expanded="true"]') !== null;
  const { id, type, at, attempts = [] } = delivery;
  const { key, tone } = deliveryWords(delivery.state);
  const region = h("div", { id: `delivery-${id}`, class: "delivery__more", hidden: !isOpen });
  // What nobody has opened is not drawn.
  const open = () => fill(region, inFull(delivery, replay));
  if (isOpen) open();
  const button = h(
    "button",
    {
      class: "delivery__head",
      type: "button",
      "aria-expanded": String(isOpen),
      "aria-controls": region.id,
      onclick: () => {
        region.hidden = !region.hidden;
        button.setAttribute("aria-expanded", String(!region.hidden));
        if (!region.hidden) open();
      },
    },
    h("span", { class: `badge badge--tone-${tone} state` }, say(key)),
    h("span", { class: "delivery__type" }, say(type), " ", h("code", { dir: "ltr" }, type)),
    h("span", { class: "delivery__tries" }, say("deliveryAttempts", { count: attempts.length })),
    timeOf(at),
  );
  fill(element, button, region);
  if (held) {
    const same = [...element.querySelectorAll("button, pre")].find((x) => x.className === held);
    /** @type {HTMLElement} */ (same ?? button).focus();
  }
}

/** @param {any} delivery @param {((id: number) => void) | null} replay @returns {Node[]} */
function inFull({ id, event, type, at, due, attempts = [], body, state }, replay) {
  const parts = [
    h("p", { class: "delivery__event" }, say("deliveryEvent"), " ",
      h("code", { dir: "ltr" }, event)),
    state === "pending" && due && h("p", {}, say("deliveryDue", { at: moment(due) })),
    h("h4", {}, say("deliveryTried")),
    attempts.length > 0
      ? h("ol", { class: "attempts" }, attempts.map(drawAttempt))
      : h("p", { class: "panel__none" }, say("deliveryNoAttempts")),
    h("h4", {}, say("deliverySent")),
    h(
      "pre",
      {
        class: "delivery__body",
        dir: "ltr",
        tabindex: "0",
        role: "group",
        "aria-label": say("deliverySent"),
      },
      readable(body ?? ""),
    ),
    replay && h(
      "button",
      {
        class: "button button--small delivery__replay",
        type: "button",
        "aria-label": say("deliveryReplayOf", { type: say(type), at: moment(at) }),
        onclick: () => replay(id),
      },
      say("deliveryReplay"),
    ),
  ];
  return /** @type {Node[]} */ (parts.filter(Boolean));
}

/** @param {any} attempt */
function drawAttempt({ at, status, error, ms, body }) {
  const isFine = status >= 200 && status < 300;
  return h("li", {},
    timeOf(at),
    h("span", { class: isFine ? "" : "toned toned--bad" },
      status ? h("bdi", {}, String(status)) : say("deliveryNoAnswer")),
    Number.isFinite(ms) && h("bdi", {}, shortTime(ms)),
    error && h("p", { dir: "auto" }, error),
    body && h("p", { class: "attempts__answer" }, say("deliveryAnswered"), ": ",
      h("code", { dir: "auto" }, body)));
}

/** @param {number} at */
function timeOf(at) {
  return h("time", { datetime: new Date(at).toISOString(), dir: "ltr" }, moment(at));
}

/** @param {number | string} at */
function moment(at) {
  return new Date(at).toLocaleString(strings.locale, { dateStyle: "short", timeStyle: "medium" });
}
