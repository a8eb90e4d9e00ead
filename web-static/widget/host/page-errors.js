// @ts-check

import { own } from "./own.js";
import { cleanText } from "./redaction.js";

/** How many errors of one page load are told. */
const most = 10;
/** In milliseconds: another one within that is not told. */
const pause = 5000;

/**
 * The last error of the page's own scripts, for pages that asked for it: the message without
 * markup or secrets, and a hash that is the same wherever the same line failed.
 */
export class PageErrors {
  #page;
  #changed;
  #count = 0;
  #at = -pause;
  /** @type {{path: string, message: string, stack: string} | null} */
  #last = null;
  /** @type {(event: any) => void} */
  #hear;

  /** @param {any} page the window @param {() => void} changed */
  constructor(page, changed) {
    this.#page = page;
    this.#changed = changed;
    this.#hear = (event) => {
      const error = event.type === "error" ? event.error ?? event.message : event.reason;
      this.note(error, page.location.pathname, page.performance.now());
    };
    own.listen(page, "error", this.#hear);
    own.listen(page, "unhandledrejection", this.#hear);
  }

  /**
   * @param {unknown} error
   * @param {string} path
   * @param {number} now
   */
  note(error, path, now) {
    const message = messageOf(error);
    const stack = hash(stackOf(error) || message);
    // Scripts of other origins tell nothing of themselves.
    if (message === "" || /^Script error/.test(message)) return;
    if (stack === this.#last?.stack || this.#count >= most || now - this.#at < pause) return;
    this.#count += 1;
    this.#at = now;
    this.#last = { path, message, stack };
    this.#changed();
  }

  /**
   * The error of that page, as facts.
   * @param {string} path
   * @returns {Record<string, string>}
   */
  facts(path) {
    if (this.#last?.path !== path) return {};
    return { last_error: this.#last.message, last_error_stack: this.#last.stack };
  }

  forget() {
    this.#last = null;
  }

  stop() {
    own.unlisten(this.#page, "error", this.#hear);
    own.unlisten(this.#page, "unhandledrejection", this.#hear);
  }
}

/** @param {any} error */
function messageOf(error) {
  const isObject = error !== null && typeof error === "object";
  const text = isObject ? `${error.name ?? "Object"}: ${error.message ?? ""}` : String(error);
  return cleanText(text.replace(/<[^>]*>?/g, "<…>").replace(/\s+/g, " "), 200);
}

/** @param {any} error */
function stackOf(error) {
  if (error === null || typeof error !== "object") return "";
  // The same line of the same script, whatever its address was asked with.
  return String(error.stack ?? "").replace(/[?#][^\s:)]*/g, "").slice(0, 4000);
}

/**
 * FNV-1a over the letters of a text.
 * @param {string} text
 */
export function hash(text) {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value.toString(16).padStart(8, "0");
}
