// @ts-check

/** The widget's options as the playground offers them, and the settings that are made of them. */

/**
 * @typedef {object} Option
 * @property {string} name
 * @property {"text" | "list" | "colour" | "choice" | "flag"} kind
 * @property {string} says what it is for
 * @property {string | boolean} usual its value when nobody sets it
 * @property {string} [hint] shown in the empty field
 * @property {string[]} [choices]
 * @property {boolean} [isEarly] only heeded while the page loads
 */

/** @typedef {Record<string, string | boolean>} Settings */

/** @type {Option[]} */
export const options = [
  { name: "site", kind: "text", usual: "", isEarly: true,
    says: "The site's key, as the command maitred site list prints it." },
  { name: "locale", kind: "text", usual: "", hint: "the page's language",
    says: "A language tag: en, de and ar are complete." },
  { name: "theme", kind: "choice", usual: "auto", choices: ["auto", "light", "dark"],
    says: "The chat's colours; auto follows the customer's system." },
  { name: "colour", kind: "colour", usual: "", hint: "the site's own",
    says: "Your brand. What is drawn on it turns dark or light by itself." },
  { name: "base", kind: "text", usual: "", hint: "none", isEarly: true,
    says: "Where your product's own paths begin, for links in answers." },
  { name: "query", kind: "list", usual: "", hint: "none",
    says: "Parameters of the address that may leave the page, such as tab, view." },
  { name: "preload", kind: "flag", usual: true, isEarly: true,
    says: "Load the chat while the page rests. Without, at the first sign of interest." },
  { name: "title", kind: "flag", usual: true,
    says: "Put the number of unread messages in front of the page's title." },
  { name: "sound", kind: "flag", usual: false, isEarly: true,
    says: "Let messages that nobody sees be heard, once the chat has been touched." },
  { name: "errors", kind: "flag", usual: false,
    says: "Tell the team the last error of your scripts: its message and a hash." },
  { name: "debug", kind: "flag", usual: false,
    says: "Say in the browser's console what was left out, and why." },
  { name: "identify", kind: "flag", usual: false,
    says: "Say who the customer is: here the demo's server signs for Ida Holm." },
  { name: "beforeSend", kind: "flag", usual: false,
    says: "Look through all that leaves the page, change it or hold it back." },
];

/**
 * What the example of `beforeSend` does: this page's policy runs no code that is typed into it.
 * @type {Option[]}
 */
export const rules = [
  { name: "leaveOut", kind: "list", usual: "plan", says: "Facts that stay in the page." },
  { name: "holdBack", kind: "text", usual: "/demo/settings",
    says: "Pages below this path are not told at all." },
];

const all = [...options, ...rules];

/** Options that are functions, which no attribute can say. */
export const functions = ["identify", "beforeSend"];

/**
 * Settings with everything as usual.
 * @param {string} site
 * @returns {Settings}
 */
export function usual(site) {
  return { ...Object.fromEntries(all.map((each) => [each.name, each.usual])), site };
}

/**
 * Settings from the fragment of an address, such as `#locale=de&preload=false`.
 * @param {string} fragment
 * @param {string} site
 * @returns {Settings}
 */
export function fromFragment(fragment, site) {
  const said = new URLSearchParams(fragment.replace(/^#/, ""));
  const settings = usual(site);
  for (const { name, kind, choices } of all) {
    const text = said.get(name);
    if (text === null || (choices && !choices.includes(text))) continue;
    settings[name] = kind === "flag" ? text === "true" : text;
  }
  return settings;
}

/**
 * What differs from the usual, as the fragment of an address.
 * @param {Settings} settings
 * @param {string} site
 */
export function toFragment(settings, site) {
  const normal = usual(site);
  const said = new URLSearchParams();
  for (const { name } of all) {
    if (settings[name] !== normal[name]) said.set(name, String(settings[name]));
  }
  return said.size === 0 ? "" : `#${said}`;
}

/**
 * What differs from the usual as `boot` takes it, without functions.
 * @param {Settings} settings
 * @returns {Record<string, any>}
 */
export function toBoot(settings) {
  /** @type {Record<string, any>} */
  const told = {};
  for (const { name, kind, usual: normal } of options) {
    const value = settings[name];
    if (functions.includes(name) || value === normal) continue;
    if (kind === "colour" && !isColour(value)) continue;
    told[name] = kind === "list" ? listOf(String(value)) : value;
  }
  return told;
}

/**
 * The one option that has changed, as `boot` takes it; null when only loading the page again
 * brings it about.
 * @param {string} name
 * @param {Settings} settings
 * @returns {Record<string, any> | null}
 */
export function toChange(name, settings) {
  const option = options.find((each) => each.name === name);
  if (!option || option.isEarly) return null;
  const value = settings[name];
  if (option.kind === "list") return { [name]: listOf(String(value)) };
  if (option.kind === "colour" && !isColour(value)) return null;
  // A text that is taken away again has no value to tell.
  return value === "" ? null : { [name]: value };
}

/** @param {string} text separated by commas or spaces */
export function listOf(text) {
  return text.split(/[\s,]+/).filter((each) => each !== "");
}

/** @param {unknown} value */
export function isColour(value) {
  return typeof value === "string" && /^#[\da-f]{6}$/i.test(value);
}
