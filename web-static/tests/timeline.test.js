// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Timeline } from "../shared/timeline.js";

/** @param {number} s @param {number} p */
const event = (s, p) => ({ t: "msg.new", c: "cnv_1", s, p, d: {} });

describe("Timeline", () => {
  it("takes events whose predecessor it has, also across numbers it may not see", () => {
    const timeline = new Timeline();
    assert.equal(timeline.receive(event(1, 0)).added.length, 1);
    assert.equal(timeline.receive(event(4, 1)).added.length, 1);
    assert.equal(timeline.last, 4);
    assert.equal(timeline.hasGap, false);
  });

  it("never shows anything across a gap, and shows all of it once the gap is filled", () => {
    const timeline = new Timeline();
    timeline.receive(event(1, 0));
    assert.deepEqual(timeline.receive(event(5, 3)), { added: [], missing: true });
    assert.equal(timeline.receive(event(6, 5)).added.length, 0);
    assert.deepEqual(timeline.receive(event(3, 1)).added.map(({ s }) => s), [3, 5, 6]);
    assert.equal(timeline.hasGap, false);
  });

  it("drops what it has already", () => {
    const timeline = new Timeline();
    timeline.receive(event(1, 0));
    assert.deepEqual(timeline.receive(event(1, 0)), { added: [], missing: false });
    assert.equal(timeline.events.length, 1);
  });

  it("starts over when the log is another one", () => {
    const timeline = new Timeline();
    timeline.receive(event(1, 0));
    timeline.receive(event(9, 7));
    timeline.reset();
    assert.equal(timeline.receive(event(1, 0)).added.length, 1);
    assert.equal(timeline.hasGap, false);
  });

  it("ends in order and complete whatever order, loss and repetition it sees", () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 200; round += 1) {
      const log = visibleLog(40, random);
      const timeline = new Timeline();
      for (let step = 0; timeline.last < (log.at(-1)?.s ?? 0); step += 1) {
        // Anything may arrive; every so often the client asks and is sent all that follows.
        if (step % 9 === 8) for (const each of log.filter(({ s }) =>
          s > timeline.last,
        )) timeline.receive(each);
        else timeline.receive(log[Math.floor(random() * log.length)]);
        assert.deepEqual(timeline.events, log.slice(0, timeline.events.length));
      }
      assert.deepEqual(timeline.events, log);
    }
  });
});

/**
 * A log of which this audience may see some.
 * @param {number} length
 * @param {() => number} random
 */
function visibleLog(length, random) {
  const log = [];
  let before = 0;
  for (let s = 1; s <= length; s += 1) {
    if (s > 1 && random() < 0.4) continue;
    log.push(event(s, before));
    before = s;
  }
  return log;
}
