// @ts-check

/**
 * One conversation as lists show it: the `d` of `inbox.delta`.
 * @typedef {object} Row
 * @property {string} c
 * @property {{key: string, name: string}} site
 * @property {{id: string, name: string | null, email?: string | null}} contact
 * @property {string} status
 * @property {{kind: string, id?: string, name?: string}} owner
 * @property {{kind: string, text: string} | null} [preview]
 * @property {number} s
 * @property {string} updated_at
 * @property {string | null} [waiting_since]
 * @property {string | null} [page]
 * @property {string | null} [title]
 * @property {string | null} [intent]
 * @property {number | null} [mood]
 * @property {number | null} [priority]
 * @property {string[]} [tags]
 */

/** @typedef {"mine" | "queue" | "bot" | "all" | "resolved"} Filter */

/** @type {readonly Filter[]} */
export const filters = Object.freeze(["mine", "queue", "bot", "all", "resolved"]);

/** Every conversation this console has heard of, and the lists made of them. */
export class InboxModel {
  /** The position in the log up to which rows are known. */
  feed = 0;
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #me = "";
  /** @type {Map<string, number>} */
  #seen = new Map();

  /** @param {string} me the agent whose inbox it is */
  constructor(me) {
    this.#me = me;
  }

  /** @param {import("../../shared/connection.js").Frame} frame an `inbox.delta` */
  receive(frame) {
    if (typeof frame.f === "number") this.feed = Math.max(this.feed, frame.f);
    if (frame.d?.c) this.add(frame.d);
  }

  /** @param {Row} row */
  add(row) {
    const known = this.#rows.get(row.c);
    // A list fetched earlier may arrive after a newer change.
    if (known && known.s > row.s) return;
    this.#rows.set(row.c, row);
  }

  /** The server's log is another one. */
  reset() {
    this.feed = 0;
    this.#rows.clear();
  }

  /** @param {string} c */
  row(c) {
    return this.#rows.get(c) ?? null;
  }

  /** @param {Row} row */
  isMine(row) {
    return row.owner?.kind === "agent" && row.owner.id === this.#me;
  }

  /** @param {string} c @param {number} s */
  markSeen(c, s) {
    this.#seen.set(c, Math.max(s, this.#seen.get(c) ?? 0));
  }

  /**
   * Whether a customer wrote to me and I have not looked.
   * @param {Row} row
   */
  isUnseen(row) {
    return this.isMine(row) && row.preview?.kind === "customer" &&
      row.s > (this.#seen.get(row.c) ?? 0);
  }

  /**
   * @param {Filter} filter
   * @returns {Row[]} the queue by how long they wait, everything else newest first
   */
  list(filter) {
    const rows = [...this.#rows.values()].filter((row) => this.#belongs(row, filter));
    const waiting = (/** @type {Row} */ row) => Date.parse(row.waiting_since ?? row.updated_at);
    if (filter === "queue") return rows.sort((a, b) => waiting(a) - waiting(b));
    return rows.sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at));
  }

  /** @returns {Record<Filter, number>} */
  get counts() {
    const counted = filters.map((filter) => [filter, this.list(filter).length]);
    return Object.fromEntries(counted);
  }

  get unseenCount() {
    return [...this.#rows.values()].filter((row) => this.isUnseen(row)).length;
  }

  /**
   * @param {Row} row
   * @param {Filter} filter
   */
  #belongs(row, filter) {
    switch (filter) {
      case "mine":
        return this.isMine(row) && row.status !== "resolved";
      case "queue":
        return row.status === "queued";
      case "bot":
        return row.status === "bot";
      case "resolved":
        return row.status === "resolved";
      default:
        return row.status !== "resolved";
    }
  }
}
