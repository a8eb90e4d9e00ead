// @ts-check

/** Waits between attempts to connect: full jitter under a doubling limit, from 0.5 s to 30 s. */
export class Backoff {
  #attempt = 0;
  #floor;
  #ceiling;
  #random;

  /** @param {{floor?: number, ceiling?: number, random?: () => number}} options */
  constructor({ floor = 500, ceiling = 30_000, random = Math.random } = {}) {
    this.#floor = floor;
    this.#ceiling = ceiling;
    this.#random = random;
  }

  /** The next wait in milliseconds. */
  next() {
    this.#attempt = Math.min(this.#attempt + 1, 16);
    const limit = Math.min(this.#ceiling, this.#floor * 2 ** this.#attempt);
    return Math.round(this.#floor + this.#random() * (limit - this.#floor));
  }

  /**
   * A wait that the server asked for, spread by a quarter either way so that clients do not
   * return in step.
   * @param {number} ms
   */
  hinted(ms) {
    return Math.round(ms * (0.75 + this.#random() * 0.5));
  }

  /** Starts again from the shortest wait, after a connection that worked. */
  reset() {
    this.#attempt = 0;
  }
}
