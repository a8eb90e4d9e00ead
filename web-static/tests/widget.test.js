// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeptValues } from "../shared/storage.js";
import { contrastOf, inkOn, isColour, textOf } from "../widget/brand.js";
import { Chat } from "../widget/models/chat.js";
import { PageTrail } from "../widget/models/page-trail.js";
import { WidgetSession } from "../widget/models/session.js";
import { PartitionedCookies } from "../widget/partitioned-cookies.js";
import { ManualClock } from "./support/manual-clock.js";

const at = "2026-05-01T12:00:00.000Z";
const memory = () => new KeptValues("test", () => null);
const chat = () => new Chat("cnv_1", { onChange: () => {}, clock: new ManualClock() });

/** @param {number} s @param {number} p @param {object} d */
const upd = (s, p, d) => ({ t: "conv.upd", c: "cnv_1", s, p, d: { at, epoch: 1, ...d } });

/** @param {number} s @param {number} p @param {string} kind @param {object} [d] */
const msg = (s, p, kind, d = {}) =>
  ({
    t: "msg.new",
    c: "cnv_1",
    s,
    p,
    d: { m: `msg_${s}`, from: { kind }, text: `text ${s}`, at, ...d },
  });

const bot = { status: "bot", owner: { kind: "bot" } };
const queued = {
  status: "queued",
  owner: { kind: "queue" },
  reason: { code: "asked_for_person", text: "" },
};
const mara = { status: "open", owner: { kind: "agent", id: "agt_1", name: "Mara" } };

describe("Chat", () => {
  it("tells the story of a hand-over in the customer's words", () => {
    const story = chat();
    const resolved = { status: "resolved", owner: { kind: "nobody" } };
    const frames = [
      upd(1, 0, bot),
      msg(2, 1, "customer"),
      upd(4, 2, queued),
      upd(6, 4, mara),
      upd(7, 6, { ...mara, status: "pending" }),
      upd(8, 7, mara),
      upd(9, 8, resolved),
      upd(10, 9, bot),
    ];
    for (const frame of frames) story.receive(frame);
    assert.deepEqual(
      story.lines([]).flatMap(({ say }) => say ?? []),
      ["toQueue", "joined", "resolved", "reopened"],
    );
  });

  it("names the colleague when a conversation is passed on", () => {
    const story = chat();
    const jonas = { status: "open", owner: { kind: "agent", id: "agt_2", name: "Jonas" } };
    for (const frame of [upd(1, 0, bot), upd(2, 1, mara), upd(3, 2, jonas)]) story.receive(frame);
    assert.deepEqual(story.lines([]).map(({ name }) => name), ["Mara", "Jonas"]);
  });

  it("shows a message once, from clock to tick to double tick", () => {
    const story = chat();
    const letter = {
      cid: "abc",
      c: "cnv_1",
      text: "hi",
      at: Date.parse(at),
      state: /** @type {const} */ ("sending"),
    };
    const mark = (/** @type {any[]} */ letters) =>
      story.lines(letters).filter(({ own }) => own).map((line) => [line.key, line.mark]);
    story.receive(upd(1, 0, bot));
    assert.deepEqual(mark([letter]), [["abc", "clock"]]);
    assert.deepEqual(mark([{ ...letter, state: "accepted" }]), [["abc", "tick"]]);
    story.receive(msg(2, 1, "customer", { cid: "abc" }));
    assert.deepEqual(mark([letter]), [["abc", "tick"]]);
    story.receive({ t: "read", c: "cnv_1", d: { who: "agt_1", kind: "agent", upto: 2 } });
    assert.deepEqual(mark([]), [["abc", "ticks"]]);
  });

  it("counts an answer as having been read, and not the system's notices", () => {
    const story = chat();
    story.receive(upd(1, 0, bot));
    story.receive(msg(2, 1, "customer", { cid: "abc" }));
    story.receive(msg(3, 2, "system"));
    assert.equal(story.lines([])[0].mark, "tick");
    story.receive(msg(4, 3, "bot"));
    assert.equal(story.lines([])[0].mark, "ticks");
  });

  it("shows a failed letter with its reason", () => {
    const [line] = chat().lines([
      { cid: "abc", c: null, text: "hi", at: 0, state: "failed", code: "too_large" },
    ]);
    assert.deepEqual([line.mark, line.code], ["failed", "too_large"]);
  });

  it("keeps the place in the queue until a person has come", () => {
    const story = chat();
    story.receive(upd(1, 0, queued));
    story.receive({ t: "queue.pos", c: "cnv_1", d: { position: 2, expect_s: 40 } });
    assert.equal(story.queue?.position, 2);
    story.receive(upd(2, 1, mara));
    assert.equal(story.queue, null);
  });

  it("puts streamed text together and gives way to the final message", () => {
    const story = chat();
    story.receive(upd(1, 0, bot));
    story.receive({ t: "msg.delta", c: "cnv_1", d: { m: "msg_2", i: 1, text: "lo" } });
    story.receive({ t: "msg.delta", c: "cnv_1", d: { m: "msg_2", i: 0, text: "Hel" } });
    assert.deepEqual(story.lines([]).map(({ kind, text }) => [kind, text]), [["draft", "Hello"]]);
    story.receive(msg(2, 1, "bot"));
    assert.deepEqual(story.lines([]).map(({ kind }) => kind), ["message"]);
    story.receive({ t: "msg.delta", c: "cnv_1", d: { m: "msg_9", i: 0, text: "Hm" } });
    story.receive({ t: "msg.delta", c: "cnv_1", d: { m: "msg_9", end: "dropped" } });
    assert.equal(story.lines([]).length, 1);
  });

  it("groups what one author writes within five minutes", () => {
    const story = chat();
    const later = "2026-05-01T12:20:00.000Z";
    for (const frame of [
      upd(1, 0, bot),
      msg(2, 1, "bot"),
      msg(3, 2, "bot"),
      msg(4, 3, "bot", { at: later }),
    ]) story.receive(frame);
    assert.deepEqual(story.lines([]).map(({ starts }) => starts), [true, false, true]);
  });
});

describe("PageTrail", () => {
  it("numbers pages across page loads and tells each once", () => {
    const kept = memory();
    const perTab = memory();
    const trail = new PageTrail(kept, perTab);
    trail.arrive({ url_path: "/a" });
    trail.arrive({ url_path: "/b" });
    const next = new PageTrail(kept, perTab);
    next.arrive({ url_path: "/c" });
    assert.deepEqual(
      next.take().map((/** @type {any} */ { n, url_path }) => [n, url_path]),
      [[1, "/a"], [2, "/b"], [3, "/c"]],
    );
    assert.deepEqual(next.take(), []);
    assert.deepEqual(next.current, { url_path: "/c", n: 3 });
  });

  it("tells them again on another connection, until a conversation knows of them", () => {
    const [kept, perTab] = [memory(), memory()];
    const trail = new PageTrail(kept, perTab);
    const paths = () => trail.take().map((/** @type {any} */ { url_path }) => url_path);
    for (const url_path of ["/a", "/b"]) trail.arrive({ url_path });
    assert.deepEqual(paths(), ["/a", "/b"]);
    trail.again();
    trail.arrive({ url_path: "/c" });
    assert.deepEqual(paths(), ["/a", "/b", "/c"]);
    trail.arrive({ url_path: "/d" });
    trail.settle();
    trail.again();
    assert.deepEqual(paths(), ["/d"]);
    trail.settle();
    assert.deepEqual(new PageTrail(kept, perTab).take(), []);
  });

  it("keeps the last ten", () => {
    const trail = new PageTrail(memory(), memory());
    for (let index = 0; index < 14; index += 1) trail.arrive({ url_path: `/${index}` });
    assert.equal(trail.take().length, 10);
  });
});

describe("WidgetSession", () => {
  /** @param {(body: any) => [number, object]} answer */
  const begin = (answer, kept = memory(), identity = null) => {
    /** @type {any[]} */
    const asked = [];
    let now = 0;
    const session = new WidgetSession({
      site: "site_1",
      kept,
      identity: async () => identity,
      now: () => now,
      fetch: async (_, init) => {
        asked.push(JSON.parse(String(init?.body)));
        const [status, body] = answer(asked.at(-1));
        return new Response(JSON.stringify(body), { status });
      },
    });
    return { session, asked, pass: (/** @type {number} */ ms) => (now += ms) };
  };
  const granted = () => /** @type {[number, object]} */
    ([201, { token: "tok", visitor: "vis", expires_at: new Date(600_000).toISOString() }]);

  it("keeps the visitor token and comes back with it", async () => {
    const kept = memory();
    const first = begin(granted, kept);
    assert.equal(first.session.isReturning, false);
    assert.equal(await first.session.fresh(false), "tok");
    const second = begin(granted, kept);
    assert.equal(second.session.isReturning, true);
    await second.session.fresh(false);
    assert.deepEqual(second.asked, [{ site: "site_1", visitor: "vis" }]);
  });

  it(
    "uses a token while it is good, and asks again before it ends or when it was refused",
    async () => {
      const { session, asked, pass } = begin(granted);
      await session.fresh(false);
      await session.fresh(false);
      assert.equal(asked.length, 1);
      await session.fresh(true);
      pass(580_000);
      await session.fresh(false);
      assert.equal(asked.length, 3);
    },
  );

  it("sends the host's identity, and forgets the visitor at the end", async () => {
    const kept = memory();
    const { session, asked } = begin(granted, kept, /** @type {any} */ ("jwt"));
    await session.fresh(false);
    assert.equal(asked[0].identity, "jwt");
    session.end();
    assert.equal(kept.get("visitor"), null);
  });

  it("tells a refusal for good from a bad moment", async () => {
    const refused = begin(() => [403, { title: "No" }]);
    await assert.rejects(refused.session.fresh(false), { code: "forbidden", temporary: false });
    const busy = begin(() => [503, {}]);
    await assert.rejects(busy.session.fresh(false), { temporary: true });
  });
});

describe("PartitionedCookies", () => {
  it("writes cookies that stay within the page around and within the frame's path", () => {
    const jar = { cookie: "" };
    const cookies = new PartitionedCookies(jar, "/widget/v1/frame");
    cookies.setItem("maitred:s:visitor", '"v=1; x"');
    const [pair, ...attributes] = jar.cookie.split("; ");
    assert.equal(pair, "maitred%3As%3Avisitor=%22v%3D1%3B%20x%22");
    for (const wanted of ["Path=/widget/v1/frame", "SameSite=None", "Secure", "Partitioned"]) {
      assert.ok(attributes.includes(wanted), wanted);
    }
    jar.cookie = "other=1; maitred%3As%3Avisitor=%22v%3D1%3B%20x%22";
    assert.equal(cookies.getItem("maitred:s:visitor"), '"v=1; x"');
    assert.equal(cookies.getItem("absent"), null);
  });
});

describe("Brand colours", () => {
  it("carry a text that can be read", () => {
    assert.equal(inkOn("#0d6662"), "#ffffff");
    assert.equal(inkOn("#f7d154"), "#10181c");
    assert.equal(inkOn("#e9edf0"), "#10181c");
    assert.equal(isColour("#0d6662"), true);
    assert.equal(isColour("red; background: url(x)"), false);
  });

  it("of every shade carry a text with a contrast of 4.5", () => {
    for (let step = 0; step < 4096; step += 1) {
      const colour = `#${[8, 4, 0].map((shift) => (((step >> shift) & 15) * 17)
        .toString(16).padStart(2, "0")).join("")}`;
      assert.ok(contrastOf(colour, inkOn(colour)) >= 4.5, colour);
    }
  });

  it("can be read as text in the light and in the dark", () => {
    for (const colour of ["#ffd400", "#e9edf0", "#ffffff", "#000000", "#0d6662", "#ff2d55"]) {
      assert.ok(contrastOf(textOf(colour, "light"), "#ffffff") >= 4.5, colour);
      assert.ok(contrastOf(textOf(colour, "dark"), "#1d2326") >= 4.5, colour);
    }
    assert.equal(textOf("#0d6662", "light"), "#0d6662");
  });
});
