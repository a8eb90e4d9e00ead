// @ts-check

import { nameOf } from "./api.js";
import { within } from "./within.js";

/** How long the page may take to say who its customer is. */
export const patience = 10_000;
/** How many characters the server takes. */
export const longest = 8192;

/**
 * Asks the page who its customer is: for a fresh JWT, or for whatever else the product's server
 * takes as a proof. Whatever goes wrong, the conversation goes on without a name.
 * @param {unknown} provider the function, or the proof itself
 * @param {(why: string, code: string) => void} warn
 * @returns {Promise<string | null>}
 */
export async function identityFrom(provider, warn) {
  try {
    const answer = typeof provider === "function"
      ? await within(patience, `no answer within ${patience / 1000} seconds`, () => provider())
      : provider;
    // Nobody is signed in: nothing is wrong with that.
    if (answer === null || answer === undefined || answer === "") return null;
    const flaw = flawOf(answer);
    if (!flaw) return answer.trim() || null;
    warn(`identify returned ${flaw}.`, "identify");
  } catch (error) {
    warn(`identify failed: ${error instanceof Error ? error.message : error}`, "identify");
  }
  return null;
}

/**
 * What an answer is that can be no proof. The server would only refuse it: better to talk without
 * a name.
 * @param {any} answer
 */
function flawOf(answer) {
  if (typeof answer !== "string") {
    return `no text, such as a JWT, but ${nameOf(answer)}`;
  }
  if (answer.trim()[0] === "<") {
    return "markup, such as a login page, and no JWT or session";
  }
  return answer.length > longest ? `${answer.length} characters; at most ${longest} are taken` : "";
}
