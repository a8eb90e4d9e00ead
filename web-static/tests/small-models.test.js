// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Backoff } from "../shared/backoff.js";
import { safeURL } from "../shared/blocks.js";
import { dayName, shortAge } from "../shared/clock.js";
import { newID } from "../shared/ids.js";
import { oncePerFrame } from "../shared/once-per-frame.js";
import { KeptValues } from "../shared/storage.js";
import { Strings } from "../shared/strings.js";
import { TypingSignal } from "../shared/typing-signal.js";
import { TypingTracker } from "../shared/typing-tracker.js";
import { Unread } from "../shared/unread.js";
import { ManualClock } from "./support/manual-clock.js";

describe("oncePerFrame", () => {
  /** @param {import("node:test").TestContext} t */
  function aPage(t) {
    /** @type {(() => void)[]} */
    const frames = [];
    t.mock.timers.enable({ apis: ["setTimeout"] });
    Object.assign(globalThis, {
      document: { visibilityState: "visible" },
      requestAnimationFrame: (/** @type {() => void} */ run) => frames.push(run),
    });
    t.after(() => Object.assign(globalThis, { document: undefined }));
    return { frame: () => frames.splice(0).forEach((run) => run()) };
  }

  it("draws once however often it is asked for", (t) => {
    const { frame } = aPage(t);
    let drawn = 0;
    const ask = oncePerFrame(() => (drawn += 1));
    ask();
    ask();
    frame();
    t.mock.timers.tick(1000);
    assert.equal(drawn, 1);
    ask();
    frame();
    assert.equal(drawn, 2);
  });

  it("draws where no frame comes, as in an embedded page that nothing moves", (t) => {
    const { frame } = aPage(t);
    let drawn = 0;
    const ask = oncePerFrame(() => (drawn += 1));
    ask();
    t.mock.timers.tick(250);
    assert.equal(drawn, 1);
    frame();
    assert.equal(drawn, 1);
  });
});

describe("Backoff", () => {
  it("stays between half a second and a limit that doubles up to half a minute", () => {
    const longest = new Backoff({ random: () => 1 });
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map(() => longest.next()),
      [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000],
    );
    const shortest = new Backoff({ random: () => 0 });
    assert.deepEqual([1, 2, 3].map(() => shortest.next()), [500, 500, 500]);
  });

  it("starts again after a connection that worked", () => {
    const backoff = new Backoff({ random: () => 1 });
    backoff.next();
    backoff.next();
    backoff.reset();
    assert.equal(backoff.next(), 1000);
  });

  it("spreads a wait that the server asked for", () => {
    assert.equal(new Backoff({ random: () => 0 }).hinted(1000), 750);
    assert.equal(new Backoff({ random: () => 1 }).hinted(1000), 1250);
  });
});

describe("TypingTracker", () => {
  it("forgets a writer whose end was lost", async () => {
    const clock = new ManualClock();
    const tracker = new TypingTracker(() => {}, clock);
    tracker.receive({ who: "agt_1", kind: "agent", on: true, name: "Mara" });
    assert.deepEqual(tracker.writers, [{ who: "agt_1", kind: "agent", name: "Mara" }]);
    await clock.advance(7000);
    assert.deepEqual(tracker.writers, []);
  });

  it("stops showing who has just sent what they were writing", () => {
    const tracker = new TypingTracker(() => {}, new ManualClock());
    tracker.receive({ who: "bot", kind: "bot", on: true });
    tracker.receive({ who: "agt_1", kind: "agent", on: true });
    tracker.arrived("bot");
    assert.deepEqual(tracker.writers.map(({ who }) => who), ["agt_1"]);
  });
});

describe("TypingSignal", () => {
  it("tells once in three seconds, and stops after four of quiet", async () => {
    const clock = new ManualClock();
    /** @type {boolean[]} */
    const told = [];
    const signal = new TypingSignal((on) => told.push(on), clock);
    signal.changed("h");
    signal.changed("he");
    assert.deepEqual(told, [true]);
    await clock.advance(3000);
    signal.changed("hel");
    assert.deepEqual(told, [true, true]);
    await clock.advance(4000);
    assert.deepEqual(told, [true, true, false]);
    assert.equal(clock.waiting, 0);
  });

  it("stops at once when the text is gone, and says so only if it had said the other", () => {
    /** @type {boolean[]} */
    const told = [];
    const signal = new TypingSignal((on) => told.push(on), new ManualClock());
    signal.changed("  ");
    signal.changed("a");
    signal.changed("");
    assert.deepEqual(told, [true, false]);
  });
});

describe("Unread", () => {
  const message = (/** @type {number} */ s, /** @type {string} */ kind) =>
    ({ t: "msg.new", s, d: { from: { kind } } });

  it("counts what others wrote after what was read", () => {
    const unread = new Unread(3);
    unread.receive(message(2, "bot"), "customer");
    unread.receive(message(4, "agent"), "customer");
    unread.receive(message(5, "customer"), "customer");
    unread.receive({ t: "conv.upd", s: 6, d: {} }, "customer");
    unread.receive(message(7, "bot"), "customer");
    assert.equal(unread.count, 2);
    assert.equal(unread.read(4), true);
    assert.equal(unread.count, 1);
    assert.equal(unread.read(4), false);
  });
});

describe("safeURL", () => {
  it("allows the web, mail and paths of the site", () => {
    for (const url of [
      "https://a.example/b",
      "http://a.example",
      "mailto:a@b.example",
      "/help/invoices",
    ]) assert.equal(safeURL(url), url);
  });

  it("refuses everything that could run or leave unseen", () => {
    for (const url of [
      "javascript:alert(1)",
      " javascript:x",
      "JAVASCRIPT:x",
      "data:text/html,x",
      "//evil.example",
      "/\\evil.example",
      "vbscript:x",
      "relative",
      "",
      null,
      7,
      {},
    ]) {
      assert.equal(safeURL(url), null);
    }
  });
});

describe("Strings", () => {
  const tables = {
    en: { hi: "Hello {name}", n: { one: "{count} day", other: "{count} days" }, only: "English" },
    ar: { hi: "أهلا {name}", n: { two: "يومان", other: "{count} يوم" } },
  };

  it("takes the first language it has, and its direction", () => {
    const strings = new Strings(tables, ["fr-FR", undefined, "ar-EG", "en"]);
    assert.equal(strings.language, "ar");
    assert.equal(strings.direction, "rtl");
    assert.equal(strings.say("n", { count: 2 }), "يومان");
    assert.equal(strings.say("only"), "English");
  });

  it("fills places and picks plural forms, and survives nonsense", () => {
    const strings = new Strings(tables, ["not a locale", "_"]);
    assert.equal(strings.say("hi", { name: "Ida" }), "Hello Ida");
    assert.equal(strings.say("n", { count: 1 }), "1 day");
    assert.equal(strings.say("missing"), "missing");
  });
});

describe("KeptValues", () => {
  it("falls back to memory where storage is refused", () => {
    const kept = new KeptValues("site", () => {
      throw new Error("denied");
    });
    assert.equal(kept.get("a"), null);
    kept.set("a", { b: 1 });
    assert.deepEqual(kept.get("a"), { b: 1 });
    kept.remove("a");
    assert.equal(kept.get("a"), null);
  });
});

describe("Times", () => {
  it("names ages briefly", () => {
    const now = Date.parse("2026-05-01T12:00:00Z");
    const ago = (/** @type {number} */ seconds) => shortAge(now - seconds * 1000, now);
    assert.deepEqual(
      [0, 44, 60, 600, 7200, 200_000].map(ago),
      ["now", "now", "1m", "10m", "2h", "2d"],
    );
  });

  it("names today and yesterday", () => {
    const now = new Date(2026, 4, 10, 9).getTime();
    assert.equal(dayName(new Date(2026, 4, 10, 1), now, "en"), "Today");
    assert.equal(dayName(new Date(2026, 4, 9, 23), now, "de"), "Gestern");
    assert.equal(dayName(new Date(2026, 3, 2), now, "en"), "April 2");
  });
});

describe("newID", () => {
  it("fits what the protocol allows for a cid", () => {
    assert.match(newID(), /^[A-Za-z0-9-]{8,64}$/);
    assert.notEqual(newID(), newID());
  });
});
