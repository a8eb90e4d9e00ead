// @ts-check

/** @typedef {{key: string, name: string, words: string}} Shortcut */

/**
 * Single keys of the console, outside fields. The sheet behind `?` is made from this table.
 * @type {readonly Shortcut[]}
 */
export const shortcuts = Object.freeze([
  { key: "j", name: "next", words: "Next conversation" },
  { key: "k", name: "previous", words: "Previous conversation" },
  { key: "r", name: "reply", words: "Write a reply" },
  { key: "n", name: "note", words: "Write a note" },
  { key: "m", name: "take", words: "Take over or assign to me" },
  { key: "t", name: "transfer", words: "Transfer" },
  { key: "e", name: "resolve", words: "Resolve" },
  { key: "w", name: "pending", words: "Wait for the customer" },
  { key: "s", name: "snooze", words: "Snooze" },
  { key: "b", name: "return", words: "Return to the assistant" },
  { key: "a", name: "actions", words: "Do something with a plugin" },
  { key: "y", name: "accept", words: "Accept the offer" },
  { key: "x", name: "decline", words: "Decline the offer" },
  { key: "/", name: "search", words: "Search" },
  { key: "?", name: "sheet", words: "Show this sheet" },
]);

/**
 * Keys of the composer.
 * @type {readonly {key: string, words: string}[]}
 */
export const composerKeys = Object.freeze([
  { key: "Enter", words: "Send" },
  { key: "Shift+Enter", words: "New line" },
  { key: "/", words: "Canned replies, at the start" },
  { key: "Esc", words: "Leave the field" },
]);

/**
 * The shortcut that a key press means; null while somebody types, holds a modifier, or composes
 * a character.
 * @param {object} press
 * @param {string} press.key
 * @param {boolean} [press.ctrlKey]
 * @param {boolean} [press.metaKey]
 * @param {boolean} [press.altKey]
 * @param {boolean} [press.isComposing]
 * @param {boolean} isTyping whether a field has the focus
 * @returns {string | null} its name
 */
export function shortcutFor({ key, ctrlKey, metaKey, altKey, isComposing }, isTyping) {
  if (isTyping || ctrlKey || metaKey || altKey || isComposing) return null;
  return shortcuts.find((shortcut) => shortcut.key === key)?.name ?? null;
}
