// @ts-check

import { WireError } from "./wire-error.js";

/** @typedef {import("./attachments.js").UploadedFile} UploadedFile */

/** How long before its end an address is renewed. */
const margin = 60_000;
const mostAtOnce = 50;

/** Sends files, and knows where files may be fetched from: addresses that hold for minutes. */
export class FileService {
  #credential;
  /** @type {Map<string, {use: (url: string) => void, isShown: () => boolean}[]>} */
  #wanted = new Map();
  /** @type {Map<string, string>} */
  #known = new Map();
  #isPlanned = false;
  #timer = 0;

  /** @param {() => Promise<Record<string, string>>} credential headers that say who asks */
  constructor(credential) {
    this.#credential = credential;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.#timer === 0) this.#plan();
    });
  }

  /**
   * Sends a file, with its progress.
   * @type {import("./attachments.js").Upload}
   */
  async upload(file, onProgress, signal) {
    const credential = await this.#credential().catch((error) => {
      throw error instanceof WireError ? error : WireError.disconnected();
    });
    return new Promise((resolve, reject) => {
      // Only this of the two ways to ask tells how much has left.
      const request = new XMLHttpRequest();
      request.open("POST", `/v1/uploads?name=${encodeURIComponent(file.name)}`);
      for (const [name, value] of Object.entries(credential)) request.setRequestHeader(name, value);
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.responseType = "json";
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        if (total > 0) onProgress(loaded / total);
      });
      request.addEventListener("load", () =>
        request.status === 201 && request.response?.upload_id
          ? resolve(request.response)
          : reject(refusal(request)));
      request.addEventListener("error", () => reject(WireError.disconnected()));
      request.addEventListener("abort", () => reject(WireError.disconnected()));
      signal.addEventListener("abort", () => request.abort());
      if (signal.aborted) return reject(WireError.disconnected());
      request.send(file);
    });
  }

  /**
   * Says where a file is, and says it again whenever the address is another one.
   * @param {string} id
   * @param {(url: string) => void} use
   * @param {() => boolean} isShown whether somebody may still follow it
   */
  link(id, use, isShown) {
    const uses = this.#wanted.get(id) ?? [];
    this.#wanted.set(id, [...uses, { use, isShown }]);
    const known = this.#known.get(id);
    if (known) use(known);
    else this.#plan();
  }

  /** Everything that is drawn in one go is asked for at once. */
  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      void this.#ask();
    });
  }

  async #ask() {
    for (const [id, uses] of this.#wanted) {
      if (this.#known.has(id) && !uses.some(({ isShown }) => isShown())) this.#wanted.delete(id);
    }
    const ids = [...this.#wanted.keys()];
    for (let start = 0; start < ids.length; start += mostAtOnce) {
      await this.#askFor(ids.slice(start, start + mostAtOnce)).catch(() => this.#again(15_000));
    }
  }

  /** @param {string[]} ids */
  async #askFor(ids) {
    const response = await fetch("/v1/files/links", {
      method: "POST",
      headers: { ...await this.#credential(), "Content-Type": "application/json" },
      body: JSON.stringify({ ids }),
      credentials: "same-origin",
    });
    if (!response.ok) throw new WireError({ status: response.status });
    const { links = {}, expires_at: end } = await response.json();
    for (const [id, url] of Object.entries(links)) {
      this.#known.set(id, String(url));
      for (const { use } of this.#wanted.get(id) ?? []) use(String(url));
    }
    this.#again(Math.max(15_000, (Date.parse(end) || 0) - Date.now() - margin));
  }

  /** @param {number} ms */
  #again(ms) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      if (document.visibilityState === "visible") this.#plan();
    }, ms);
  }
}

/** @param {XMLHttpRequest} request */
function refusal({ status, response }) {
  const codes = { 413: "too_large", 415: "unsupported_media" };
  return new WireError({
    code: codes[/** @type {413} */ (status)],
    temporary: status >= 500 || status === 429,
    ...(typeof response === "object" ? response : {}),
    status,
  });
}
