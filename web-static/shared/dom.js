// @ts-check

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. `on…` functions become listeners, `dataset` its data attributes, `class` its
 * class; other values become attributes (`true` an empty one, `false` and null none).
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...visible(children));
  return element;
}

/**
 * Replaces what an element shows.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...visible(children));
}

/**
 * The element of that id, which the page must have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byID(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}

/** @param {(Child | Child[])[]} children */
function visible(children) {
  return /** @type {(Node | string)[]} */ (
    children.flat().filter((child) => child !== null && child !== undefined && child !== false)
  );
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {any} value
 */
function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on") && typeof value === "function") {
    element.addEventListener(name.slice(2), value);
  } else if (name === "dataset") {
    for (const [key, data] of Object.entries(value)) {
      if (data !== null && data !== undefined) {
        /** @type {HTMLElement} */ (element).dataset[key] = String(data);
      }
    }
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}
