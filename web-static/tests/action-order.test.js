// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ActionOrder, isGrave } from "../console/models/action-order.js";
import { WireError } from "../shared/wire-error.js";
import { ManualClock } from "./support/manual-clock.js";

const done = { run: "run_1", state: "done", output: { summary: "Refunded 12.00" }, error: null };
const running = { run: "run_1", state: "running", output: null, error: null };
const failed = { run: "run_1", state: "failed", output: null, error: { message: "no such card" } };
const asked = problem(409, {
  code: "needs_confirmation",
  detail: "Refund a charge?",
  confirmation: "seal",
});

/** @param {number} status @param {object} members */
function problem(status, members) {
  return new WireError({ status, ...members });
}

/**
 * An order whose server answers as told, one answer after another.
 * @param {any[]} answers
 */
function ordered(...answers) {
  const clock = new ManualClock();
  /** @type {{name: string, key: string, body: any}[]} */
  const sent = [];
  let keys = 0;
  const order = new ActionOrder({
    action: { name: "stripe.refund" },
    conversation: "cnv_1",
    post: async (name, key, body) => {
      sent.push({ name, key, body });
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onChange: () => {},
    clock,
    key: () => `key-${(keys += 1)}`,
  });
  return { order, sent, clock, keys: () => sent.map(({ key }) => key) };
}

describe("An order of an action", () => {
  it("is sent with its input and ends with what came of it", async () => {
    const { order, sent } = ordered(done);
    await order.begin({ amount: 1200 });
    assert.equal(order.state, "done");
    assert.equal(order.output.summary, "Refunded 12.00");
    const body = { conversation: "cnv_1", input: { amount: 1200 } };
    assert.deepEqual(sent, [{ name: "stripe.refund", key: "key-1", body }]);
  });

  it("is not begun twice by a double click", async () => {
    const { order, sent } = ordered(done, done);
    await Promise.all([order.begin({}), order.begin({})]);
    await order.begin({});
    assert.equal(sent.length, 1);
  });

  it("counts as begun once the server may have done it, and not while it only asks", async () => {
    const { order } = ordered(asked, running, done);
    assert.equal(order.hasBegun, false);
    const begun = order.begin({});
    assert.equal(order.hasBegun, true);
    await begun;
    assert.deepEqual([order.state, order.hasBegun], ["asking", false]);
    await order.confirm();
    assert.deepEqual([order.state, order.hasBegun], ["running", true]);
    await order.again();
    assert.deepEqual([order.state, order.hasBegun], ["done", true]);
    const other = ordered(failed).order;
    await other.begin({});
    assert.deepEqual([other.state, other.hasBegun], ["failed", false]);
  });

  it("asks first, and says the same again with the confirmation", async () => {
    const { order, sent } = ordered(asked, done);
    await order.begin({ amount: 9000 });
    assert.deepEqual([order.state, order.question], ["asking", "Refund a charge?"]);
    await order.confirm();
    assert.equal(order.state, "done");
    assert.deepEqual(sent[1], {
      name: "stripe.refund",
      key: "key-1",
      body: { conversation: "cnv_1", input: { amount: 9000 }, confirmation: "seal" },
    });
  });

  it("can be taken back at the question: what follows is another order", async () => {
    const { order, keys } = ordered(asked, asked);
    await order.begin({ amount: 9000 });
    order.takeBack();
    assert.equal(order.state, "ready");
    await order.begin({ amount: 10 });
    assert.deepEqual(keys(), ["key-1", "key-2"]);
  });

  it("is sent again with the same key and input when no answer came", async () => {
    const { order, sent, keys } = ordered(
      WireError.disconnected(),
      problem(503, { code: "overloaded", detail: "Nothing can be stored now" }),
      done,
    );
    await order.begin({ amount: 5 });
    assert.equal(order.state, "unknown");
    await order.begin({ amount: 6 });
    assert.equal(sent.length, 1, "another input is another order");
    await order.again();
    assert.deepEqual([order.state, order.reason], ["unknown", "Nothing can be stored now"]);
    await order.again();
    assert.equal(order.state, "done");
    assert.deepEqual(keys(), ["key-1", "key-1", "key-1"]);
    assert.deepEqual(sent.map(({ body }) => body.input.amount), [5, 5, 5]);
  });

  it("stays one order when its repetition is refused: the first may have happened", async () => {
    const refused = problem(429, { detail: "limit" });
    const { order, keys } = ordered(WireError.disconnected(), refused, done);
    await order.begin({});
    await order.again();
    assert.equal(order.state, "unknown");
    await order.again();
    assert.deepEqual(keys(), ["key-1", "key-1", "key-1"]);
  });

  it("shows what is wrong with the input and can be put right", async () => {
    const faults = ["input.amount: not from 1 to 100"];
    const { order } = ordered(problem(422, { faults }), done);
    await order.begin({ amount: 900 });
    assert.deepEqual([order.state, order.faults], ["ready", faults]);
    await order.begin({ amount: 90 });
    assert.equal(order.state, "done");
    assert.deepEqual(order.faults, []);
  });

  it("may be tried anew, as another order, when it failed or was refused", async () => {
    const { order, keys } = ordered(failed, problem(403, { detail: "only supervisors" }), done);
    await order.begin({});
    assert.deepEqual([order.state, order.reason], ["failed", "no such card"]);
    await order.begin({});
    assert.deepEqual([order.state, order.reason], ["refused", "only supervisors"]);
    await order.begin({});
    assert.deepEqual(keys(), ["key-1", "key-2", "key-3"]);
  });

  it("is asked after while it goes on, with the same key", async () => {
    const { order, clock, keys } = ordered(running, running, done);
    await order.begin({});
    assert.equal(order.state, "running");
    await clock.advance(1500);
    assert.equal(order.state, "running");
    await clock.advance(3000);
    assert.equal(order.state, "done");
    assert.deepEqual(keys(), ["key-1", "key-1", "key-1"]);
  });

  it("is left alone after a while, until somebody asks", async () => {
    const { order, clock, sent } = ordered(...Array(5).fill(running), done);
    await order.begin({});
    await clock.advance(60_000);
    assert.deepEqual([order.state, order.isLeftAlone, sent.length], ["running", true, 5]);
    await order.again();
    assert.equal(order.state, "done");
  });

  it("holds its input while it may be on its way", async () => {
    const { order } = ordered(WireError.disconnected(), done);
    assert.equal(order.isHeld, false);
    await order.begin({});
    assert.equal(order.isHeld, true);
    await order.again();
    assert.equal(order.isHeld, false);
  });
});

describe("An action", () => {
  it("is grave when it moves money or cannot be undone", () => {
    const effects = /** @type {const} */ (["read", "write", "message", "money", "irreversible"]);
    const grave = effects.filter((effect) => isGrave({ effect }));
    assert.deepEqual(grave, ["money", "irreversible"]);
  });
});
