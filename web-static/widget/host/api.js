// @ts-check

import { unknown } from "./near.js";
import { namesOf, own } from "./own.js";

/**
 * The names of `window.maitred` and what they take; `maitred.d.ts` says the same to TypeScript.
 * A question mark is for what may be left out.
 */

/** @type {Record<string, string[]>} */
export const methods = {
  boot: ["options?"],
  ready: [],
  shutdown: [],
  open: [],
  close: [],
  toggle: [],
  show: [],
  hide: [],
  context: ["declaration?"],
  update: ["scopes"],
  track: ["text", "object?"],
  identify: ["identity"],
  compose: ["text"],
  ask: ["text"],
  locale: ["text"],
  theme: ["theme"],
  on: ["event", "function"],
};

export const events = {
  open: true,
  close: true,
  unread: true,
  "message:sent": true,
  "message:received": true,
  connection: true,
  error: true,
};

/** @type {Record<string, string>} */
export const options = {
  site: "text",
  locale: "text",
  theme: "theme",
  colour: "colour",
  base: "text",
  preload: "flag",
  title: "flag",
  sound: "flag",
  errors: "flag",
  query: "list",
  debug: "flag",
  identify: "identity",
  beforeSend: "function",
};

/** @type {Record<string, {is: (value: any) => boolean, words: string}>} */
const kinds = {
  text: { is: (value) => typeof value === "string" && value.trim() !== "", words: "a text" },
  flag: { is: (value) => typeof value === "boolean", words: "true or false" },
  list: { is: (value) => Array.isArray(value) && areTexts(value), words: "a list of texts" },
  function: { is: (value) => typeof value === "function", words: "a function" },
  object: { is: isObject, words: "an object" },
  theme: {
    is: (value) => value === "auto" || value === "light" || value === "dark",
    words: "'auto', 'light' or 'dark'",
  },
  colour: {
    is: (value) => typeof value === "string" && /^#[\da-f]{6}$/i.test(value),
    words: "a colour such as '#0d6662'",
  },
  identity: {
    is: (value) => value === null || typeof value === "string" || typeof value === "function",
    words: "a function that returns a JWT or another text, a text, or null",
  },
};

/** The fields of arguments that are objects, by the kind of the argument. */
const shapes = /** @type {Record<string, Record<string, string>>} */ ({
  options,
  declaration: { page: "text", facts: "object" },
  scopes: { contact: "object", conversation: "object" },
});

/**
 * Throws what a developer needs to know about a call that cannot be meant.
 * @param {unknown} method
 * @param {any[]} values
 */
export function check(method, values) {
  if (typeof method !== "string" || !own.has(methods, method)) {
    throw unknown("method", method, methods);
  }
  const takes = methods[method];
  for (let at = takes.length; at < values.length; at += 1) {
    if (values[at] === undefined) continue;
    const most = takes.length === 0 ? "nothing" : `at most ${takes.length}`;
    throw new TypeError(`maitred: '${method}' takes ${most}.`);
  }
  for (let at = 0; at < takes.length; at += 1) {
    const isOptional = takes[at].endsWith("?");
    const kind = isOptional ? takes[at].slice(0, -1) : takes[at];
    if (values[at] === undefined && isOptional) continue;
    checkValue(`'${method}'`, kind, values[at]);
  }
}

/**
 * The options that a script element's `data-` attributes stand for.
 * @param {Record<string, string | undefined>} data
 * @param {(why: string) => void} warn told of each that cannot be meant
 */
export function fromData(data, warn) {
  /** @type {Record<string, any>} */
  const found = {};
  for (const name of namesOf(options)) {
    const text = data[name];
    if (text === undefined || (text === "" && options[name] !== "flag")) continue;
    const kind = options[name];
    const value = kind === "flag" ? (text === "" ? true : flags[text] ?? text)
      : kind === "list" ? text.split(/[\s,]+/)
      : text;
    if (kinds[kind].is(value) && kind !== "identity") found[name] = value;
    else warn(`data-${name} must be ${kinds[kind].words}.`);
  }
  return found;
}

/** @type {Record<string, boolean>} */
const flags = { true: true, false: false };

/** @param {string} where @param {string} kind @param {any} value */
function checkValue(where, kind, value) {
  if (kind === "event") {
    if (typeof value === "string" && own.has(events, value)) return;
    throw unknown("event", value, events);
  }
  const shape = shapes[kind];
  const { is, words } = kinds[shape ? "object" : kind];
  if (!is(value)) throw new TypeError(`maitred: ${where} takes ${words}, not ${nameOf(value)}.`);
  if (!shape) return;
  for (const name of namesOf(value)) {
    if (value[name] === undefined) continue;
    if (!own.has(shape, name)) throw unknown(`option of ${where} called`, name, shape);
    checkValue(`${name} of ${where}`, shape[name], value[name]);
  }
}

/** @param {any} value */
function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** @param {any[]} values */
function areTexts(values) {
  for (const value of values) if (typeof value !== "string") return false;
  return true;
}

/** What a value is, in words. @param {any} value */
export function nameOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value === "") return "an empty text";
  if (typeof value === "string") return `'${value.slice(0, 40)}'`;
  return typeof value === "object" ? "an object" : typeof value;
}
