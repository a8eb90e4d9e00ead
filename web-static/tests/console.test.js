// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filledIn, matchingReplies, slashQuery } from "../console/models/canned.js";
import { InboxModel } from "../console/models/inbox-model.js";
import { OffersModel } from "../console/models/offers-model.js";
import { shortcutFor, shortcuts } from "../console/models/shortcuts.js";
import { ThreadModel } from "../console/models/thread-model.js";
import { say } from "../console/strings.js";
import { ManualClock } from "./support/manual-clock.js";

const me = "agt_1";
const at = "2026-05-01T12:00:00.000Z";

/** @param {string} c @param {object} [changes] @returns {any} */
const row = (c, changes = {}) =>
  ({
    c,
    site: { key: "s", name: "S" },
    contact: { id: "ctc_1", name: "Ida" },
    status: "bot",
    owner: { kind: "bot" },
    s: 1,
    updated_at: at,
    ...changes,
  });

describe("InboxModel", () => {
  it("sorts conversations into the lists they belong to", () => {
    const inbox = new InboxModel(me);
    inbox.add(row("bot"));
    inbox.add(row("queue", { status: "queued", owner: { kind: "queue" } }));
    inbox.add(row("mine", { status: "open", owner: { kind: "agent", id: me } }));
    inbox.add(row("theirs", { status: "open", owner: { kind: "agent", id: "agt_2" } }));
    inbox.add(row("done", { status: "resolved", owner: { kind: "nobody" } }));
    assert.deepEqual(inbox.counts, { mine: 1, queue: 1, bot: 1, all: 4, resolved: 1 });
    assert.equal(inbox.list("mine")[0].c, "mine");
  });

  it("shows who waits longest first in the queue, and the newest first elsewhere", () => {
    const inbox = new InboxModel(me);
    const waiting = (/** @type {string} */ c, /** @type {string} */ since) =>
      inbox.add(
        row(
          c,
          {
            status: "queued",
            waiting_since: `2026-05-01T12:${since}:00Z`,
            updated_at: `2026-05-01T13:${since}:00Z`,
          },
        ),
      );
    waiting("b", "10");
    waiting("a", "05");
    assert.deepEqual(inbox.list("queue").map(({ c }) => c), ["a", "b"]);
    assert.deepEqual(inbox.list("all").map(({ c }) => c), ["b", "a"]);
  });

  it("remembers the feed's position and never goes back to an older row", () => {
    const inbox = new InboxModel(me);
    inbox.receive({ t: "inbox.delta", f: 12, d: row("a", { s: 5, status: "queued" }) });
    inbox.receive({ t: "inbox.delta", f: 9, d: row("a", { s: 3 }) });
    assert.equal(inbox.feed, 12);
    assert.equal(inbox.row("a")?.status, "queued");
  });

  it("knows what a customer wrote to me and I have not seen", () => {
    const inbox = new InboxModel(me);
    const mine = row(
      "a",
      {
        s: 4,
        owner: { kind: "agent", id: me },
        status: "open",
        preview: { kind: "customer", text: "?" },
      },
    );
    inbox.add(mine);
    assert.equal(inbox.unseenCount, 1);
    inbox.markSeen("a", 4);
    assert.equal(inbox.isUnseen(mine), false);
  });
});

/** @param {number} s @param {string} t @param {object} d */
const event = (s, t, d) => ({ t, c: "cnv_1", s, p: s - 1, d: { at, ...d } });

describe("ThreadModel", () => {
  it("tells messages, notes, pages, decisions and what happened in one order", () => {
    const thread = new ThreadModel("cnv_1", () => {}, new ManualClock());
    const frames = [
      event(1, "conv.upd", { status: "bot", owner: { kind: "bot" } }),
      event(2, "msg.new", { m: "m1", from: { kind: "customer", id: "ctc" }, text: "hi" }),
      event(3, "event.new", { type: "context", url_path: "/a", title: "A" }),
      event(4, "event.new", { type: "context", url_path: "/b", title: "B" }),
      event(5, "event.new", { type: "decided", action: "hand_off", confidence: 0.3 }),
      event(
        6,
        "event.new",
        { type: "offered", agent: { id: me, name: "Mara" }, why: ["least busy"] },
      ),
      event(
        7,
        "event.new",
        { type: "note", m: "m2", cid: "n1", from: { kind: "agent", id: me }, text: "aside" },
      ),
      event(8, "event.new", { type: "something.later" }),
    ];
    for (const frame of frames) assert.equal(thread.receive(frame).missing, false);
    const entries = thread.entries([]);
    assert.deepEqual(
      entries.map(({ kind, say }) => say ?? kind),
      ["started", "message", "pages", "decision", "offered", "note"],
    );
    assert.deepEqual(entries[2].pages?.map(({ title }) => title), ["A", "B"]);
  });

  it("says who joined and who took over", () => {
    const thread = new ThreadModel("cnv_1", () => {}, new ManualClock());
    const owned = (/** @type {string} */ id) =>
      ({ status: "open", owner: { kind: "agent", id, name: id } });
    thread.receive(event(1, "conv.upd", owned("Mara")));
    thread.receive(event(2, "conv.upd", { ...owned("Mara"), status: "pending" }));
    thread.receive(event(3, "conv.upd", owned("Mara")));
    thread.receive(event(4, "conv.upd", owned("Jonas")));
    assert.deepEqual(
      thread.entries([]).map(({ say }) => say),
      ["joined", "isPending", "isOpen", "joined"],
    );
    assert.equal(thread.owner.name, "Jonas");
  });

  it("says whether the customer was helped", () => {
    const thread = new ThreadModel("cnv_1", () => {}, new ManualClock());
    thread.receive(event(1, "event.new", { type: "feedback", m: "m1", helpful: false }));
    thread.receive(event(2, "event.new", { type: "feedback", m: "m1", helpful: true }));
    assert.deepEqual(
      thread.entries([]).map(({ kind, say: key }) => [kind, say(String(key))]),
      [["event", "Customer: this did not help"], ["event", "Customer: this helped"]],
    );
  });

  it("holds events back across a gap", () => {
    const thread = new ThreadModel("cnv_1", () => {}, new ManualClock());
    thread.receive(event(1, "conv.upd", { status: "bot", owner: { kind: "bot" } }));
    assert.equal(
      thread.receive(event(3, "msg.new", { m: "m", from: { kind: "bot" }, text: "" })).missing,
      true,
    );
    assert.equal(thread.entries([]).length, 1);
  });

  it("shows a reply on its way until the log has it, and marks it read by the watermark", () => {
    const thread = new ThreadModel("cnv_1", () => {}, new ManualClock());
    thread.receive(event(1, "conv.upd", { status: "open", owner: { kind: "agent", id: me } }));
    const letter = {
      cid: "r1",
      c: "cnv_1",
      text: "hello",
      at: 0,
      state: /** @type {const} */ ("sending"),
      kind: /** @type {const} */ ("reply"),
    };
    assert.equal(thread.entries([letter]).at(-1)?.kind, "letter");
    thread.receive(
      event(2, "msg.new", { m: "m1", cid: "r1", from: { kind: "agent", id: me }, text: "hello" }),
    );
    assert.deepEqual(
      thread.entries([letter]).map(({ kind, isSeen }) => [kind, isSeen]).at(-1),
      ["message", false],
    );
    thread.receive({ t: "read", c: "cnv_1", d: { who: "ctc", kind: "customer", upto: 2 } });
    assert.equal(thread.entries([]).at(-1)?.isSeen, true);
  });

  it("finds the colleague's reply that made mine stale", () => {
    const thread = new ThreadModel("cnv_1", () => {}, new ManualClock());
    thread.receive(
      event(
        1,
        "msg.new",
        { m: "m1", from: { kind: "agent", id: "agt_2", name: "Jonas" }, text: "a" },
      ),
    );
    thread.receive(event(2, "msg.new", { m: "m2", from: { kind: "agent", id: me }, text: "b" }));
    assert.equal(thread.latestOfOthers(me)?.d.from.name, "Jonas");
  });
});

describe("OffersModel", () => {
  it("drops an offer when its time is over", async () => {
    const clock = new ManualClock();
    const offers = new OffersModel(() => {}, clock);
    assert.equal(offers.receive({ c: "a", expires_s: 30, why: [], briefing: {} }), true);
    await clock.advance(20_000);
    assert.equal(
      offers.receive({ c: "a", expires_s: 10, why: [], briefing: { summary: "new" } }),
      false,
    );
    assert.equal(offers.list[0].briefing.summary, "new");
    await clock.advance(9_000);
    assert.equal(offers.list.length, 1);
    await clock.advance(1_000);
    assert.equal(offers.list.length, 0);
  });
});

describe("Canned replies", () => {
  const replies = [
    { id: "1", title: "Refund on its way", text: "Sent back." },
    { id: "2", title: "Greeting", text: "Hello" },
    { id: "3", title: "About refunds", text: "…" },
  ];

  it("are found by title first, then by text", () => {
    assert.deepEqual(matchingReplies(replies, "refund").map(({ id }) => id), ["1", "3"]);
    assert.deepEqual(matchingReplies(replies, "hello").map(({ id }) => id), ["2"]);
    assert.equal(matchingReplies(replies, "").length, 3);
  });

  it("are asked for by a slash at the very start only", () => {
    assert.equal(slashQuery("/ref"), "ref");
    assert.equal(slashQuery("see /ref"), null);
    assert.equal(slashQuery("/a\nb"), null);
  });

  it("get their facts, and close the space of one that is missing", () => {
    const text = "Hello {{contact.name}}, I am {{agent.name}}.";
    assert.equal(
      filledIn(text, { "contact.name": "Ida", "agent.name": "Mara" }),
      "Hello Ida, I am Mara.",
    );
    assert.equal(
      filledIn(text, { "contact.name": null, "agent.name": "Mara" }),
      "Hello, I am Mara.",
    );
  });
});

describe("Shortcuts", () => {
  it("work outside fields and without modifiers only", () => {
    assert.equal(shortcutFor({ key: "e" }, false), "resolve");
    assert.equal(shortcutFor({ key: "e" }, true), null);
    assert.equal(shortcutFor({ key: "e", ctrlKey: true }, false), null);
    assert.equal(shortcutFor({ key: "e", altKey: true }, false), null);
    assert.equal(shortcutFor({ key: "é" }, false), null);
  });

  it("are each given once", () => {
    assert.equal(new Set(shortcuts.map(({ key }) => key)).size, shortcuts.length);
  });
});
