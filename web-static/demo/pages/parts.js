// @ts-check

import { h } from "../../shared/dom.js";

/**
 * @param {string} title
 * @param {string} lead
 * @param {...Node} actions
 */
export function head(title, lead, ...actions) {
  return h(
    "header",
    { class: "head" },
    h("div", {}, h("h1", {}, title), h("p", {}, lead)),
    h("div", { class: "head__actions" }, actions),
  );
}

/** @param {string} state */
export function chip(state) {
  const tone =
    {
      Paid: "good",
      "On track": "good",
      Sent: "info",
      "Waiting for client": "info",
      Overdue: "bad",
      "Payment failed": "bad",
      "Over budget": "bad",
    }[state] ?? "info";
  return h("span", { class: `chip chip--${tone}` }, state);
}

/**
 * @param {string[]} columns
 * @param {(Node | string)[][]} rows
 */
export function table(columns, rows) {
  return h("div", { class: "card card--flush" }, h("table", {},
    h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))),
    h(
      "tbody",
      {},
      rows.map((row) =>
        h(
          "tr",
          {},
          row.map((cell, index) => h("td", { dataset: { label: columns[index] } }, cell)),
        ),
      ),
    )));
}

/** @param {string} name */
export function face(name) {
  return h(
    "span",
    { class: "face", "aria-hidden": "true" },
    name.split(" ").map((part) => part.charAt(0)).join(""),
  );
}

/**
 * How much of something is used.
 * @param {number} used
 * @param {number} whole
 * @param {string} label
 */
export function bar(used, whole, label) {
  const share = Math.min(100, Math.round((100 * used) / whole));
  const fill = h("i", {});
  fill.style.setProperty("inline-size", `${share}%`);
  return h(
    "span",
    { class: used > whole ? "bar bar--over" : "bar", role: "img", "aria-label": label },
    fill,
  );
}
