// @ts-check

/**
 * A text that was suggested for an intent.
 * @typedef {{intent: string, text: string}} Suggestion
 */

/** What is being written, the suggestion that it is made from, and the files that go with it. */
/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {Suggestion | null} suggestion
 * @property {import("../../shared/attachments.js").Attachments | null} [files]
 */

/**
 * Remembers the suggestion that a draft is made from, as long as it is: no longer once the draft
 * is emptied, or once it is of several texts.
 */
export class DraftOrigin {
  /** @type {Suggestion | null} */
  suggestion = null;

  /**
   * @param {string} before what the draft was
   * @param {{text: string, intent?: string} | null} [suggestion] null for any other text
   */
  inserted(before, suggestion = null) {
    const isWhole = before.trim() === "";
    this.suggestion = isWhole && suggestion?.intent
      ? { intent: suggestion.intent, text: suggestion.text }
      : null;
  }

  /** @param {string} text what the draft is now */
  changed(text) {
    if (text.trim() === "") this.suggestion = null;
  }
}

/**
 * What a reply tells of the suggestion it was made from.
 * @param {string} text as it is sent
 * @param {Suggestion} suggestion
 */
export function usedSuggestion(text, suggestion) {
  return { intent: suggestion.intent, edited: text.trim() !== suggestion.text.trim() };
}
