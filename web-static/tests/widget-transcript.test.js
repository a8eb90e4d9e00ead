// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { transcriptName, transcriptText } from "../widget/models/transcript-text.js";

const line = (/** @type {any} */ rest) => ({
  kind: /** @type {const} */ ("message"), key: "k", at: "2026-11-28T12:00:00Z", own: false,
  starts: true, ...rest,
});
const words = {
  title: "Chat with Tideline",
  locale: "en-GB",
  timeZone: "Europe/Berlin",
  nameOf: (/** @type {any} */ { own, from }) => (own ? "You" : from.name),
  changeOf: (/** @type {any} */ { say }) => say,
};

describe("A copy of the conversation", () => {
  it("says who said what, when it was where the customer is", () => {
    const text = transcriptText([
      line({ own: true, text: "Hello\nthere" }),
      line({ kind: "change", say: "Marta joined" }),
      line({
        from: { name: "Marta" },
        text: "Hi!",
        files: [{ name: "bill.pdf", type: "application/pdf", size: 1 }],
        sources: [{ article: "a", title: "Invoices", url: "/help/invoices" }],
      }),
      line({ kind: "draft", text: "half an ans", from: { name: "Bot" } }),
    ], words);
    assert.equal(text, [
      "Chat with Tideline",
      "[28 Nov 2026, 13:00] You:\n    Hello\n    there",
      "[28 Nov 2026, 13:00] Marta joined",
      "[28 Nov 2026, 13:00] Marta:\n    Hi!\n    <bill.pdf>\n    – Invoices (/help/invoices)\n",
    ].join("\n\n"));
  });

  it("has a name that tells one from another", () => {
    assert.equal(
      transcriptName("cnv_01kajqz5m8e6tr4v9s2w7n0b3d", Date.parse("2026-11-28T12:00:00Z")),
      "conversation-2026-11-28-7n0b3d.txt",
    );
  });
});
