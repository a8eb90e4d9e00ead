// @ts-check

/**
 * What to do after a socket closed: come back, come back with a new token, or stay away.
 * @typedef {"retry" | "renew" | "stop"} CloseAction
 */

/** Codes after which coming back would only repeat the fault. */
const final = new Map([
  [1000, "normal"],
  [4400, "bad_frame"],
  [4404, "gone"],
  [4409, "replaced"],
]);

/**
 * Advice for a close code, as Documentation/protocol.md lists them; unknown codes are retried.
 * @param {number} code
 * @param {boolean} renewed whether the token was already renewed since the last welcome
 * @returns {{action: CloseAction, reason: string}}
 */
export function closeAdvice(code, renewed) {
  const reason = final.get(code);
  if (reason) return { action: "stop", reason };
  if (code === 4401) return { action: renewed ? "stop" : "renew", reason: "unauthenticated" };
  return { action: "retry", reason: "lost" };
}
