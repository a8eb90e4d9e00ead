// @ts-check

/** @typedef {import("./assist-words.js").Words} Words */

/**
 * What became of one message's translation.
 * @typedef {object} Translation
 * @property {"working" | "done" | "failed"} state
 * @property {string} text the translation, once it is done
 * @property {boolean} isOriginalSeen whether the original is shown above it
 * @property {Words | null} trouble why there is none
 */

/** @type {(changes: Partial<Translation>) => Translation} */
const made = (changes) =>
  ({ state: "working", text: "", isOriginalSeen: false, trouble: null, ...changes });

/**
 * The translations of one conversation's messages: those that somebody asked for, and once all of
 * them are wanted also those that come.
 */
export class Translations {
  /** Whether every message is to be translated. */
  wantsAll = false;
  /** @type {Map<string, Translation>} by message */
  #all = new Map();

  /** @param {string} m @returns {Translation | null} */
  of(m) {
    return this.#all.get(m) ?? null;
  }

  get isEmpty() {
    return this.#all.size === 0;
  }

  /**
   * Whether a message is to be translated without anybody asking for it by name.
   * @param {string} m
   */
  isDue(m) {
    return this.wantsAll && !this.#all.has(m);
  }

  /**
   * @param {string} m
   * @returns {boolean} whether it has to be asked for: not when it is there or on its way
   */
  begin(m) {
    const before = this.#all.get(m);
    if (before && before.state !== "failed") return false;
    this.#all.set(m, made({}));
    return true;
  }

  /** @param {string} m @param {{text?: string, reason?: string | null}} answer */
  end(m, { text = "", reason }) {
    const trouble = reason ? ["translationNoneWhy", { why: reason }] : ["translationNone"];
    this.#all.set(m, text.trim()
      ? made({ state: "done", text: text.trim() })
      : made({ state: "failed", trouble: /** @type {Words} */ (trouble) }));
  }

  /** @param {string} m @param {Words} trouble */
  fail(m, trouble) {
    this.#all.set(m, made({ state: "failed", trouble }));
  }

  /** Shows the original of a translated message, or hides it again. @param {string} m */
  turn(m) {
    const translation = this.#all.get(m);
    if (translation) translation.isOriginalSeen = !translation.isOriginalSeen;
  }

  /** Forgets those that are on their way. */
  stop() {
    for (const [m, { state }] of this.#all) if (state === "working") this.#all.delete(m);
  }

  /** @param {boolean} isSeen whether the originals of all that is translated are shown */
  turnAll(isSeen) {
    for (const translation of this.#all.values()) translation.isOriginalSeen = isSeen;
  }
}
