// @ts-check

import { fill, h } from "../../../shared/dom.js";

const confirmedFor = 2_500;

/**
 * A button that copies a text and says whether it could.
 * @param {string} label
 * @param {() => string} text
 * @param {Record<string, any>} [attributes]
 */
export function copyButton(label, text, attributes = {}) {
  const words = h("span", { "aria-live": "polite" }, label);
  /** @type {any} */
  let timer = 0;
  const say = (/** @type {string} */ what) => {
    fill(words, what);
    clearTimeout(timer);
    timer = setTimeout(() => fill(words, label), confirmedFor);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      say("Copied");
    } catch {
      say("Not allowed: select it");
    }
  };
  const shared = { type: "button", class: "button button--quiet", onclick: copy };
  return h("button", { ...shared, ...attributes }, words);
}
