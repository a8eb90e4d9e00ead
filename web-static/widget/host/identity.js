// @ts-check

import { within } from "./within.js";

/** How long the page may take to say who its customer is. */
export const patience = 10_000;

/**
 * Asks the page for a fresh JWT. Whatever goes wrong, the conversation goes on without a name.
 * @param {unknown} provider the function, or the JWT itself
 * @param {(why: string, code: string) => void} warn
 * @returns {Promise<string | null>}
 */
export async function jwtFrom(provider, warn) {
  if (provider === null || provider === undefined) return null;
  try {
    const answer = typeof provider === "function"
      ? await within(patience, `no answer within ${patience / 1000} seconds`, () => provider())
      : provider;
    // Nobody is signed in: nothing is wrong with that.
    if (answer === null || answer === undefined || answer === "") return null;
    const jwt = String(answer).trim();
    // An error page instead of a token would only be refused: better to talk without a name.
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt)) return jwt;
    warn("identify returned something that is no JWT.", "identify");
  } catch (error) {
    warn(`identify failed: ${error instanceof Error ? error.message : error}`, "identify");
  }
  return null;
}
