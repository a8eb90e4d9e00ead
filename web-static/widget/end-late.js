// @ts-check

/**
 * Ends a session whose end the chat could not hear of when the page asked for it. Nothing of it
 * has been used in this tab yet; other tabs may still be in it, and are told as at any other end.
 * @param {object} parts
 * @param {import("./tabs/tab-channel.js").TabChannel} parts.channel
 * @param {import("../shared/storage.js").KeptValues} parts.kept of the session
 * @param {import("../shared/storage.js").KeptValues} parts.perTab
 * @param {import("../shared/outbox.js").LetterStore} parts.letters
 * @param {import("./session-ends.js").SessionEnds} parts.ends
 */
export async function endLate({ channel, kept, perTab, letters, ends }) {
  const named = { visitor: kept.get("visitor"), token: null };
  channel.post("ended");
  kept.clear();
  perTab.clear();
  // A server that cannot be told now is told later.
  ends.end(named).catch(() => {});
  await letters.clear().catch(() => {});
}
