// @ts-check

/**
 * Keeps the children of an element in step with a list, touching only what changed: a live
 * region announces additions, and a person's place in the list survives.
 * @template Item
 */
export class KeyedList {
  #container;
  #key;
  #create;
  #update;
  /** @type {Map<string, HTMLElement>} */
  #elements = new Map();

  /**
   * @param {HTMLElement} container its children belong to the list alone
   * @param {object} behaviour
   * @param {(item: Item) => string} behaviour.key
   * @param {(item: Item) => HTMLElement} behaviour.create
   * @param {(element: HTMLElement, item: Item) => void} [behaviour.update]
   */
  constructor(container, { key, create, update }) {
    this.#container = container;
    this.#key = key;
    this.#create = create;
    this.#update = update;
  }

  /** @param {Item[]} items */
  show(items) {
    const next = new Map();
    /** @type {ChildNode | null} */
    let place = this.#container.firstChild;
    for (const item of items) {
      const key = this.#key(item);
      const element = this.#elements.get(key) ?? this.#create(item);
      this.#update?.(element, item);
      next.set(key, element);
      if (element === place) place = place.nextSibling;
      else this.#container.insertBefore(element, place);
    }
    for (const [key, element] of this.#elements) if (!next.has(key)) element.remove();
    this.#elements = next;
  }

  /** @param {string} key */
  element(key) {
    return this.#elements.get(key) ?? null;
  }

  clear() {
    this.show([]);
  }
}
