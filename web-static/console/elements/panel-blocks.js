// @ts-check

import { safeURL } from "../../shared/blocks.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { say } from "../strings.js";

/**
 * What a panel's buttons ask for.
 * @callback Ask
 * @param {{action: string, title: string, input: Record<string, any>, isForm: boolean}} wish
 */

/**
 * The blocks of a plugin's panel. Nothing a plugin says ever becomes HTML by being parsed: every
 * text is a text node, every address is looked at again although the server has done so.
 * @param {any[]} blocks
 * @param {object} context
 * @param {string} context.id what the ids of its buttons begin with
 * @param {string} context.title of the panel
 * @param {Ask} context.ask
 * @param {(action: string) => boolean} context.isGrave
 * @returns {HTMLElement[]}
 */
export function drawBlocks(blocks, context) {
  /** @type {HTMLElement[]} */
  const drawn = [];
  for (const [index, block] of blocks.entries()) {
    const element = drawBlock(block, { ...context, id: `${context.id}-${index}` });
    if (!element) continue;
    // Badges and buttons that follow one another share a line.
    const row = rowOf(block);
    const last = drawn.at(-1);
    if (row && last?.className === row) last.append(element);
    else drawn.push(row ? h("div", { class: row }, element) : element);
  }
  return drawn;
}

/** @param {any} block */
function rowOf({ type }) {
  if (type === "badge") return "tool__badges";
  return type === "button" || type === "form" ? "tool__buttons" : "";
}

/**
 * @param {any} block
 * @param {{id: string, title: string, ask: Ask, isGrave: (action: string) => boolean}} context
 * @returns {HTMLElement | null} null for a type this version does not know
 */
function drawBlock(block, { id, title, ask, isGrave }) {
  switch (block?.type) {
    case "text":
      return h("p", { class: "tool__text", dir: "auto" }, text(block.text));
    case "badge":
      return h("span", { class: `badge badge--tone-${tone(block)}` },
        h("bdi", {}, text(block.text)));
    case "fields":
      return fields(list(block.fields).map(({ name, value }) => [text(name), text(value)]));
    case "table":
      return drawTable(list(block.columns), list(block.rows), title);
    case "link":
      return link(block.url, text(block.title) || text(block.url));
    case "image":
      return image(block);
    case "button":
    case "form":
      return button(block, id, ask, isGrave(block.action));
    case "divider":
      return h("hr", { class: "tool__divider" });
    default:
      return null;
  }
}

/** @param {[string, string | Node][]} pairs */
export function fields(pairs) {
  return h("dl", { class: "facts" }, pairs.map(([name, value]) =>
    h("div", {}, h("dt", { dir: "auto" }, name), h("dd", { dir: "auto" }, value))));
}

/**
 * A table that scrolls on its own where it is too wide.
 * @param {any[]} columns
 * @param {any[][]} rows
 * @param {string} title
 */
export function drawTable(columns, rows, title) {
  const names = columns.map(text);
  return h("div", { class: "tool__table", role: "region", "aria-label": title, tabindex: "0" },
    h("table", {},
      names.some(Boolean) &&
        h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, list(row).map(drawCell))))));
}

/** @param {any} cell */
function drawCell(cell) {
  const words = text(cell);
  const isLink = /^https:\/\//.test(words);
  // A date or an amount is read in one piece; only what is long is broken.
  return h("td", { class: words.length <= 20 && "tool__short", dir: "auto" },
    isLink ? link(words, words) : words);
}

/** @param {unknown} url @param {string} words */
export function link(url, words) {
  const safe = safeURL(url);
  if (!safe) return h("span", {}, words);
  return h(
    "a",
    { class: "tool__link", href: safe, target: "_blank", rel: "noopener noreferrer", dir: "auto" },
    words,
    icon("out", 12),
  );
}

/** @param {any} block */
function image({ url, alt }) {
  const safe = safeURL(url);
  // Pages of the console load pictures from secure places only.
  if (!safe || !/^(https:|\/)/i.test(safe)) return link(url, text(alt) || text(url));
  const attributes = { src: safe, alt: text(alt), loading: "lazy", referrerpolicy: "no-referrer" };
  return h("img", { class: "tool__image", ...attributes });
}

/**
 * @param {any} block
 * @param {string} id
 * @param {Ask} ask
 * @param {boolean} isGrave
 */
function button(block, id, ask, isGrave) {
  const action = text(block.action);
  const title = text(block.title) || action;
  const input = block.input && typeof block.input === "object" ? block.input : {};
  return h(
    "button",
    {
      id,
      class: `button button--small${isGrave ? " button--grave" : ""}`,
      type: "button",
      dataset: { action },
      title: isGrave ? say("actionConfirm") : null,
      onclick: () => ask({ action, title, input, isForm: block.type === "form" }),
    },
    isGrave && icon("alert", 14),
    h("span", { dir: "auto" }, block.type === "form" ? `${title}…` : title),
  );
}

/** @param {any} block */
function tone({ tone }) {
  return ["good", "warning", "bad"].includes(tone) ? tone : "neutral";
}

/** @param {any} value @returns {string} */
function text(value) {
  return value === null || value === undefined ? "" : String(value);
}

/** @param {any} value @returns {any[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}
