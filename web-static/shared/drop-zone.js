// @ts-check

import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Takes files that are dropped anywhere on the chat, and says so while they are above it.
 * @param {HTMLElement} area
 * @param {string} words
 * @param {(files: FileList) => void} take
 */
export function dropZone(area, words, take) {
  const cover = h("div", { class: "drop", hidden: true, "aria-hidden": "true" },
    h("div", { class: "drop__words" }, icon("clip", 28), words));
  area.append(cover);
  const hasFiles = (/** @type {DragEvent} */ { dataTransfer }) =>
    dataTransfer?.types.includes("Files") ?? false;
  // Entering a part of the area is told before the part around it is left.
  let depth = 0;
  area.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth += 1;
    cover.hidden = false;
  });
  area.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  area.addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    cover.hidden = depth === 0;
  });
  area.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    cover.hidden = true;
    if (event.dataTransfer) take(event.dataTransfer.files);
  });
}
