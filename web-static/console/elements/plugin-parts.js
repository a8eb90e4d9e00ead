// @ts-check

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { permissionWords, statusWords } from "../models/plugin-words.js";
import { say } from "../strings.js";

/** @param {{status: string}} plugin */
export function stateBadge({ status }) {
  const { key, tone } = statusWords(status);
  return h("span", { class: `badge badge--tone-${tone} state`, dataset: { status } }, say(key));
}

/**
 * A word with its tone, where something is not as it should be.
 * @param {{key: string, tone: string} | null} words
 */
export function tonedWord(words) {
  if (!words) return null;
  const isPlain = words.tone === "neutral";
  return h("span", { class: isPlain ? "" : `toned toned--${words.tone}` },
    !isPlain && icon("alert", 13), say(words.key));
}

/**
 * Why a plugin does not run, or what last went wrong: one click away.
 * @param {any} plugin
 * @param {boolean} isOpen
 * @returns {[button: HTMLElement | null, lines: HTMLElement | null]}
 */
export function whyParts({ id, name, status, error, sandbox_reasons: reasons = [] }, isOpen) {
  const lines = [...(error ? [error] : []), ...reasons];
  if (lines.length === 0) return [null, null];
  const isPast = status === "running" || status === "off";
  const region = h("div", { id: `why-${id}`, class: "why-not", hidden: !isOpen },
    lines.map((line) => h("p", { dir: "auto" }, line)));
  const button = h(
    "button",
    {
      class: "link-button why-not__button",
      type: "button",
      "aria-expanded": String(isOpen),
      "aria-controls": `why-${id}`,
      "aria-label": say(isPast && error ? "pluginLastFailureOf" : "pluginWhyOf", { name }),
      onclick: () => {
        region.hidden = !region.hidden;
        button.setAttribute("aria-expanded", String(!region.hidden));
      },
    },
    say(isPast && error ? "pluginLastFailure" : "pluginWhy"),
  );
  return [button, region];
}

/**
 * Whether somebody has asked why.
 * @param {HTMLElement} element that the button is in
 */
export function isWhyOpen(element) {
  return element.querySelector('.why-not__button[aria-expanded="true"]') !== null;
}

/**
 * @param {string[]} lines
 * @param {any} [schema] of the configuration
 */
export function permissionList(lines, schema) {
  return h("ul", { class: "permissions" }, lines.map((line) => {
    const words = permissionWords(line, schema);
    return h("li", {},
      icon(permissionIcon(line), 15),
      h("span", { title: line, dir: "auto" }, words ? say(...words) : line));
  }));
}

/**
 * @param {string} line
 * @returns {import("../../shared/icons.js").IconName}
 */
function permissionIcon(line) {
  if (line.startsWith("http")) return "out";
  if (line.startsWith("read")) return "eye";
  if (line.startsWith("write")) return "pen";
  if (line.startsWith("store")) return "inbox";
  return line === "schedule" ? "clock" : "plug";
}

/**
 * Names with their values; those without one are left out.
 * @param {[string, Node | string | null | undefined | false][]} pairs
 */
export function factPairs(pairs) {
  return h("dl", { class: "plugin__facts" }, pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, h("bdi", {}, value)))));
}

/**
 * @param {string} id
 * @param {string} title
 * @param {...(Node | null | false)} content
 */
export function card(id, title, ...content) {
  return h("section", { id, class: "card", "aria-labelledby": `${id}-title` },
    h("h3", { id: `${id}-title` }, title), ...content);
}
