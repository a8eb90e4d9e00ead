// @ts-check

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { say, strings } from "../strings.js";

/**
 * A person's first letter on a tint of their own.
 * @param {{id?: string, name?: string | null}} person
 */
export function avatar({ id = "", name }) {
  const tint = [...id].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 5, 0);
  const letter = (name ?? "").trim().charAt(0).toLocaleUpperCase();
  return h(
    "span",
    { class: `avatar avatar--${tint}`, "aria-hidden": "true" },
    letter || icon("person", 18),
  );
}

/**
 * What to call a customer who may not have said their name.
 * @param {{id: string, name?: string | null, email?: string | null} | undefined} contact
 */
export function contactName(contact) {
  if (contact?.name) return contact.name;
  if (contact?.email) return contact.email;
  return `${say("visitor")} ${(contact?.id ?? "").slice(-4)}`.trim();
}

/** @param {string} status */
export function statusBadge(status) {
  return h("span", { class: `badge badge--${status}` }, say(status));
}

/**
 * @param {number} mood from -1 to 1
 * @returns {"moodGood" | "moodNeutral" | "moodLow" | "moodBad"}
 */
export function moodWord(mood) {
  if (mood >= 1) return "moodGood";
  if (mood > -1) return "moodNeutral";
  return mood > -2.3 ? "moodLow" : "moodBad";
}

/** @param {number} share @param {number} [digits] behind the point, at most */
export function percent(share, digits = 0) {
  return `${Number((share * 100).toFixed(digits))} %`;
}

/**
 * A language by its name.
 * @param {string} code
 */
export function languageName(code) {
  try {
    return new Intl.DisplayNames(strings.locale, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * A value of a fact as text.
 * @param {any} value
 * @returns {string}
 */
export function factText(value) {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.map(factText).join(", ");
  if (typeof value !== "object") return String(value);
  return Object
    .entries(value)
    .map(([name, each]) => `${name.replaceAll("_", " ")}: ${factText(each)}`)
    .join(", ");
}
