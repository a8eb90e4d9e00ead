// @ts-check

import { own } from "./own.js";

const patched = /** @type {const} */ (["pushState", "replaceState"]);

/**
 * Calls back whenever the page's address changes: by the Navigation API, or where there is none
 * by the events of the history and by wrapping its two functions.
 * @param {any} page the window
 * @param {() => void} changed
 * @returns {() => void} its end
 */
export function watchRoute(page, changed) {
  const { navigation, history } = page;
  if (navigation) {
    own.listen(navigation, "currententrychange", changed);
    return () => own.unlisten(navigation, "currententrychange", changed);
  }
  let isOver = false;
  /** @type {[string, Function, Function][]} */
  const wrapped = [];
  for (const name of patched) {
    const original = history[name];
    /** @this {any} @param {...any} state */
    const wrapper = function (...state) {
      const answer = Reflect.apply(original, this, state);
      if (!isOver) changed();
      return answer;
    };
    history[name] = wrapper;
    wrapped[wrapped.length] = [name, original, wrapper];
  }
  own.listen(page, "popstate", changed);
  own.listen(page, "hashchange", changed);
  return () => {
    isOver = true;
    // Somebody who wrapped ours after us would be cut off: then it stays, without effect.
    for (const [name, original, wrapper] of wrapped) {
      if (history[name] === wrapper) history[name] = original;
    }
    own.unlisten(page, "popstate", changed);
    own.unlisten(page, "hashchange", changed);
  };
}
