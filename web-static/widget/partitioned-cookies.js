// @ts-check

const year = 31_536_000;

/**
 * A `Storage` of sorts for frames whose browser refuses them every other one.
 *
 * Where third-party storage is blocked, as Debian's Chromium does by default, a cookie that is
 * partitioned by the page around the frame is still allowed: it says nothing across sites. Its
 * path keeps it out of every request but that for the frame itself.
 */
export class PartitionedCookies {
  #document;
  #path;

  /** @param {{cookie: string}} document @param {string} path */
  constructor(document, path) {
    this.#document = document;
    this.#path = path;
  }

  /** @param {string} key @returns {string | null} */
  getItem(key) {
    const name = `${encodeURIComponent(key)}=`;
    const pair = this.#document.cookie.split("; ").find((each) => each.startsWith(name));
    return pair ? decodeURIComponent(pair.slice(name.length)) : null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.#write(key, encodeURIComponent(value), year);
  }

  /** @param {string} key */
  removeItem(key) {
    this.#write(key, "", 0);
  }

  /** The keys of what is kept. */
  names() {
    return this.#document.cookie.split("; ").map((pair) => decodeURIComponent(pair.split("=")[0]));
  }

  /** @param {string} key @param {string} value @param {number} age */
  #write(key, value, age) {
    this.#document.cookie = `${encodeURIComponent(key)}=${value}; Path=${this.#path}; ` +
      `Max-Age=${age}; SameSite=None; Secure; Partitioned`;
  }
}
