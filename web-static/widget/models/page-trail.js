// @ts-check

const longest = 10;

/**
 * The pages the customer was on, until there is a session to tell them to. Numbered across page
 * loads and tabs, so that a late one never overwrites a newer one.
 */
export class PageTrail {
  /** @type {object | null} the page they are on */
  current = null;
  #kept;
  #perTab;

  /**
   * @param {import("../../shared/storage.js").KeptValues} kept shared by the tabs
   * @param {import("../../shared/storage.js").KeptValues} perTab
   */
  constructor(kept, perTab) {
    this.#kept = kept;
    this.#perTab = perTab;
  }

  /**
   * @param {object} context
   * @returns {object} the same with its number
   */
  arrive(context) {
    const n = Number(this.#kept.get("n") ?? 0) + 1;
    this.#kept.set("n", n);
    this.current = { ...context, n };
    this.#perTab.set("trail", [...this.#waiting(), this.current].slice(-longest));
    return this.current;
  }

  /** What was not told yet, oldest first. Afterwards it counts as told. */
  take() {
    const waiting = this.#waiting();
    this.#perTab.remove("trail");
    return waiting;
  }

  clear() {
    this.#perTab.remove("trail");
    this.current = null;
  }

  /** @returns {object[]} */
  #waiting() {
    return this.#perTab.get("trail") ?? [];
  }
}
