// @ts-check

import { systemClock } from "./clock.js";

const repeatEvery = 3_000;
const quietAfter = 4_000;

/** Tells others that we type: at most once in three seconds, and "off" after four of quiet. */
export class TypingSignal {
  #tell;
  #clock;
  #toldAt = -Infinity;
  #on = false;
  /** @type {() => void} */
  #cancel = () => {};

  /**
   * @param {(on: boolean) => void} tell
   * @param {import("./clock.js").Clock} [clock]
   */
  constructor(tell, clock = systemClock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  /**
   * The text changed.
   * @param {string} text
   */
  changed(text) {
    if (text.trim() === "") return this.stop();
    const now = this.#clock.now();
    if (!this.#on || now - this.#toldAt >= repeatEvery) {
      this.#on = true;
      this.#toldAt = now;
      this.#tell(true);
    }
    this.#cancel();
    this.#cancel = this.#clock.after(quietAfter, () => this.stop());
  }

  /** The text was sent or given up. */
  stop() {
    this.#cancel();
    if (!this.#on) return;
    this.#on = false;
    this.#toldAt = -Infinity;
    this.#tell(false);
  }
}
