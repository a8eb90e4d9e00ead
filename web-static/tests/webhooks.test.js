// @ts-check

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { troubleWords, withoutMarks } from "../console/models/assist-words.js";
import { readable, takePage, webhookName, webhookWords } from "../console/models/webhook-words.js";

describe("deliveries", () => {
  const page = (/** @type {number[]} */ ...ids) => ids.map((id) => ({ id }));

  it("are the truth within a page, and what is older stays", () => {
    const known = new Map();
    takePage(known, page(9, 8), { limit: 2 });
    takePage(known, page(7, 6), { limit: 2, before: 8 });
    takePage(known, page(10, 8), { limit: 2 });
    assert.deepEqual([...known.keys()].sort((a, b) => a - b), [6, 7, 8, 10]);
  });

  it("are all there is when a page is not full", () => {
    const known = new Map(page(9, 8, 3).map((each) => [each.id, each]));
    takePage(known, page(9), { limit: 2 });
    assert.deepEqual([...known.keys()], [9]);
    takePage(known, [], { limit: 2 });
    assert.equal(known.size, 0);
  });

  it("are shown as JSON where they are", () => {
    assert.equal(readable('{"a":1}'), '{\n  "a": 1\n}');
    assert.equal(readable("oops"), "oops");
  });
});

describe("a webhook", () => {
  it("is called by its description, or by its address", () => {
    assert.equal(webhookName({ url: "https://a.example/x", description: " CRM " }), "CRM");
    assert.equal(webhookName({ url: "https://a.example/x", description: " " }), "a.example/x");
  });

  it("is on unless it says otherwise", () => {
    assert.equal(webhookWords({}).key, "webhookOn");
    assert.equal(webhookWords({ enabled: false }).key, "webhookOff");
    const stopped = webhookWords({ enabled: false, disabled_because: "410" });
    assert.deepEqual(stopped, { key: "webhookStopped", tone: "bad" });
  });
});

describe("a language model's help", () => {
  it("comes without the marks of its sources", () => {
    assert.equal(withoutMarks("It is [1]. So [2, 3] it is [4][5]!"), "It is. So it is!");
    assert.equal(withoutMarks("See [the page] and a[i]."), "See [the page] and a[i].");
  });

  it("says in words why there is none", () => {
    const problem = { detail: "asleep" };
    assert.deepEqual(troubleWords({ status: 502, problem }), ["assistFailed", { why: "asleep" }]);
    assert.deepEqual(troubleWords({ status: 502 }), ["assistFailedPlain"]);
    assert.deepEqual(troubleWords({ status: 503, problem }), ["assistUnavailable"]);
    assert.deepEqual(troubleWords({ status: 504, problem }), ["assistTimeout"]);
    assert.deepEqual(troubleWords({ status: 422, problem }), ["assistRefused", { why: "asleep" }]);
    assert.deepEqual(troubleWords({}), ["assistUnreached"]);
  });
});
