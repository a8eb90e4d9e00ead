// @ts-check

/**
 * What the server takes, from the site's configuration.
 * @typedef {object} UploadRules
 * @property {number} limit of one file, in bytes
 * @property {string[]} [types] media types; none means that the server decides
 */

/**
 * A file that will go with the next message.
 * @typedef {object} Attachment
 * @property {string} key
 * @property {File} file
 * @property {"waiting" | "sending" | "done" | "failed"} state
 * @property {number} progress from 0 to 1
 * @property {string} [code] why it failed
 * @property {boolean} [isTemporary] whether to try again makes sense
 * @property {UploadedFile} [uploaded]
 */

/** @typedef {{upload_id: string} & import("./files.js").SharedFile} UploadedFile */

/**
 * Sends one file: its progress goes to `onProgress`; it ends when `signal` says so.
 * @callback Upload
 * @param {File} file
 * @param {(progress: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<UploadedFile>} rejects with a `WireError`
 */

export const mostFiles = 10;
const atOnce = 2;

/** The files that go with the next message, from the moment they are chosen. No DOM, no network. */
export class Attachments {
  /** @type {Attachment[]} */
  items = [];
  /** @type {Map<string, AbortController>} */
  #running = new Map();
  #rules;
  #upload;
  #onChange;
  #nextKey = 0;

  /**
   * @param {object} options
   * @param {UploadRules} options.rules
   * @param {Upload} options.upload
   * @param {() => void} options.onChange
   */
  constructor({ rules, upload, onChange }) {
    this.#rules = rules;
    this.#upload = upload;
    this.#onChange = onChange;
  }

  get isBusy() {
    return this.items.some(({ state }) => state === "waiting" || state === "sending");
  }

  get hasFailed() {
    return this.items.some(({ state }) => state === "failed");
  }

  get uploaded() {
    return this.items.flatMap(({ uploaded }) => uploaded ?? []);
  }

  /**
   * @param {Iterable<File>} files
   * @returns {number} how many found no room
   */
  add(files) {
    const chosen = [...files];
    const room = Math.max(0, mostFiles - this.items.length);
    for (const file of chosen.slice(0, room)) {
      const code = this.#faultOf(file);
      this.items.push({
        key: `file-${(this.#nextKey += 1)}`,
        file,
        state: code ? "failed" : "waiting",
        progress: 0,
        code,
      });
    }
    this.#go();
    return Math.max(0, chosen.length - room);
  }

  /** @param {string} key */
  retry(key) {
    const item = this.items.find((each) => each.key === key);
    if (item?.state !== "failed") return;
    this.#wait(item);
    this.#go();
  }

  /** The connection is back: what failed for want of one is sent again. */
  resume() {
    for (const item of this.items) if (item.code === "disconnected") this.#wait(item);
    this.#go();
  }

  /** @param {string} key */
  remove(key) {
    this.#running.get(key)?.abort();
    this.items = this.items.filter((item) => item.key !== key);
    this.#go();
  }

  /** Gives what was uploaded to a message; what failed stays. @returns {UploadedFile[]} */
  take() {
    const { uploaded } = this;
    this.items = this.items.filter((item) => !item.uploaded);
    this.#onChange();
    return uploaded;
  }

  clear() {
    for (const { key } of [...this.items]) this.remove(key);
  }

  /** @param {Attachment} item */
  #wait(item) {
    item.state = "waiting";
    item.progress = 0;
    delete item.code;
  }

  /** @param {File} file */
  #faultOf({ size, type }) {
    if (size === 0) return "empty";
    if (size > this.#rules.limit) return "too_large";
    const types = this.#rules.types ?? [];
    // The server looks inside; without a declared type only it can tell.
    return type && types.length > 0 && !types.includes(type.split(";")[0])
      ? "unsupported_media"
      : undefined;
  }

  #go() {
    for (const item of this.items) {
      if (this.#running.size >= atOnce) break;
      if (item.state === "waiting") void this.#send(item);
    }
    this.#onChange();
  }

  /** @param {Attachment} item */
  async #send(item) {
    const abort = new AbortController();
    this.#running.set(item.key, abort);
    item.state = "sending";
    try {
      const report = (/** @type {number} */ progress) => {
        item.progress = progress;
        this.#onChange();
      };
      item.uploaded = await this.#upload(item.file, report, abort.signal);
      item.progress = 1;
      item.state = "done";
    } catch (error) {
      const { code = "internal", temporary = true } = /** @type {any} */ (error);
      item.state = "failed";
      item.code = code;
      item.isTemporary = temporary;
    }
    this.#running.delete(item.key);
    this.#go();
  }
}
