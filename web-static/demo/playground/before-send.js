// @ts-check

import { listOf } from "./options.js";

/** @typedef {import("./options.js").Settings} Settings */

/**
 * What the example of `beforeSend` leaves of something that is about to leave the page.
 * @param {any} sent
 * @param {Settings} settings
 * @returns {any} null when it is held back
 */
export function looked(sent, settings) {
  const path = String(settings.holdBack);
  if (path && sent.url_path?.startsWith(path)) return null;
  const kept = sent.kind === "context" ? "facts" : "data";
  const left = { ...sent[kept] };
  for (const name of listOf(String(settings.leaveOut))) delete left[name];
  return { ...sent, [kept]: left };
}

/**
 * The same as a developer would write it.
 * @param {Settings} settings
 * @param {string} indent
 */
export function code(settings, indent) {
  const path = String(settings.holdBack);
  const names = listOf(String(settings.leaveOut));
  return [
    "(sent) => {",
    path ? `  if (sent.url_path?.startsWith(${JSON.stringify(path)})) return null;` : "",
    names.length > 0
      ? `  for (const name of ${JSON.stringify(names)}) delete (sent.facts ?? sent.data)[name];`
      : "",
    "  return sent;",
    "}",
  ].filter((line) => line !== "").join(`\n${indent}`);
}
