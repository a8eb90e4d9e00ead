// @ts-check

/** @typedef {{intent: string, title: string}} NamedIntent */

/** An intent's id as words: `billing.duplicate_charge` → `billing · duplicate charge`. */
export function intentWords(/** @type {string | null | undefined} */ intent) {
  return (intent ?? "").replaceAll(".", " · ").replaceAll("_", " ");
}

/** What customers may mean, by the titles that the workspace gives it. */
export class Intents {
  /**
   * Titles to pick from, each of them once, in the order of the alphabet; a new list after every
   * change.
   */
  options = /** @type {readonly NamedIntent[]} */ ([]);
  /** @type {Map<string, string>} */
  #titles = new Map();

  /** @param {NamedIntent[]} intents */
  replace(intents) {
    this.#titles = new Map(intents.map(({ intent, title }) => [intent, title]));
    const taken = new Set();
    this.options = intents
      .map(({ intent, title }) => {
        const isShared = taken.has(folded(title));
        taken.add(folded(title));
        return { intent, title: isShared ? `${title} (${intentWords(intent)})` : title };
      })
      .sort((a, b) => a.title.localeCompare(b.title));
  }

  /** @param {string | null | undefined} intent */
  title(intent) {
    return this.#titles.get(intent ?? "") || intentWords(intent);
  }

  /**
   * The intent that somebody has written out, by its title or its id.
   * @param {string} text
   */
  named(text) {
    const wanted = folded(text);
    const isNamed = (/** @type {NamedIntent} */ { intent, title }) =>
      folded(title) === wanted || folded(intent) === wanted;
    return this.options.find(isNamed)?.intent ?? null;
  }
}

/** @param {string} text */
function folded(text) {
  return text.trim().toLocaleLowerCase();
}
