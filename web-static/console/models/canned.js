// @ts-check

/** @typedef {{id: string, title: string, text: string}} CannedReply */

/**
 * The canned replies that fit what was typed after the slash: titles that begin so first.
 * @param {CannedReply[]} replies
 * @param {string} query
 * @returns {CannedReply[]}
 */
export function matchingReplies(replies, query) {
  const wanted = query.trim().toLocaleLowerCase();
  const rank = (/** @type {CannedReply} */ { title, text }) => {
    const name = title.toLocaleLowerCase();
    if (name.startsWith(wanted)) return 0;
    if (name.includes(wanted)) return 1;
    return text.toLocaleLowerCase().includes(wanted) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, 8)
    .map(({ reply }) => reply);
}

/**
 * What was typed after a slash at the very start of the field; null when it does not ask.
 * @param {string} text
 */
export function slashQuery(text) {
  const match = /^\/([^\n]{0,40})$/.exec(text);
  return match ? match[1] : null;
}

/**
 * Puts facts into a reply's `{{places}}`. A place without a fact is left empty, and the spaces
 * around it are closed.
 * @param {string} text
 * @param {Record<string, string | null | undefined>} facts
 */
export function filledIn(text, facts) {
  return text
    .replace(/\s?\{\{\s*([\w.]+)\s*\}\}/g, (place, name) => {
      const fact = facts[name];
      return fact ? (place.startsWith("{") ? fact : place.charAt(0) + fact) : "";
    })
    .trim();
}
