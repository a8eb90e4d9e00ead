// @ts-check

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { boxOf, isPicture, sizeWords } from "./files.js";

/** @typedef {import("./files.js").SharedFile} SharedFile */
/** @typedef {import("./strings.js").Strings} Strings */

/**
 * Where files are: calls back with each new address, while the element is shown.
 * @typedef {(id: string, use: (url: string) => void, isShown: () => boolean) => void} FindFile
 */

/**
 * The files of a message, each a link that opens it in a tab of its own.
 * @param {Strings} strings
 * @param {SharedFile[]} files
 * @param {FindFile} find
 */
export function messageFiles(strings, files, find) {
  return h("ul", { class: "files", "aria-label": strings.say("files") },
    files.map((file) => h("li", {},
      isPicture(file) ? picture(strings, file, find) : attachment(strings, file, find))));
}

/**
 * @param {Strings} strings
 * @param {SharedFile} file
 * @param {FindFile} find
 */
function picture(strings, file, find) {
  const { width, height } = boxOf(file);
  const frame = link("files__picture", file, [icon("image", 24)]);
  // The place is kept free in the shape of the image, however narrow the chat is.
  frame.style.setProperty("inline-size", `${width}px`);
  frame.style.setProperty("aspect-ratio", `${width} / ${height}`);
  frame.setAttribute("aria-label", strings.say("openImage", { name: file.name }));
  let image = /** @type {HTMLImageElement | null} */ (null);
  follow(file, frame, find, (url) => {
    if (image) return;
    image = h("img", { alt: "", width, height, decoding: "async" });
    image.addEventListener("load", () => image && fill(frame, image));
    image.addEventListener("error", () => (image = null));
    image.src = `${url}${url.includes("?") ? "&" : "?"}inline=1`;
  });
  return frame;
}

/**
 * @param {Strings} strings
 * @param {SharedFile} file
 * @param {FindFile} find
 */
function attachment(strings, file, find) {
  const chip = link("files__file", file, [
    icon("page", 20),
    h("span", { class: "files__words" },
      h("span", { class: "files__name" }, h("bdi", {}, file.name)),
      h("span", { class: "files__size" }, sizeWords(file.size, strings.locale))),
  ]);
  follow(file, chip, find, () => {});
  return chip;
}

/**
 * A link that leads nowhere until it is known where the file is.
 * @param {string} name
 * @param {SharedFile} file
 * @param {(Node | string)[]} children
 */
function link(name, file, children) {
  return h("a", {
    class: name,
    target: "_blank",
    rel: "noopener noreferrer",
    title: file.name,
    dataset: { file: file.id },
  }, children);
}

/**
 * @param {SharedFile} file
 * @param {HTMLAnchorElement} element
 * @param {FindFile} find
 * @param {(url: string) => void} use
 */
function follow(file, element, find, use) {
  if (!file.id) return;
  find(file.id, (url) => {
    element.href = isPicture(file) ? `${url}${url.includes("?") ? "&" : "?"}inline=1` : url;
    use(url);
  }, () => element.isConnected);
}
