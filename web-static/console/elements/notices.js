// @ts-check

import { byID, fill, h } from "../../shared/dom.js";
import { say } from "../strings.js";

/** @typedef {import("../../shared/connection.js").ConnectionState} ConnectionState */

let hideToast = 0;

/**
 * Says something for six seconds.
 * @param {string} text
 */
export function showToast(text) {
  const toast = byID("toast");
  toast.hidden = false;
  toast.textContent = text;
  clearTimeout(hideToast);
  hideToast = window.setTimeout(() => (toast.hidden = true), 6000);
}

/**
 * Says that a request did not do what it should.
 * @param {unknown} error
 */
export function showFailure(error) {
  showToast(error instanceof Error ? error.message : String(error));
}

/**
 * Says to screen readers only.
 * @param {string} text
 */
export function announce(text) {
  byID("announce").textContent = text;
}

/**
 * The line that tells of a lost connection. While it comes back the line stays as it is.
 * @param {ConnectionState} state
 * @param {string} reason
 * @param {() => void} again
 */
export function showConnection(state, reason, again) {
  document.documentElement.dataset.connection = state;
  if (state === "connecting") return;
  const line = byID("connection");
  const words = connectionWords(state, reason);
  line.hidden = words === "";
  fill(
    line,
    words,
    state === "stopped" &&
      h("button", { class: "link-button", type: "button", onclick: again }, say("again")),
  );
}

/** @param {ConnectionState} state @param {string} reason */
function connectionWords(state, reason) {
  if (state === "waiting") return say("lost");
  if (state !== "stopped" || reason === "normal") return "";
  return reason === "replaced" ? say("replaced") : say("stopped", { reason });
}
