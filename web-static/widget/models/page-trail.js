// @ts-check

const longest = 10;

/**
 * The pages the customer was on, until a conversation knows of them. Numbered across page loads and
 * tabs, so that a late one never overwrites a newer one.
 *
 * Once a conversation is over, where its customer goes is nobody's business: nothing is kept
 * until they open the chat or write again.
 */
export class PageTrail {
  /** @type {{n: number} | null} the page they are on */
  current = null;
  /** The number of the last page that was told on this connection. */
  #told = 0;
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

  /** Whether nothing is kept, in any tab. */
  get isPaused() {
    return this.#kept.get("over")?.on === true;
  }

  /**
   * @param {object} context
   * @returns {object | null} the same with its number; null when it is not kept
   */
  arrive(context) {
    if (this.isPaused) return null;
    const n = Number(this.#kept.get("n") ?? 0) + 1;
    this.#kept.set("n", n);
    this.current = { ...context, n };
    this.#perTab.set("trail", [...this.#waiting(), this.current].slice(-longest));
    return this.current;
  }

  /** Whether the customer has been on a newer page in another tab. */
  get isOvertaken() {
    return this.current !== null && Number(this.#kept.get("n") ?? 0) > this.current.n;
  }

  /** What was not told yet, oldest first. Afterwards it counts as told. */
  take() {
    const untold = this.#untold;
    this.#told = untold.at(-1)?.n ?? this.#told;
    return untold;
  }

  /** There is another connection, on which nothing was told: the server kept none of it. */
  again() {
    this.#told = 0;
  }

  /** What was told is in a conversation. */
  settle() {
    if (this.#waiting().length > this.#untold.length) this.#perTab.set("trail", this.#untold);
  }

  /**
   * A conversation is over. Its end counts once: a later look at it pauses nothing.
   * @param {string} c
   * @param {number} s its last event
   */
  pause(c, s) {
    const over = this.#kept.get("over");
    if (over?.c === c && over.s >= s) return;
    this.#kept.set("over", { c, s, on: true });
    this.clear();
  }

  /** The customer opens the chat or writes. */
  resume() {
    const over = this.#kept.get("over");
    if (over?.on) this.#kept.set("over", { ...over, on: false });
  }

  clear() {
    this.#perTab.remove("trail");
    this.current = null;
  }

  get #untold() {
    return this.#waiting().filter(({ n }) => n > this.#told);
  }

  /** @returns {{n: number}[]} */
  #waiting() {
    return this.#perTab.get("trail") ?? [];
  }
}
