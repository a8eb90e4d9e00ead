// @ts-check

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { KeyedList } from "./keyed-list.js";
import { isPicture, sizeWords } from "./files.js";

/** @typedef {import("./attachments.js").Attachment} Attachment */
/** @typedef {import("./strings.js").Strings} Strings */

const thumbnail = 80;

/**
 * The files that go with the next message: how far each is, what is wrong with it, and the ways
 * on. Emits `retry` and `remove` with the `key` of a file.
 */
export class AttachmentTray extends EventTarget {
  element = h("ul", { id: "tray", class: "tray", hidden: true });
  /** Says what a screen reader should hear: the beginning, the half, the end, a failure. */
  status = h("p", { class: "visually-hidden", role: "status" });
  #strings;
  #limit;
  #list;
  /** @type {Map<string, string>} */
  #said = new Map();

  /** @param {Strings} strings @param {number} limit of one file, in bytes */
  constructor(strings, limit) {
    super();
    this.#strings = strings;
    this.#limit = limit;
    this.element.setAttribute("aria-label", strings.say("attachments"));
    this.#list = new KeyedList(this.element, {
      key: (/** @type {Attachment} */ { key }) => key,
      create: (item) => this.#create(item),
      update: (element, item) => this.#update(element, item),
    });
  }

  /** @param {Attachment[]} items */
  show(items) {
    this.element.hidden = items.length === 0;
    this.#list.show(items);
    for (const item of items) this.#announce(item);
  }

  /** @param {Attachment} item */
  #create({ key, file }) {
    const label = (/** @type {string} */ what) => this.#strings.say(what, { name: file.name });
    const picture = h("span", { class: "tray__picture", "aria-hidden": "true" },
      icon(isPicture(file) ? "image" : "page", 20));
    if (isPicture(file)) void drawThumbnail(file, picture);
    return h(
      "li",
      { class: "tray__item", dataset: { key } },
      picture,
      h("span", { class: "tray__words" },
        h("span", { class: "tray__name" }, h("bdi", {}, file.name)),
        h("span", { class: "tray__detail" }),
        h("progress", { class: "tray__progress", max: "1", value: "0",
          "aria-label": label("uploading") })),
      h("button", {
        class: "tray__button tray__retry",
        type: "button",
        "aria-label": label("retryFile"),
        onclick: () => this.#emit("retry", key),
      }, icon("retry", 16)),
      h("button", {
        class: "tray__button tray__remove",
        type: "button",
        "aria-label": label("removeFile"),
        onclick: () => this.#emit("remove", key),
      }, icon("close", 16)),
    );
  }

  /** @param {HTMLElement} element @param {Attachment} item */
  #update(element, item) {
    const { state, progress } = item;
    element.dataset.state = state;
    const bar = /** @type {HTMLProgressElement} */ (element.querySelector(".tray__progress"));
    bar.hidden = state === "done" || state === "failed";
    bar.value = progress;
    const detail = /** @type {HTMLElement} */ (element.querySelector(".tray__detail"));
    const text = state === "failed" ? this.#fault(item) : this.#size(item);
    if (detail.textContent !== text) detail.textContent = text;
    const retry = /** @type {HTMLElement} */ (element.querySelector(".tray__retry"));
    retry.hidden = !(state === "failed" && item.isTemporary);
  }

  /** @param {Attachment} item */
  #size({ file, state, progress }) {
    const size = sizeWords(file.size, this.#strings.locale);
    if (state !== "sending") return size;
    const part = new Intl.NumberFormat(this.#strings.locale, { style: "percent" }).format(progress);
    return `${size} · ${part}`;
  }

  /** @param {Attachment} item */
  #fault({ code = "" }) {
    const say = (/** @type {string} */ key, values = {}) => this.#strings.say(key, values);
    switch (code) {
      case "too_large":
        return say("fileTooLarge", { limit: sizeWords(this.#limit, this.#strings.locale) });
      case "unsupported_media": return say("fileType");
      case "empty": return say("fileEmpty");
      case "disconnected": return say("fileOffline");
      default: return say("fileFailed");
    }
  }

  /** @param {Attachment} item */
  #announce(item) {
    const { key, file, state, progress } = item;
    const step = state === "sending" && progress >= 0.5 ? "half" : state;
    if (this.#said.get(key) === step || step === "waiting") return;
    this.#said.set(key, step);
    const words = {
      sending: () => this.#strings.say("uploading", { name: file.name }),
      half: () => this.#strings.say("uploadedHalf", { name: file.name }),
      done: () => this.#strings.say("uploaded", { name: file.name }),
      failed: () => `${file.name}: ${this.#fault(item)}`,
    };
    this.status.textContent = words[/** @type {"done"} */ (step)]();
  }

  /** @param {string} name @param {string} key */
  #emit(name, key) {
    const element = this.#list.element(key);
    if (name === "remove") {
      this.#said.delete(key);
      // The button goes away with its file and must not take the focus with it.
      const next = element?.nextElementSibling ?? element?.previousElementSibling;
      /** @type {HTMLElement | null | undefined} */ (next?.querySelector(".tray__remove"))?.focus();
    }
    this.dispatchEvent(new CustomEvent(name, { detail: { key } }));
  }
}

/**
 * Draws a small copy of a picture. What cannot be read keeps its icon.
 * @param {File} file
 * @param {HTMLElement} place
 */
async function drawThumbnail(file, place) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return;
  const canvas = h("canvas", { width: thumbnail, height: thumbnail });
  const side = Math.min(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(
    bitmap,
    (bitmap.width - side) / 2,
    (bitmap.height - side) / 2,
    side,
    side,
    0,
    0,
    thumbnail,
    thumbnail,
  );
  bitmap.close();
  fill(place, canvas);
}
