// @ts-check

import { keep, kept } from "./page-memory.js";

/**
 * The end of a session that the chat could not hear of. It is owed to the next frame of its site,
 * on whatever page of this origin that is; other sites' ends are owed apart from it.
 */
export class OwedEnd {
  #name;
  #isTold = false;

  /** @param {string} site */
  constructor(site) {
    this.#name = `ended:${site}`;
  }

  /** @param {boolean} isOwed */
  mark(isOwed) {
    keep(this.#name, isOwed ? "1" : "");
  }

  /** For the greeting of a frame: whether it is to end what it finds. */
  tell() {
    return (this.#isTold = kept(this.#name) === "1");
  }

  /** The frame is there. One that was greeted before the end was owed knows nothing of it. */
  heard() {
    if (this.#isTold) this.mark(false);
  }
}
