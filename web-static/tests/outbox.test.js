// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listed } from "../shared/letter-store.js";
import { Outbox } from "../shared/outbox.js";
import { WireError } from "../shared/wire-error.js";
import { ManualClock, settle } from "./support/manual-clock.js";

/**
 * An outbox whose letters are answered by `answer`.
 * @param {(letter: any, attempt: number) => {c: string, s: number}} answer
 */
function begin(answer, store = listed("test", null)) {
  const clock = new ManualClock();
  /** @type {any[]} */
  const sent = [];
  const outbox = new Outbox({
    store,
    clock,
    random: () => 0,
    onChange: () => {},
    send: async (letter) => {
      sent.push({ ...letter });
      return answer(letter, sent.length);
    },
  });
  return { outbox, sent, clock, store };
}

/** @param {string} cid @param {string | null} [c] */
const draft = (cid, c = null) => ({ cid, c, text: cid });
const accepted = () => ({ c: "cnv_1", s: 2 });

describe("Outbox", () => {
  it("sends one letter at a time, in the order they were written", async () => {
    /** @type {((value: any) => void)[]} */
    const answers = [];
    const outbox = new Outbox({
      store: listed("test", null),
      onChange: () => {},
      send: () => new Promise((resolve) => answers.push(resolve)),
    });
    void outbox.add(draft("one"));
    void outbox.add(draft("two"));
    await settle();
    assert.equal(answers.length, 1);
    answers[0](accepted());
    await settle();
    assert.equal(answers.length, 2);
  });

  it("lets the first letter start the conversation of those behind it", async () => {
    const { outbox, sent } = begin(accepted);
    void outbox.add(draft("one"));
    void outbox.add(draft("two"));
    await settle();
    assert.deepEqual(sent.map(({ c }) => c), [null, "cnv_1"]);
  });

  it("takes what another tab wrote before it could hear of the conversation along", async () => {
    const { outbox, sent, clock } = begin(accepted);
    void outbox.add(draft("one"));
    await settle();
    const at = clock.now() + 50;
    outbox.adopt([{ ...draft("two"), at, state: "waiting", tab: "other" }]);
    await outbox.flush();
    assert.deepEqual(sent.map(({ c }) => c), [null, "cnv_1"]);
    // Long after, it was meant as a conversation of its own.
    const late = clock.now() + 60_000;
    outbox.adopt([{ ...draft("three"), at: late, state: "waiting", tab: "other" }]);
    await outbox.flush();
    assert.deepEqual(sent.map(({ c }) => c), [null, "cnv_1", null]);
  });

  it("lets nothing but a first letter say where those behind it go", async () => {
    const { outbox, sent } = begin(accepted);
    void outbox.add(draft("of an earlier one", "cnv_0"));
    void outbox.add(draft("a new one"));
    await settle();
    assert.deepEqual(sent.map(({ c }) => c), ["cnv_0", null]);
  });

  it("leaves an opinion with the conversation it is about when that one is gone", async () => {
    const { outbox, sent } = begin((_, attempt) => {
      if (attempt === 1) throw new WireError({ code: "gone" });
      return accepted();
    });
    void outbox.add(draft("again", "cnv_0"));
    void outbox.add({ ...draft("opinion", "cnv_0"), m: "msg_1", helpful: true });
    await settle();
    assert.deepEqual(sent.map(({ c }) => c), ["cnv_0", null, "cnv_0"]);
  });

  it("keeps a letter over a lost connection and sends it again with the same cid", async () => {
    const { outbox, sent } = begin((_, attempt) => {
      if (attempt === 1) throw WireError.disconnected();
      return accepted();
    });
    await outbox.add(draft("one"));
    assert.equal(outbox.letters[0].state, "waiting");
    await outbox.flush();
    assert.deepEqual(sent.map(({ cid }) => cid), ["one", "one"]);
    assert.equal(outbox.letters[0].state, "accepted");
  });

  it("waits as long as it is told when it is too fast", async () => {
    const { outbox, sent, clock } = begin((_, attempt) => {
      if (attempt === 1) {
        throw new WireError({ code: "rate_limited", temporary: true, retry_ms: 1200 });
      }
      return accepted();
    });
    await outbox.add(draft("one"));
    await clock.advance(1100);
    assert.equal(sent.length, 1);
    await clock.advance(200);
    assert.equal(outbox.letters[0].state, "accepted");
  });

  it("starts one new conversation for everything meant for one that is gone", async () => {
    const { outbox, sent } = begin((letter) => {
      if (letter.c === "cnv_old") throw new WireError({ code: "gone", temporary: false });
      return { c: "cnv_new", s: 2 };
    });
    void outbox.add(draft("one", "cnv_old"));
    void outbox.add(draft("two", "cnv_old"));
    await settle();
    assert.deepEqual(
      sent.map(({ cid, c }) => [cid, c]),
      [["one", "cnv_old"], ["one", null], ["two", "cnv_new"]],
    );
  });

  it("marks a refused letter, goes on with the next, and sends it again when asked", async () => {
    let isRefusing = true;
    const { outbox } = begin((letter) => {
      if (letter.cid === "one" && isRefusing) {
        throw new WireError({ code: "too_large", temporary: false });
      }
      return accepted();
    });
    void outbox.add(draft("one"));
    void outbox.add(draft("two"));
    await settle();
    assert.deepEqual(
      outbox.letters.map(({ state, code }) => [state, code]),
      [["failed", "too_large"], ["accepted", undefined]],
    );
    isRefusing = false;
    await outbox.retry("one");
    assert.equal(outbox.letters[0].state, "accepted");
  });

  it("takes a changed view along when a stale reply is sent anyway", async () => {
    const { outbox, sent } = begin((letter) => {
      if (letter.seen < 9) throw new WireError({ code: "stale_view", temporary: false });
      return accepted();
    });
    await outbox.add({ ...draft("one", "cnv_1"), kind: "reply", seen: 7 });
    await outbox.retry("one", { seen: 9 });
    assert.deepEqual(sent.map(({ seen }) => seen), [7, 9]);
  });

  it("survives a reload: what was on its way goes again, what was accepted does not", async () => {
    const store = listed("test", null);
    const first = begin((letter) => {
      if (letter.cid === "two") throw WireError.disconnected();
      return accepted();
    }, store);
    void first.outbox.add(draft("one"));
    void first.outbox.add(draft("two"));
    await settle();
    const second = begin(accepted, store);
    await second.outbox.load();
    await second.outbox.flush();
    assert.deepEqual(second.sent.map(({ cid }) => cid), ["two"]);
    assert.deepEqual((await store.all()).length, 0);
  });

  it("forgets a letter once the log shows it", async () => {
    const { outbox } = begin(accepted);
    await outbox.add(draft("one"));
    outbox.remove("one");
    assert.equal(outbox.letters.length, 0);
  });

  it("does not wait for an event that the log shows already", async () => {
    const outbox = new Outbox({
      store: listed("test", null),
      onChange: () => {},
      isLogged: (_, s) => s <= 4,
      send: async () => ({ c: "cnv_1", s: 4 }),
    });
    await outbox.add(draft("sent before"));
    assert.deepEqual(outbox.letters, []);
  });

  it("does not store again what was given up while it was on its way", async () => {
    const store = listed("test", null);
    /** @type {(error: Error) => void} */
    let fail = () => {};
    const outbox = new Outbox({
      store,
      onChange: () => {},
      send: () => new Promise((_, reject) => (fail = reject)),
    });
    void outbox.add(draft("secret"));
    outbox.retire();
    await store.clear();
    fail(WireError.disconnected());
    await settle();
    assert.deepEqual(await store.all(), []);
  });

  it("remembers to which conversation something was written that had to start another", async () => {
    const { outbox } = begin((letter, attempt) => {
      if (attempt === 1) throw new WireError({ code: "gone" });
      return { c: "cnv_2", s: 2 };
    });
    await outbox.add(draft("again", "cnv_1"));
    assert.deepEqual(outbox.letters.map(({ c, was }) => [c, was]), [["cnv_2", "cnv_1"]]);
  });
});

describe("A list of letters in a storage", () => {
  it("is one list for all tabs, and is wiped for its site only", async () => {
    /** @type {Map<string, string>} */
    const values = new Map();
    const storage = /** @type {any} */ ({
      getItem: (/** @type {string} */ key) => values.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ text) => values.set(key, text),
      removeItem: (/** @type {string} */ key) => values.delete(key),
    });
    const [one, other, elsewhere] = ["a", "a", "b"].map((scope) => listed(scope, storage));
    const letter = (/** @type {string} */ cid) =>
      ({ ...draft(cid), at: 0, state: /** @type {const} */ ("waiting") });
    await one.put(letter("one"));
    await other.put(letter("two"));
    await elsewhere.put(letter("three"));
    assert.deepEqual((await one.all()).map(({ cid }) => cid), ["one", "two"]);
    await one.clear();
    assert.deepEqual(await other.all(), []);
    assert.equal((await elsewhere.all()).length, 1);
    assert.deepEqual([one.lasts, listed("a", null).lasts], [true, false]);
  });
});
