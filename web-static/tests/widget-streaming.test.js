// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StreamedTexts } from "../widget/models/streaming.js";
import { ManualClock } from "./support/manual-clock.js";

function begin() {
  const clock = new ManualClock();
  let changes = 0;
  const drafts = new StreamedTexts(() => (changes += 1), clock);
  return { clock, drafts, changes: () => changes };
}

describe("Text that is being written", () => {
  it("is put together whatever the order of its parts, and however often they come", () => {
    const { drafts } = begin();
    for (const [i, text] of [[1, "lo "], [0, "Hel"], [1, "lo "], [2, "you"]]) {
      drafts.receive({ m: "msg_1", i: Number(i), text: String(text) });
    }
    assert.deepEqual(drafts.all, [{ m: "msg_1", text: "Hello you" }]);
  });

  it("does not come back when a part is late", () => {
    const { drafts } = begin();
    drafts.receive({ m: "msg_1", i: 0, text: "Hel" });
    drafts.settle("msg_1");
    drafts.receive({ m: "msg_1", i: 1, text: "lo" });
    assert.deepEqual(drafts.all, []);
  });

  it("goes away when the answer was dropped", () => {
    const { drafts, clock } = begin();
    drafts.receive({ m: "msg_1", i: 0, text: "Hel" });
    drafts.receive({ m: "msg_1", end: "dropped" });
    assert.deepEqual(drafts.all, []);
    assert.equal(clock.waiting, 0);
  });

  it("is forgotten when neither its end nor more of it comes", async () => {
    const { drafts, clock, changes } = begin();
    drafts.receive({ m: "msg_1", i: 0, text: "Hel" });
    await clock.advance(20_000);
    drafts.receive({ m: "msg_1", i: 1, text: "lo" });
    await clock.advance(20_000);
    assert.equal(drafts.all.length, 1);
    await clock.advance(10_001);
    assert.deepEqual(drafts.all, []);
    assert.equal(changes(), 1);
  });

  it("of several answers at once stays apart", () => {
    const { drafts } = begin();
    drafts.receive({ m: "msg_1", i: 0, text: "one" });
    drafts.receive({ m: "msg_2", i: 0, text: "two" });
    drafts.settle("msg_1");
    assert.deepEqual(drafts.all, [{ m: "msg_2", text: "two" }]);
  });
});
