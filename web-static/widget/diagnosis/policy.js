// @ts-check

/** What a page's content security policy has to say for the chat, and what a violation means. */

/**
 * @typedef {object} Violation
 * @property {string} directive that refused, as the browser names it
 * @property {string} policy the whole policy, as the page sent it
 */

/** Directives stand in for each other when one is missing: the first that is there decides. */
const inheritance = /** @type {Record<string, string[]>} */ ({
  "script-src": ["script-src-elem", "script-src", "default-src"],
  "frame-src": ["frame-src", "child-src", "default-src"],
  "connect-src": ["connect-src", "default-src"],
});

/**
 * What each directive needs.
 * @param {string} origin of the chat
 * @returns {Record<string, string[]>}
 */
export function needs(origin) {
  return {
    "script-src": [origin],
    "frame-src": [origin],
    "connect-src": [origin, origin.replace(/^http/, "ws")],
    "img-src": [origin],
  };
}

/**
 * All that a page's policy has to contain.
 * @param {string} origin of the chat
 */
export function wholePolicy(origin) {
  return Object.entries(needs(origin))
    .map(([directive, sources]) => [directive, ...sources].join(" "))
    .join("; ");
}

/**
 * The directive as the page's policy should have it: what it says today, and the chat's origin.
 * @param {keyof typeof inheritance | string} directive
 * @param {string} policy
 * @param {string} origin of the chat
 */
export function mendedDirective(directive, policy, origin) {
  const rules = parsed(policy);
  const name = (inheritance[directive] ?? [directive]).find((each) => rules.has(each));
  const kept = (name ? rules.get(name) ?? [] : []).filter((source) => source !== "'none'");
  const missing = needs(origin)[directive].filter((source) => !kept.includes(source));
  // A directive of its own takes the place of what it inherited from.
  const isInherited = name === undefined || name === "default-src" || name === "child-src";
  return [isInherited ? directive : name, ...kept, ...missing].join(" ");
}

/**
 * Whether hosts in `script-src` count for nothing, because scripts are trusted by nonce alone.
 * @param {string} policy
 */
export function trustsByNonce(policy) {
  const rules = parsed(policy);
  const name = inheritance["script-src"].find((each) => rules.has(each));
  return Boolean(name && rules.get(name)?.includes("'strict-dynamic'"));
}

/** @param {string} policy @returns {Map<string, string[]>} the sources of each directive */
function parsed(policy) {
  const rules = new Map();
  for (const part of policy.split(";")) {
    const [name, ...sources] = part.trim().split(/\s+/);
    if (name && !rules.has(name.toLowerCase())) rules.set(name.toLowerCase(), sources);
  }
  return rules;
}
