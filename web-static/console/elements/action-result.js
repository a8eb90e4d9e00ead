// @ts-check

import { safeURL } from "../../shared/blocks.js";
import { h } from "../../shared/dom.js";
import { resultParts } from "../models/panels.js";
import { say } from "../strings.js";
import { drawTable, fields, link } from "./panel-blocks.js";
import { factText } from "./parts.js";

/**
 * What came of an action.
 * @param {any} output
 * @param {object} options
 * @param {string} options.title of the action
 * @param {((text: string) => void) | null} options.insert puts a text into the reply
 * @returns {Node[]}
 */
export function drawResult(output, { title, insert }) {
  const { summary, fields: pairs, tables } = resultParts(output);
  const address = pairs.map(([, value]) => value).find((value) => isAddress(value));
  return [
    h("p", { class: "result__summary", dir: "auto" }, summary || say("actionDone")),
    ...(pairs.length > 0
      ? [fields(pairs.map(([name, value]) => [words(name), shown(value)]))]
      : []),
    ...tables.map(({ name, columns, rows }) =>
      drawTable(columns.map(words), rows.map((row) => row.map(cell)), `${title}: ${words(name)}`)),
    ...(address && insert
      ? [h("button", { class: "link-button", type: "button", onclick: () => insert(address) },
        say("actionInsert"))]
      : []),
  ];
}

/**
 * What was entered, as a list.
 * @param {Record<string, any>} input
 * @param {any} [schema]
 */
export function drawInput(input, schema) {
  const pairs = Object.entries(input ?? {}).filter(([, value]) => value !== "" && value !== null);
  if (pairs.length === 0) return null;
  return fields(pairs.map(([name, value]) =>
    [schema?.properties?.[name]?.title ?? words(name), cell(value)]));
}

/** @param {any} value */
function shown(value) {
  return isAddress(value) ? link(value, value) : cell(value);
}

/** @param {any} value */
function isAddress(value) {
  return typeof value === "string" && /^https?:/i.test(value) && safeURL(value) !== null;
}

/** @param {any} value @returns {string} */
function cell(value) {
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return value === null || value === undefined ? "" : factText(value);
}

/** @param {string} name */
function words(name) {
  return name.replaceAll("_", " ");
}
