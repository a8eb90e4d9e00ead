// @ts-check

/**
 * A clock that a test moves by hand.
 * @implements {import("../../shared/clock.js").Clock}
 */
export class ManualClock {
  #now = 1_000_000;
  #nextID = 0;
  /** @type {Map<number, {at: number, run: () => void}>} */
  #timers = new Map();

  now() {
    return this.#now;
  }

  /** @param {number} ms @param {() => void} run */
  after(ms, run) {
    const id = (this.#nextID += 1);
    this.#timers.set(id, { at: this.#now + ms, run });
    return () => void this.#timers.delete(id);
  }

  get waiting() {
    return this.#timers.size;
  }

  /** Moves on without running anything, as a computer that sleeps. @param {number} ms */
  sleep(ms) {
    this.#now += ms;
  }

  /** Moves on, running what falls due in its order. @param {number} ms */
  async advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers]
        .filter(([, timer]) => timer.at <= end)
        .sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].run();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets every promise that can be kept be kept. */
export function settle() {
  return new Promise((resolve) => setImmediate(resolve));
}
