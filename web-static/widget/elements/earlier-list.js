// @ts-check

import { dayName, timeOfDay } from "../../shared/clock.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/**
 * The customer's conversations of before.
 * @param {HTMLElement} element
 * @param {import("../../shared/strings.js").Strings} strings
 * @param {{c: string, updated_at: string, status: string, preview?: any}[]} rows
 * @param {{open: (c: string) => void, back: () => void}} behaviour
 */
export function showEarlier(element, strings, rows, { open, back }) {
  fill(
    element,
    h(
      "button",
      { class: "earlier__back", type: "button", onclick: back },
      icon("back", 18),
      strings.say("backToChat"),
    ),
    h("h2", { class: "earlier__title" }, strings.say("earlier")),
    rows.length === 0 ? h("p", { class: "earlier__none" }, strings.say("noEarlier")) : null,
    h("ul", { class: "earlier__rows" }, rows.map((row) =>
      h("li", {}, h("button", { class: "earlier__row", type: "button", onclick: () => open(row.c) },
        h("span", { class: "earlier__words" },
          h("span", { class: "earlier__preview", dir: "auto" }, previewText(row.preview)),
          h("span", { class: "earlier__status", dataset: { status: row.status } },
            strings.say(statusKey(row.status)))),
        h("time", { datetime: row.updated_at }, when(row.updated_at, strings.locale)))))),
  );
}

/** @param {any} preview */
function previewText(preview) {
  const text = typeof preview === "string" ? preview : preview?.text;
  return text || "…";
}

/** @param {string} status */
function statusKey(status) {
  if (status === "resolved") return "statusEnded";
  if (status === "queued") return "statusQueued";
  return status === "bot" ? "statusBot" : "statusOpen";
}

/** The time of a thing of today, else the day. @param {string} at @param {string} locale */
function when(at, locale) {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return isToday ? timeOfDay(at, locale) : dayName(at, Date.now(), locale);
}
