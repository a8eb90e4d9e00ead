// @ts-check

import { ThreadModel } from "./models/thread-model.js";

/** @typedef {import("../shared/connection.js").Frame} Frame */

/** Briefings change with every event; one is fetched once things have been quiet for so long. */
const briefingAfter = 600;

/** The conversation that is open at the desk: follows it, asks for what is missing, is briefed. */
export class OpenThread {
  model;
  /** @type {any} */
  briefing = null;
  #connection;
  #api;
  #onChange;
  #timer = 0;
  #readTold = 0;
  #isLeft = false;

  /**
   * @param {string} c
   * @param {object} parts
   * @param {import("../shared/connection.js").Connection} parts.connection
   * @param {import("./api.js").Api} parts.api
   * @param {() => void} parts.onChange
   */
  constructor(c, { connection, api, onChange }) {
    this.model = new ThreadModel(c, onChange);
    this.#connection = connection;
    this.#api = api;
    this.#onChange = onChange;
  }

  get c() {
    return this.model.c;
  }

  get last() {
    return this.model.timeline.last;
  }

  /** @param {string} agent */
  isOf(agent) {
    return this.model.owner.kind === "agent" && this.model.owner.id === agent;
  }

  /** After every welcome. Rejects when the server refuses. */
  async follow() {
    void this.brief();
    await this.#connection.request("sub", { c: this.c, d: { after: this.last } });
  }

  leave() {
    this.#isLeft = true;
    clearTimeout(this.#timer);
    this.#connection.send("unsub", { c: this.c });
  }

  /**
   * @param {Frame} frame
   * @returns {Frame[]} the events that can be shown now
   */
  receive(frame) {
    const { added, missing } = this.model.receive(frame);
    if (missing) void this.sync();
    if (added.length > 0) {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.brief(), briefingAfter);
    }
    return added;
  }

  async sync() {
    if (this.model.isSyncing) return;
    this.model.isSyncing = true;
    await this.#connection
      .request("sync", { c: this.c, d: { after: this.last } })
      .catch(() => {});
    this.model.isSyncing = false;
  }

  /**
   * Too much was missed to be replayed: fetched page by page instead.
   * @param {(frame: Frame) => void} take
   */
  async refetch(take) {
    for (let more = true; more && !this.#isLeft; ) {
      const before = this.last;
      const page = await this.#api
        .get(`/v1/conversations/${this.c}/events?after=${before}&limit=200`)
        .catch(() => ({}));
      for (const frame of page.events ?? []) take({ ...frame, c: this.c });
      more = page.more === true && this.last > before;
    }
    this.#onChange();
  }

  async brief() {
    const briefing = await this.#api.get(`/v1/conversations/${this.c}/briefing`).catch(() => null);
    if (!briefing || this.#isLeft) return;
    this.briefing = briefing;
    this.#onChange();
  }

  /** Tells the customer that what they wrote was read. */
  read() {
    const upto = this.model.lastOfCustomer;
    if (upto <= this.#readTold) return;
    if (this.#connection.send("read", { c: this.c, d: { upto } })) this.#readTold = upto;
  }
}
