// @ts-check

/**
 * A `Storage`, or what stands in for one and tells its keys by `names`.
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem"> & {names?: () => string[]}
 *   } ValueStorage
 */

/**
 * A few named values that outlive the page where the browser allows it, and the page's memory
 * where it does not.
 */
export class KeptValues {
  /** @type {Map<string, string>} */
  #memory = new Map();
  #prefix;
  #storage;

  /**
   * @param {string} scope
   * @param {() => ValueStorage} storage asked only when needed: merely touching it may throw
   */
  constructor(scope, storage) {
    this.#prefix = `maitred:${scope}:`;
    try {
      this.#storage = storage();
    } catch {
      this.#storage = null;
    }
  }

  /** @param {string} name @returns {any} the value, or null */
  get(name) {
    try {
      const text = this.#storage?.getItem(this.#prefix + name) ?? this.#memory.get(name);
      return text === undefined ? null : JSON.parse(text);
    } catch {
      return null;
    }
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    const text = JSON.stringify(value);
    this.#memory.set(name, text);
    try {
      this.#storage?.setItem(this.#prefix + name, text);
    } catch {
      // Full or forbidden: memory has it for as long as the page lives.
    }
  }

  /** @param {string} name */
  remove(name) {
    this.#memory.delete(name);
    try {
      this.#storage?.removeItem(this.#prefix + name);
    } catch {
      // As above.
    }
  }

  /** Forgets every value of this scope. */
  clear() {
    this.#memory.clear();
    try {
      const storage = this.#storage;
      const names = typeof storage?.names === "function"
        ? storage.names()
        : Object.keys(storage ?? {});
      for (const key of names) if (key.startsWith(this.#prefix)) storage?.removeItem(key);
    } catch {
      // As above.
    }
  }
}
