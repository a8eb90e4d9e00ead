// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeptValues } from "../shared/storage.js";
import { ChatBook } from "../widget/chat-book.js";
import { Drafts } from "../widget/models/drafts.js";
import { WidgetSession } from "../widget/models/session.js";
import { PartitionedCookies } from "../widget/partitioned-cookies.js";
import { settle } from "./support/manual-clock.js";

const memory = () => new KeptValues("test", () => null);

describe("Drafts", () => {
  it("keep one for each conversation, over a reload as well", () => {
    const perTab = memory();
    const drafts = new Drafts(perTab);
    drafts.move("cnv_1");
    drafts.text = "half a thought";
    assert.equal(drafts.move("cnv_2"), "");
    drafts.text = "another";
    const reloaded = new Drafts(perTab);
    assert.equal(reloaded.place, "cnv_2");
    assert.equal(reloaded.text, "another");
    assert.equal(reloaded.move("cnv_2"), null);
    assert.equal(reloaded.move("cnv_1"), "half a thought");
  });

  it("take along what was begun before there was a conversation", () => {
    const drafts = new Drafts(memory());
    drafts.text = "and another thing";
    assert.equal(drafts.move("cnv_1"), null);
    assert.equal(drafts.text, "and another thing");
    assert.equal(drafts.move(null), "");
  });
});

describe("ChatBook", () => {
  const book = (/** @type {(mark: any) => void} */ onMark = () => {}) =>
    new ChatBook({
      kept: memory(),
      connection: { request: async () => ({ t: "ack" }) },
      session: /** @type {any} */ (null),
      onChange: () => {},
      onFrame: () => {},
      onMark,
    });
  const at = "2026-05-01T12:00:00.000Z";
  const frames = [
    { t: "conv.upd", c: "cnv_1", s: 1, p: 0, d: { at, status: "bot", owner: { kind: "bot" } } },
    { t: "msg.new", c: "cnv_1", s: 2, p: 1, d: { m: "msg_2", from: { kind: "bot" }, at } },
    { t: "msg.new", c: "cnv_1", s: 4, p: 2, d: { m: "msg_4", from: { kind: "bot" }, at } },
  ];

  it("tells another tab what it does not know, and nothing twice", () => {
    const known = book();
    known.welcomed({ epoch: "e1", conversations: [] });
    for (const frame of frames) known.open("cnv_1").receive(frame);
    const seen = (/** @type {any} */ position) =>
      known.missed(position).filter(({ s }) => s).map(({ s }) => s);
    assert.deepEqual(seen({}), [1, 2, 4]);
    assert.deepEqual(seen({ epoch: "e1", resume: [{ c: "cnv_1", s: 2 }] }), [4]);
    assert.deepEqual(seen({ epoch: "e0", resume: [{ c: "cnv_1", s: 4 }] }), [1, 2, 4]);
    assert.deepEqual(book().missed({}), []);
  });

  it("counts as read what was read in another tab", () => {
    /** @type {any[]} */
    const marks = [];
    const [here, there] = [book((mark) => marks.push(mark)), book()];
    for (const each of [here, there]) {
      for (const frame of frames) each.open("cnv_1").receive(frame);
    }
    assert.equal(there.unreadCount, 2);
    here.mark("read", "cnv_1", 4);
    for (const { name, key, value } of marks) there.keep(name, key, value);
    assert.equal(there.unreadCount, 0);
  });

  it("turns to the conversation that this tab showed last, if it is still open", () => {
    const kept = memory();
    const again = new ChatBook({
      kept, place: "cnv_1", connection: { request: async () => ({ t: "ack" }) },
      session: /** @type {any} */ (null), onChange: () => {}, onFrame: () => {},
    });
    const open = ["cnv_1", "cnv_2"].map((c) => ({ c, s: 0, status: "bot" }));
    again.welcomed({ epoch: "e1", conversations: open });
    assert.equal(again.current, "cnv_1");
  });

  describe("whose conversation ended while its customer was away", () => {
    const ended = (/** @type {object} */ rest) => [{ c: "cnv_1", s: 4, at, rated: false, ...rest }];
    const welcome = (/** @type {object} */ rest = {}) =>
      ({ epoch: "e1", conversations: [], ended: ended(rest) });

    it("returns to it for what was not read, and for a rating", () => {
      const unread = book();
      unread.mark("read", "cnv_1", 2);
      unread.welcomed(welcome({ rated: true }));
      assert.equal(unread.current, "cnv_1");
      assert.equal(unread.chat?.isResolved, true);
      const unrated = book();
      unrated.mark("read", "cnv_1", 4);
      unrated.welcomed(welcome());
      assert.equal(unrated.current, "cnv_1");
    });

    it("begins afresh when nothing is left to see or to say", () => {
      const [here, elsewhere] = [book(), book()];
      here.mark("read", "cnv_1", 4);
      here.mark("rated", "cnv_1", true);
      here.welcomed(welcome());
      assert.equal(here.current, null);
      elsewhere.welcomed(welcome({ rated: true }));
      assert.equal(elsewhere.current, null);
    });

    it("never leaves what is open, or has just been begun, for it", () => {
      const open = book();
      const conversations = [{ c: "cnv_2", s: 1, status: "open" }];
      open.welcomed({ ...welcome(), conversations });
      assert.equal(open.current, "cnv_2");
      const begun = book();
      begun.welcomed(welcome(), true);
      assert.equal(begun.current, null);
      const later = book();
      later.welcomed({ epoch: "e1", conversations: [], ended: [] });
      later.welcomed(welcome());
      assert.equal(later.current, null);
    });

    it("tells the tabs that follow", () => {
      const [leads, follows] = [book(), book()];
      leads.welcomed(welcome());
      for (const { t, d } of leads.missed({})) if (t === "welcome") follows.welcomed(d);
      assert.equal(follows.current, "cnv_1");
    });
  });
});

describe("WidgetSession of several tabs", () => {
  /** @param {Partial<ConstructorParameters<typeof WidgetSession>[0]>} options */
  const begin = (options = {}) => {
    /** @type {[string, any][]} */
    const asked = [];
    const kept = memory();
    const session = new WidgetSession({
      site: "site_1",
      kept,
      identity: async () => null,
      now: () => 0,
      fetch: async (url, init) => {
        asked.push([String(url), init]);
        const body = { token: "tok", visitor: "vis", expires_at: new Date(600_000).toISOString() };
        return new Response(JSON.stringify(body), { status: 201 });
      },
      ...options,
    });
    return { session, asked, kept };
  };

  it("opens one session however often it is asked at once", async () => {
    const { session, asked } = begin();
    await Promise.all([session.fresh(false), session.fresh(false)]);
    assert.equal(asked.length, 1);
  });

  it("uses the token of the tab that leads", async () => {
    const { session, asked } = begin({ borrow: async () => ({ token: "lent", expiresAt: 600_000 }) });
    assert.equal(await session.fresh(false), "lent");
    assert.deepEqual(await session.lend(false), {
      token: "lent", expiresAt: 600_000, identity: null,
    });
    assert.equal(asked.length, 0);
  });

  it("keeps nothing of an answer that comes after the end", async () => {
    const { session, kept } = begin();
    const late = session.fresh(false);
    session.end();
    await late;
    await settle();
    assert.equal(session.token, null);
    assert.equal(kept.get("visitor"), null);
  });
});

describe("KeptValues", () => {
  it("forget the values of their scope, in cookies too", () => {
    /** @type {Map<string, string>} */
    const jar = new Map();
    const cookies = new PartitionedCookies({
      get cookie() {
        return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      },
      set cookie(text) {
        const [, name, value] = /** @type {RegExpMatchArray} */ (text.match(/^([^=]+)=([^;]*)/));
        if (text.includes("Max-Age=0")) jar.delete(name);
        else jar.set(name, value);
      },
    }, "/widget/v1/frame");
    const [mine, others] = ["a", "b"].map((scope) => new KeptValues(scope, () => cookies));
    mine.set("visitor", "vis");
    others.set("visitor", "other");
    mine.clear();
    assert.equal(mine.get("visitor"), null);
    assert.equal(others.get("visitor"), "other");
  });
});
