// @ts-check

/**
 * The browser's own functions as `loader.js` found them. The page may have changed them since:
 * whatever makes elements, listens, waits or posts goes through these.
 * @typedef {object} Own
 * @property {(parent: Node, child: Node) => void} append
 * @property {(element: Element, name: string, value: string) => void} attribute
 * @property {(page: null, timer: any) => void} cancel
 * @property {typeof MessageChannel} Channel
 * @property {(document: Document, tag: string) => HTMLElement} create
 * @property {(element: HTMLElement) => void} focus
 * @property {(object: object, key: string) => boolean} has
 * @property {(page: null, run: () => void, delay: number) => any} later
 * @property {(target: EventTarget, name: string, run: (event: any) => void, options?: any) =>
 *   void} listen
 * @property {typeof MutationObserver} Observer
 * @property {(port: MessagePort, message: any) => void} post
 * @property {typeof Promise} Promise
 * @property {(element: Element) => void} remove
 * @property {(port: MessagePort) => void} start
 * @property {(target: EventTarget, name: string, run: (event: any) => void) => void} unlisten
 */

/** @type {Own} filled once, before anything uses it */
export const own = /** @type {any} */ ({});

/** @param {Own} taken */
export function adopt(taken) {
  for (const name in taken) /** @type {any} */ (own)[name] = /** @type {any} */ (taken)[name];
}

/**
 * The names of an object's own fields: pages have been seen to give all objects more of them, and
 * to replace the browser's ways to list them.
 * @param {object} object
 */
export function namesOf(object) {
  /** @type {string[]} */
  const names = [];
  for (const name in object) if (own.has(object, name)) names[names.length] = name;
  return names;
}
