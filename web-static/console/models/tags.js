// @ts-check

const prefix = "intent:";

/** What a conversation was about when it was none of the intents. */
export const noIntent = "none";

/**
 * The intent that somebody said it was about, `none` for none of them; null when nobody has.
 * @param {string[]} [tags]
 */
export function meaningOf(tags = []) {
  const said = tags.filter((tag) => tag.startsWith(prefix)).at(-1);
  return said?.slice(prefix.length) || null;
}

/**
 * The tags that agents sort conversations by.
 * @param {string[]} [tags]
 */
export function ordinaryTags(tags = []) {
  return tags.filter((tag) => !tag.startsWith(prefix));
}

/**
 * What to order so that a conversation is said to be about one intent and no other.
 * @param {string[] | undefined} tags those it has
 * @param {string | null} intent null takes back what was said
 */
export function meaningOrder(tags, intent) {
  const wanted = intent && prefix + intent;
  const others = (tags ?? []).filter((tag) => tag.startsWith(prefix) && tag !== wanted);
  return tagOrder(wanted ? [wanted] : [], others);
}

/**
 * The fields of a `tag` frame, which has no empty lists.
 * @param {string[]} add
 * @param {string[]} remove
 * @returns {{add?: string[], remove?: string[]}}
 */
export function tagOrder(add, remove) {
  return { ...(add.length ? { add } : {}), ...(remove.length ? { remove } : {}) };
}
