// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  account,
  cautionKeys,
  digitsApart,
  likelyIntents,
  otherIntents,
  ruleWords,
} from "../console/models/decision.js";
import { DraftOrigin, usedSuggestion } from "../console/models/draft-origin.js";
import { Intents } from "../console/models/intents.js";
import { meaningOf, meaningOrder, ordinaryTags, tagOrder } from "../console/models/tags.js";
import { ThreadModel } from "../console/models/thread-model.js";
import { say } from "../console/strings.js";
import { ManualClock } from "./support/manual-clock.js";

const at = "2026-05-01T12:00:00.000Z";
const rules = [
  "confident",
  "customer_chose",
  "several",
  "ambiguous",
  "asked_for_person",
  "distress",
  "reply_budget",
  "no_intents",
  "not_understood",
  "not_sure",
  "sensitive",
  "not_allowed",
  "held_back",
  "by_definition",
  "repeated",
  "no_answer",
];

describe("A decision", () => {
  const title = (/** @type {string | null | undefined} */ intent) =>
    intent === "login.locked" ? "I am locked out" : "";

  const sentence = (/** @type {any} */ decision) => {
    const words = ruleWords({ intent: "login.locked", ...decision }, title);
    return words ? say(...words) : "";
  };

  it("says in a sentence what was done and why, for every rule", () => {
    for (const rule of rules) {
      assert.match(sentence({ rule }), /^It .+\.$/, rule);
      assert.doesNotMatch(sentence({ rule }), /\{|undefined/);
    }
    assert.match(sentence({ rule: "sensitive" }), /“I am locked out” is for a person/);
  });

  it("shows the code of a rule that is not known yet, and nothing where none is said", () => {
    assert.match(sentence({ rule: "moon_is_full" }), /moon_is_full/);
    assert.equal(ruleWords({ action: "answer" }, title), null);
  });

  it("tells several answers from several things that are too many", () => {
    assert.equal(ruleWords({ rule: "several", action: "answer" }, title)?.[0], "ruleSeveral");
    assert.equal(
      ruleWords({ rule: "several", action: "hand_off" }, title)?.[0],
      "ruleSeveralHandOff",
    );
  });

  it("names reasons for caution, and those not known yet by their words", () => {
    const keys = cautionKeys({ caution: ["money", "nobody_on_duty", "high_value", "new_moon"] });
    assert.deepEqual(
      keys,
      ["cautionMoney", "cautionNobody", "cautionHighValue", "new moon"],
    );
    assert.deepEqual(cautionKeys({}), []);
  });

  it("shows as many digits as tell what was reached from what was needed", () => {
    assert.equal(digitsApart(0.86, 0.92), 0);
    assert.equal(digitsApart(0.991, 0.993), 1);
    assert.equal(digitsApart(0.99312, 0.99341), 2);
    assert.equal(digitsApart(0.9, 0.9), 0);
  });

  it("accounts for the lead, with facts told from words and bars on one scale", () => {
    const { rows, rest, margin } = account({
      evidence: [
        { text: "invoice", weight: 2 },
        { text: "client", weight: -1 },
        { text: "page=billing.invoice", weight: 0.5 },
        { text: "a=b", weight: 0.1 },
      ],
      context: ["page=billing.invoice"],
      rest: 4,
      margin: 5.6,
    });
    assert.deepEqual(rows[0], { text: "invoice", weight: 2, share: 0.5 });
    assert.deepEqual(rows[1], { text: "client", weight: -1, share: 0.25 });
    assert.deepEqual(
      rows[2],
      { text: "billing.invoice", fact: "page", weight: 0.5, share: 0.125 },
    );
    assert.equal(rows[3].fact, undefined);
    assert.deepEqual(rest, { text: "", weight: 4, share: 1 });
    assert.equal(margin, 5.6);
  });

  it("leaves out what older events do not say", () => {
    assert.deepEqual(account({}), { rows: [], rest: null, margin: null });
    const { rows, rest } = account({ evidence: [{ text: "log", weight: 0 }] });
    assert.deepEqual(rows, [{ text: "log", weight: 0, share: 0 }]);
    assert.equal(rest, null);
    assert.deepEqual(likelyIntents(null), []);
  });

  it("lists what is likely beside what was acted on", () => {
    const ranking = [0.6, 0.3, 0.05, 0.001].map((p, index) => ({ intent: `i${index}`, p }));
    const names = (/** @type {{intent: string}[]} */ list) => list.map(({ intent }) => intent);
    assert.deepEqual(names(likelyIntents({ ranking })), ["i0", "i1", "i2"]);
    // The customer may have picked another one than the likeliest.
    assert.deepEqual(names(otherIntents({ ranking, intent: "i1" })), ["i0", "i2"]);
    assert.deepEqual(names(likelyIntents({ ranking: [{ intent: "far", p: 0 }] })), ["far"]);
  });
});

describe("What it was about", () => {
  it("is a tag that is not one to sort by", () => {
    const tags = ["vip", "intent:login.locked", "late"];
    assert.equal(meaningOf(tags), "login.locked");
    assert.deepEqual(ordinaryTags(tags), ["vip", "late"]);
    assert.equal(meaningOf(["vip"]), null);
    assert.equal(meaningOf(), null);
  });

  it("is one thing: another takes the place of the one before in the same order", () => {
    const tags = ["vip", "intent:a"];
    assert.deepEqual(meaningOrder(tags, "b"), { add: ["intent:b"], remove: ["intent:a"] });
    assert.deepEqual(meaningOrder(["vip"], "none"), { add: ["intent:none"] });
    assert.deepEqual(meaningOrder(["intent:a", "intent:b"], "b"), {
      add: ["intent:b"],
      remove: ["intent:a"],
    });
  });

  it("is taken back by removing it", () => {
    assert.deepEqual(meaningOrder(["vip", "intent:a"], null), { remove: ["intent:a"] });
  });

  it("goes without empty lists, which the server refuses", () => {
    assert.deepEqual(tagOrder(["vip"], []), { add: ["vip"] });
    assert.deepEqual(tagOrder([], ["vip"]), { remove: ["vip"] });
  });

  it("stands in the timeline in words of its own", () => {
    const thread = new ThreadModel("cnv_1", () => {}, new ManualClock());
    const by = { kind: "agent", id: "agt_1", name: "Mara" };
    const changes = [
      { add: ["intent:login.locked"], remove: ["intent:other"] },
      { add: ["intent:none"], remove: ["intent:login.locked"] },
      { add: [], remove: ["intent:none"] },
      { add: ["vip"], remove: [] },
      { add: [], remove: ["vip"] },
    ];
    for (const [index, change] of changes.entries()) {
      const d = { at, type: "tagged", by, ...change };
      thread.receive({ t: "event.new", c: "cnv_1", s: index + 1, p: index, d });
    }
    const entries = thread.entries([]);
    assert.deepEqual(
      entries.map((entry) => entry.say),
      ["meant", "meantNone", "unmeant", "tagged", "untagged"],
    );
    assert.deepEqual(entries[0].values, { name: "Mara", intent: "login.locked" });
  });

  it("is asked of the last matter: a wish for a person is none", () => {
    const thread = new ThreadModel("cnv_1", () => {}, new ManualClock());
    let s = 0;
    const decide = (/** @type {string} */ rule, /** @type {string} */ intent) =>
      thread.receive({
        t: "event.new",
        c: "cnv_1",
        p: s,
        s: ++s,
        d: { at, type: "decided", rule, intent },
      });
    assert.equal(thread.matter, null);
    decide("asked_for_person", "first");
    assert.equal(thread.matter.intent, "first");
    decide("confident", "login.locked");
    decide("asked_for_person", "talk_to_person");
    assert.equal(thread.matter.intent, "login.locked");
    thread.reset();
    assert.equal(thread.matter, null);
  });
});

describe("Intents", () => {
  const intents = new Intents();
  intents.replace([
    { intent: "login.locked", title: "I am locked out" },
    { intent: "billing.refund", title: "A refund" },
    { intent: "shop.refund", title: "a refund" },
  ]);

  it("have titles, and else their own words", () => {
    assert.equal(intents.title("login.locked"), "I am locked out");
    assert.equal(intents.title("billing.duplicate_charge"), "billing · duplicate charge");
    assert.equal(intents.title(null), "");
  });

  it("are listed by title, each title once", () => {
    assert.deepEqual(
      intents.options.map(({ title }) => title),
      ["A refund", "a refund (shop · refund)", "I am locked out"],
    );
  });

  it("are found by what somebody wrote out, and not by a part of it", () => {
    assert.equal(intents.named(" i am LOCKED out "), "login.locked");
    assert.equal(intents.named("a refund"), "billing.refund");
    assert.equal(intents.named("a refund (shop · refund)"), "shop.refund");
    assert.equal(intents.named("login.locked"), "login.locked");
    assert.equal(intents.named("locked"), null);
    assert.equal(intents.named(""), null);
  });
});

describe("A draft", () => {
  const suggestion = { intent: "login.locked", text: "Unlock it like this.", confidence: 0.9 };

  it("remembers the suggestion it is made from, and tells whether it was changed", () => {
    const origin = new DraftOrigin();
    origin.inserted("  ", suggestion);
    origin.changed("Unlock it like this. Cheers");
    const made = origin.suggestion;
    assert.ok(made);
    assert.deepEqual(made, { intent: "login.locked", text: "Unlock it like this." });
    assert.deepEqual(
      usedSuggestion("Unlock it like this. Cheers", made),
      { intent: "login.locked", edited: true },
    );
    assert.equal(usedSuggestion("Unlock it like this.", made).edited, false);
    // The composer cuts the spaces around what it sends.
    assert.equal(usedSuggestion("a", { intent: "i", text: "a\n" }).edited, false);
  });

  it("forgets it when it is emptied", () => {
    const origin = new DraftOrigin();
    origin.inserted("", suggestion);
    origin.changed(" ");
    assert.equal(origin.suggestion, null);
  });

  it("is made from no one suggestion when there are several texts in it", () => {
    const origin = new DraftOrigin();
    origin.inserted("Hello!", suggestion);
    assert.equal(origin.suggestion, null);
    origin.inserted("", suggestion);
    origin.inserted(suggestion.text, { text: "Another." });
    assert.equal(origin.suggestion, null);
  });

  it("is made from no intent's suggestion when it is an article or a canned reply", () => {
    const origin = new DraftOrigin();
    origin.inserted("", { text: "From an article." });
    assert.equal(origin.suggestion, null);
    origin.inserted("");
    assert.equal(origin.suggestion, null);
  });
});
