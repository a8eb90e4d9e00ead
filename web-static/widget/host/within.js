// @ts-check

import { own } from "./own.js";

/**
 * The outcome of some work, or a failure once it takes too long. Nothing here calls `then`, which
 * pages have been seen to replace.
 * @template T
 * @param {number} limit in milliseconds
 * @param {string} late what is said then
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export function within(limit, late, work) {
  return new own.Promise((resolve, reject) => {
    const timer = own.later(null, () => reject(new Error(late)), limit);
    const run = async () => {
      try {
        resolve(await work());
      } catch (error) {
        reject(error);
      } finally {
        own.cancel(null, timer);
      }
    };
    run();
  });
}
