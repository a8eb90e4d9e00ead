// @ts-check

import { namesOf } from "./own.js";

/**
 * How many letters must be changed, added or left out to make one word of another.
 * @param {string} one
 * @param {string} other
 */
export function distance(one, other) {
  let row = [];
  for (let at = 0; at <= other.length; at += 1) row[at] = at;
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let at = 1; at <= other.length; at += 1) {
      const change = row[at - 1] + (one[line - 1] === other[at - 1] ? 0 : 1);
      next[at] = Math.min(change, row[at] + 1, next[at - 1] + 1);
    }
    row = next;
  }
  return row[other.length];
}

/**
 * The known name that somebody most likely meant, or null.
 * @param {string} name
 * @param {object} known its keys are the names
 * @returns {string | null}
 */
export function nearest(name, known) {
  const meant = name.slice(0, 40).toLowerCase();
  let best = null;
  let least = Math.max(2, Math.floor(meant.length / 3)) + 1;
  for (const key of namesOf(known)) {
    const far = distance(meant, key.toLowerCase());
    if (far >= least || far >= key.length) continue;
    best = key;
    least = far;
  }
  return best;
}

/**
 * @param {string} what such as "method"
 * @param {unknown} name
 * @param {object} known
 */
export function unknown(what, name, known) {
  const near = nearest(String(name), known);
  const hint = near ? ` Did you mean '${near}'?` : "";
  return new Error(`maitred: there is no ${what} '${String(name)}'.${hint}`);
}
