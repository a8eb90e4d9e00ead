// @ts-check

/** @typedef {[key: string, values?: Record<string, string | number>]} Words */

/**
 * A draft without the marks, such as `[1]`, that tell which source a sentence rests on.
 * @param {string} text
 */
export function withoutMarks(text) {
  return text.replace(/[ \t]*\[\d+(?:\s*[,;]\s*\d+)*\]/g, "").trim();
}

/**
 * A draft that is still being written, without marks, one that has just begun included.
 * @param {string} text
 */
export function unfinishedWithoutMarks(text) {
  return withoutMarks(text.replace(/\[[\d\s,;]*$/, ""));
}

/**
 * Why a language model did not do what it was asked, in words.
 * @param {any} error
 * @returns {Words}
 */
export function troubleWords({ status = 0, problem = {} }) {
  const why = problem.detail ?? "";
  if (status === 503) return ["assistUnavailable"];
  if (status === 504) return ["assistTimeout"];
  if (status === 0) return ["assistUnreached"];
  if (status < 500 && (why || problem.title)) {
    return ["assistRefused", { why: why || problem.title }];
  }
  return why ? ["assistFailed", { why }] : ["assistFailedPlain"];
}
