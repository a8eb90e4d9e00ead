// @ts-check

import { namesOf } from "./own.js";

/** What is taken out before anything leaves the page, and how much may leave it. */

const secretKey = /pass|pwd|token|secret|card|ssn|cvc|cvv|iban|api.?key|credential|cookie/i;
const secretPair = /\b(\w*(?:pass|pwd|token|secret|card|ssn|api.?key)\w*)=[^&\s"']+/gi;
const jwt = /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g;
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;
const cardShaped = /\d(?:[ -]?\d){12,18}/g;
const removed = "[removed]";
const longestText = 512;
const longestKey = 64;

/** How many bytes a page's context may have, as JSON. */
export const contextLimit = 4096;
/** How many facts there may be. */
export const factsLimit = 64;

/** @param {string} name whether a fact of that name stays in the page */
export function isSecretKey(name) {
  return secretKey.test(name);
}

/**
 * A text without card numbers, tokens and what follows `password=`.
 * @param {unknown} text
 * @param {number} [most] how many characters are left of it
 */
export function cleanText(text, most = longestText) {
  return String(text)
    .slice(0, most * 2)
    .replace(secretPair, `$1=${removed}`)
    .replace(jwt, removed)
    .replace(bearer, `$1 ${removed}`)
    .replace(cardShaped, (digits) => (isCardNumber(digits) ? removed : digits))
    .slice(0, most);
}

/**
 * Facts that may leave the page: texts, numbers and booleans under names that are no secret.
 * @param {unknown} facts
 * @param {(why: string) => void} [warn] told of each that may not
 * @returns {Record<string, string | number | boolean>}
 */
export function cleanFacts(facts, warn = () => {}) {
  /** @type {Record<string, string | number | boolean>} */
  const clean = {};
  if (facts === null || typeof facts !== "object") return clean;
  let count = 0;
  for (const key of namesOf(facts)) {
    const value = /** @type {any} */ (facts)[key];
    const kind = typeof value;
    if (isSecretKey(key)) warn(`'${key}' looks secret and was left out.`);
    else if (key.length > longestKey) warn(`The name '${key}' is too long.`);
    else if (count >= factsLimit) warn(`'${key}' is more than ${factsLimit} facts.`);
    else if (kind === "string") clean[key] = cleanText(value);
    else if (kind === "boolean") clean[key] = value;
    else if (kind !== "number" || !isFinite(value)) {
      warn(`'${key}' is neither a text, a number nor a boolean, and was left out.`);
      continue;
    } else if (isCardNumber(String(value))) warn(`'${key}' looks like a card's number.`);
    else clean[key] = value;
    if (key in clean) count += 1;
  }
  return clean;
}

/**
 * As many facts as fit, the first ones first.
 * @param {Record<string, string | number | boolean>} facts
 * @param {number} room in bytes
 * @param {(why: string) => void} [warn]
 */
export function fitting(facts, room, warn = () => {}) {
  /** @type {typeof facts} */
  const kept = {};
  let left = room - 2;
  for (const key of namesOf(facts)) {
    const size = weigh(key) + weigh(String(facts[key])) + 6;
    if (size <= left) {
      kept[key] = facts[key];
      left -= size;
    } else warn(`'${key}' does not fit into ${contextLimit} bytes and was left out.`);
  }
  return kept;
}

/**
 * The bytes of a text within JSON, or a few more.
 * @param {string} text
 */
export function weigh(text) {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 || (code >= 0xd800 && code <= 0xdfff)) bytes += 6;
    else if (code === 34 || code === 92) bytes += 2;
    else bytes += code < 128 ? 1 : 3;
  }
  return bytes;
}

/**
 * Whether digits are the number of a payment card: its first digit, its length, Luhn's sum.
 * @param {string} text
 */
export function isCardNumber(text) {
  const digits = text.replace(/[ -]/g, "");
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false;
  let sum = 0;
  for (let at = digits.length - 1, isDouble = false; at >= 0; at -= 1, isDouble = !isDouble) {
    const digit = digits.charCodeAt(at) - 48;
    sum += isDouble ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}
