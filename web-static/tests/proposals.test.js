// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Proposals } from "../console/models/proposals.js";

const refund = {
  action: "shop.refund",
  title: "Refund a charge",
  effect: "money",
  input: { amount: 2500 },
  question: "Refund a charge?",
};
const look = { action: "shop.look", title: "Look", effect: "read", input: {} };

/** @param {Proposals} proposals */
const titles = (proposals) => proposals.list.map(({ title }) => title);

describe("What a draft proposes", () => {
  it("is kept as it came until it is dismissed", () => {
    const proposals = new Proposals();
    proposals.turnTo("cnv_1");
    proposals.replace([refund, look]);
    assert.deepEqual(proposals.list.map(({ input, question }) => [input, question]), [
      [{ amount: 2500 }, "Refund a charge?"],
      [{}, ""],
    ]);
    proposals.remove(proposals.list[0].id);
    assert.deepEqual(titles(proposals), ["Look"]);
  });

  it("goes with the next draft, and is never taken for one of it", () => {
    const proposals = new Proposals();
    proposals.replace([refund]);
    const [first] = proposals.list;
    proposals.replace([look]);
    proposals.remove(first.id);
    assert.deepEqual(titles(proposals), ["Look"]);
    proposals.replace(undefined);
    assert.deepEqual(titles(proposals), []);
  });

  it("goes with its conversation", () => {
    const proposals = new Proposals();
    proposals.turnTo("cnv_1");
    proposals.replace([refund]);
    assert.equal(proposals.turnTo("cnv_1"), false);
    assert.deepEqual(titles(proposals), ["Refund a charge"]);
    assert.equal(proposals.turnTo("cnv_2"), true);
    proposals.turnTo("cnv_1");
    assert.deepEqual(titles(proposals), []);
  });

  it("leaves out what no form could be filled in with", () => {
    const proposals = new Proposals();
    const odd = [{ input: [] }, { input: null }, { input: "ch_1" }, { title: undefined }];
    proposals.replace([null, "refund", ...odd.map((each) => ({ ...refund, ...each })), look]);
    assert.deepEqual(titles(proposals), ["Look"]);
    proposals.replace({ 0: refund });
    assert.deepEqual(titles(proposals), []);
  });
});

describe("What a workflow leaves to be done", () => {
  const left = { key: "wfr_1", action: "shop.refund", input: { charge: "ch_1" } };
  /** @param {string} name */
  const known = (name) => (name === refund.action ? refund : undefined);

  it("stays beside drafts until it is dismissed, and does not come back then", () => {
    const proposals = new Proposals();
    assert.equal(proposals.leave(left, known), true);
    proposals.replace([look]);
    assert.deepEqual(titles(proposals), ["Refund a charge", "Look"]);
    assert.deepEqual(proposals.list[0].input, { charge: "ch_1" });
    proposals.remove(proposals.list[0].id);
    assert.equal(proposals.leave(left, known), false);
    assert.deepEqual(titles(proposals), ["Look"]);
  });

  it("goes when it has been done, and waits for somebody who may do it", () => {
    const proposals = new Proposals();
    assert.equal(proposals.leave(left, () => undefined), false);
    assert.equal(proposals.leave(left, known), true);
    assert.equal(proposals.leave(null, known), true);
    assert.deepEqual(titles(proposals), []);
  });
});
