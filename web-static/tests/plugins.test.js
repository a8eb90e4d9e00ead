// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  changedPolicies,
  countingPolicy,
  effectMeaning,
  groupKey,
  groups,
  groupWords,
  mayBeBounded,
  policyWords,
} from "../console/models/action-policy.js";
import { PanelBoard, resultParts } from "../console/models/panels.js";
import {
  byteSize,
  grouped,
  permissionWords,
  sandboxWords,
  shortTime,
  statusWords,
  trustWords,
} from "../console/models/plugin-words.js";
import { ThreadModel } from "../console/models/thread-model.js";
import { say } from "../console/strings.js";
import { ManualClock } from "./support/manual-clock.js";

/** @param {string} name @param {string} status @param {boolean} enabled */
const plugin = (name, status, enabled) => ({ id: name, name, status, enabled });

describe("The list of plugins", () => {
  it("begins with those that need somebody", () => {
    const groups = grouped([
      plugin("b", "running", true),
      plugin("a", "running", true),
      plugin("c", "off", false),
      plugin("d", "disabled", true),
      plugin("e", "needs_consent", true),
      plugin("f", "invalid", false),
    ]);
    assert.deepEqual(groups.map(({ key, plugins }) => [key, plugins.map(({ id }) => id)]), [
      ["groupAttention", ["d", "e", "f"]],
      ["groupOn", ["a", "b"]],
      ["groupOff", ["c"]],
    ]);
  });

  it("has words for every state, sandbox and origin that the server tells", () => {
    const states = ["off", "invalid", "starting", "running", "restarting", "disabled", "refused",
      "needs_consent", "stopped"];
    const origins = ["first_party", "trusted", "unsigned", "modified"];
    const words = [
      ...states.map((status) => statusWords(status).key),
      ...["full", "partial", "off"].map((extent) => sandboxWords(extent)?.key ?? ""),
      ...origins.map((each) => trustWords(each)?.key ?? ""),
    ];
    for (const key of words) assert.notEqual(say(key), key, key);
    assert.equal(sandboxWords(undefined), null);
    assert.equal(statusWords("something new").key, "something new");
  });
});

describe("A permission", () => {
  const schema = { properties: { api_base: { title: "API address" } } };
  const said = (/** @type {string} */ line) => {
    const words = permissionWords(line, schema);
    return words ? say(...words) : null;
  };

  it("is said in words", () => {
    assert.equal(said("http {config:api_base}/*"), "Send requests to ‹API address›/*");
    assert.equal(said("read contact.email"), "Read the customer's email address");
    assert.equal(said("store 4194304 bytes"), "Keep up to 4 MB of data of its own");
    assert.equal(
      said("rate 300 requests a second"),
      "Send up to 300 requests a second to one server",
    );
    assert.equal(said("language model"), "Ask the language model");
  });

  it("that is not known yet is left to be shown as it is", () => {
    assert.equal(said("read the_future"), null);
  });

  it("of every kind there is has words", () => {
    const kinds = ["read contact.name", "read contact.email", "read contact.external_id",
      "read conversation.meta", "read conversation.messages", "read conversation.page",
      "write conversation.note", "write conversation.message", "write conversation.reply",
      "write conversation.tag", "write conversation.facts", "write conversation.post",
      "schedule", "webhook", "language model"];
    for (const line of kinds) assert.match(said(line) ?? "", /^[A-Z][a-z]+ /, line);
  });
});

describe("Sizes and times", () => {
  it("have as many digits as mean anything", () => {
    assert.deepEqual([512, 20_000, 5_400_000, 13_938_688].map(byteSize),
      ["512 B", "20 kB", "5.1 MB", "13 MB"]);
    assert.deepEqual([0.34, 9.96, 31.4, 1234].map(shortTime),
      ["0.3 ms", "10 ms", "31 ms", "1.2 s"]);
  });
});

describe("Panels", () => {
  const panel = (/** @type {string} */ id, /** @type {number} */ refresh_s, error = null) =>
    ({ plugin: "p", id, title: id, refresh_s, blocks: [], error });

  it("are drawn anew as often as each of them wants", () => {
    const board = new PanelBoard();
    assert.equal(board.due(0), null);
    board.came(null, [panel("slow", 60), panel("quick", 20), panel("hasty", 1)], 0);
    assert.deepEqual(board.due(3000), []);
    assert.deepEqual(board.due(5000), ["p/hasty"]);
    board.asked(["p/hasty"]);
    board.came(["p/hasty"], [panel("hasty", 1)], 15_200);
    // Those that are due at about the same time are asked for together.
    assert.deepEqual(board.due(20_000), ["p/quick", "p/hasty"]);
    assert.equal(board.next, 20_000);
  });

  it("are not asked for again while they are on their way", () => {
    const board = new PanelBoard();
    board.came(null, [panel("a", 5), panel("b", 60)], 0);
    board.asked(["p/a"]);
    assert.deepEqual(board.due(30_000), []);
    assert.equal(board.next, 60_000);
  });

  it("are asked for less and less often while they fail, each by itself", () => {
    const board = new PanelBoard();
    board.came(null, [panel("bad", 5, /** @type {any} */ ("down")), panel("good", 5)], 0);
    assert.deepEqual(board.due(5000), ["p/good"]);
    assert.deepEqual(board.due(10_000), ["p/bad", "p/good"]);
    const waits = [1, 2, 3, 4, 5].map(() => {
      board.failed(["p/good"], 0);
      return [...Array(100).keys()].find((s) => board.due(s * 1000)?.includes("p/good"));
    });
    assert.deepEqual(waits, [9, 19, 39, 79, 79]);
  });

  it("that are gone go away, and those that come are shown", () => {
    const board = new PanelBoard();
    board.came(null, [panel("a", 5), panel("b", 5)], 0);
    board.came(["p/a"], [], 0);
    assert.deepEqual(board.panels.map(({ id }) => id), ["b"]);
    // A server may answer with more than was asked for.
    board.came(["p/b"], [panel("c", 5), panel("b", 5)], 0);
    assert.deepEqual(board.panels.map(({ id }) => id), ["b", "c"]);
  });

  it("are all due once something has happened", () => {
    const board = new PanelBoard();
    board.came(null, [panel("a", 3600)], 0);
    board.expire();
    assert.equal(board.due(1), null);
    board.asked(null);
    board.came(null, [panel("a", 3600)], 1);
    assert.deepEqual(board.due(2), []);
  });
});

describe("The result of an action", () => {
  it("is its summary, its values and its tables", () => {
    const parts = resultParts({
      summary: "Two charges",
      currency: "eur",
      empty: "",
      none: [],
      charges: [{ id: "ch_1", amount: 5 }, { id: "ch_2", paid: true }],
      tags: ["a", "b"],
    });
    assert.equal(parts.summary, "Two charges");
    assert.deepEqual(parts.fields, [["currency", "eur"], ["tags", ["a", "b"]]]);
    assert.deepEqual(parts.tables, [{
      name: "charges",
      columns: ["id", "amount", "paid"],
      rows: [["ch_1", 5, undefined], ["ch_2", undefined, true]],
    }]);
  });

  it("may be nothing at all", () => {
    assert.deepEqual(resultParts(null), { summary: "", fields: [], tables: [] });
  });
});

describe("An action in a conversation", () => {
  const act = (/** @type {number} */ s, /** @type {object} */ d) => ({
    t: "event.new",
    s,
    p: s - 1,
    d: {
      type: "action",
      at: "2026-05-01T12:00:00.000Z",
      title: "Refund a charge",
      by: { kind: "agent", id: "agt_1", name: "Ann" },
      ...d,
    },
  });

  it("is told with who had it done and what came of it", () => {
    const model = new ThreadModel("cnv_1", () => {}, new ManualClock());
    model.receive(act(1, { state: "done", summary: "Refunded 12.00" }));
    model.receive(act(2, { state: "failed", summary: "no such card" }));
    model.receive(act(3, { state: "failed" }));
    const said = model.entries([]).map((entry) => say(entry.say ?? "", entry.values).trim());
    assert.deepEqual(said, [
      "Ann: Refund a charge – done. Refunded 12.00",
      "Ann: Refund a charge – failed: no such card",
      "Ann: Refund a charge – failed",
    ]);
    assert.equal(model.lastAction, 3);
  });
});

describe("The rule for an action", () => {
  /** @type {import("../console/models/action-policy.js").RuledAction} */
  const refund = {
    name: "shop.refund",
    title: "Refund",
    effect: "money",
    amount: "cents",
    policy: {
      allow: ["agent", "supervisor"],
      confirm: "agent_over_limit",
      limit: 5000,
      per_day: 200,
    },
  };
  const said = (/** @type {any} */ action, /** @type {any} */ wishes) =>
    policyWords(countingPolicy(action, wishes)).map((each) => say(...each));

  it("is what somebody has said, and else what counts anyway", () => {
    assert.deepEqual(said(refund, undefined),
      ["Agents and supervisors", "200 times in 24 hours", "confirmed above 5000"]);
    assert.deepEqual(said(refund, { allow: ["supervisor"], per_day: 1 }),
      ["Supervisors only", "once in 24 hours", "confirmed above 5000"]);
    assert.deepEqual(said(refund, { allow: [], confirm: "never" }),
      ["Nobody", "200 times in 24 hours", "without confirmation"]);
  });

  it("says less where the server does not tell what counts", () => {
    assert.deepEqual(said({ ...refund, policy: undefined }, undefined),
      ["Whoever the kind of action allows", "confirmed as the plugin says"]);
  });

  it("names every group that a server may know, agents with their supervisors", () => {
    for (const group of groups) assert.notEqual(say(groupWords(group)), groupWords(group));
    assert.equal(groupKey(["agent"]), groupKey(["supervisor", "agent"]));
    assert.equal(groupKey(undefined), "");
  });

  it("knows an amount only where there is one, or where somebody has named one", () => {
    assert.equal(mayBeBounded(refund), true);
    assert.equal(mayBeBounded({ ...refund, amount: null }), false);
    assert.equal(mayBeBounded({ ...refund, amount: null }, { limit: 100 }), true);
    assert.equal(mayBeBounded({ ...refund, effect: "read", amount: undefined }), false);
  });

  it("leaves those for other actions as they are", () => {
    const before = { a: { per_day: 1 }, b: { per_day: 2 } };
    const after = changedPolicies(before, "b", { per_day: 3 });
    assert.deepEqual(after, { a: { per_day: 1 }, b: { per_day: 3 } });
    assert.deepEqual(changedPolicies(before, "b", {}), { a: { per_day: 1 } });
  });

  it("has words for every effect", () => {
    const effects = /** @type {const} */ (["read", "write", "message", "money", "irreversible"]);
    for (const effect of effects) {
      assert.notEqual(say(effectMeaning(effect)), effectMeaning(effect));
    }
  });
});
