// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection } from "../shared/connection.js";
import { listed } from "../shared/letter-store.js";
import { Election } from "../widget/tabs/election.js";
import { TabChannel } from "../widget/tabs/tab-channel.js";
import { TabIdentity, claimsOf } from "../widget/tabs/tab-identity.js";
import { TabLine } from "../widget/tabs/tab-line.js";
import { TabOutbox } from "../widget/tabs/tab-outbox.js";
import { ManualClock, settle } from "./support/manual-clock.js";
import { ScriptedServer } from "./support/scripted-server.js";
import { TabWorld } from "./support/tab-world.js";

/** Tabs that stand for election, one after the other. */
function assembly(count = 3, conditions = {}) {
  const world = new TabWorld();
  const clock = new ManualClock();
  const seats = Array.from({ length: count }, () => {
    const tab = world.tab(conditions);
    const channel = new TabChannel("tabs", tab.open);
    /** @type {string[]} */
    const told = [];
    const election = new Election({
      name: "tabs",
      channel,
      locks: tab.locks,
      clock,
      random: () => 0.5,
      onElected: () => told.push("leads"),
      onFollowing: () => told.push("follows"),
      onDeposed: () => told.push("deposed"),
    });
    return { tab, channel, election, told };
  });
  const campaign = async (ms = 0) => {
    for (const { election } of seats) {
      election.campaign();
      await clock.advance(ms);
    }
  };
  const leaders = () => seats.filter(({ tab, election }) => tab.isOpen && election.role === "leader");
  return { seats, clock, campaign, leaders };
}

describe("Election", () => {
  for (const hasLocks of [true, false]) {
    const how = hasLocks ? "by a lock" : "by word of mouth";

    it(`chooses the first tab, and tells the others (${how})`, async () => {
      const { seats, campaign } = assembly(3, { hasLocks });
      await campaign(200);
      assert.deepEqual(seats.map(({ told }) => told), [["leads"], ["follows"], ["follows"]]);
      const name = seats[0].channel.id;
      assert.deepEqual(seats.map(({ election }) => election.leader), [null, name, name]);
    });

    it(`has one leader when all stand at once (${how})`, async () => {
      const { seats, clock, campaign, leaders } = assembly(5, { hasLocks });
      await campaign();
      await clock.advance(1000);
      assert.equal(leaders().length, 1);
      const { id } = leaders()[0].channel;
      assert.ok(seats.every(({ election }) => election.role === "leader" || election.leader === id));
    });

    it(`has another within a second when the leader leaves (${how})`, async () => {
      const { seats, clock, campaign, leaders } = assembly(3, { hasLocks });
      await campaign(200);
      seats[0].election.resign();
      await clock.advance(1000);
      assert.equal(leaders().length, 1);
      assert.equal(seats[0].election.role, "idle");
    });

    it(`has another when the leader is gone without a word (${how})`, async () => {
      const { seats, clock, campaign, leaders } = assembly(3, { hasLocks });
      await campaign(200);
      seats[0].tab.crash();
      await clock.advance(hasLocks ? 0 : 2500);
      assert.equal(leaders().length, 1);
      const { id } = leaders()[0].channel;
      await clock.advance(0);
      assert.ok(seats.slice(1).every(({ election }) =>
        election.role === "leader" || election.leader === id));
    });

    it(`takes the place of a frozen leader, which follows when it wakes (${how})`, async () => {
      const { seats, clock, campaign, leaders } = assembly(2, { hasLocks });
      await campaign(200);
      seats[0].tab.freeze();
      seats[1].election.check();
      await clock.advance(2500);
      assert.equal(seats[1].election.role, "leader");
      seats[0].tab.thaw();
      await clock.advance(1000);
      assert.deepEqual(leaders(), [seats[1]]);
      assert.deepEqual(seats[0].told.slice(0, 3), ["leads", "deposed", "follows"]);
    });
  }

  it("lets a tab lead alone that cannot hear others", async () => {
    const { seats, campaign } = assembly(2, { hears: false });
    await campaign();
    assert.deepEqual(seats.map(({ told }) => told), [["leads"], ["leads"]]);
  });

  it("leaves a leader in peace that answers", async () => {
    const { seats, clock, campaign } = assembly(2);
    await campaign(200);
    for (let round = 0; round < 5; round += 1) {
      seats[1].election.check();
      await clock.advance(1000);
    }
    assert.deepEqual(seats[0].told, ["leads"]);
  });
});

/** Tabs with a line and an outbox, on one scripted server. */
function office(count = 3) {
  const world = new TabWorld();
  const clock = new ManualClock();
  const server = new ScriptedServer();
  const store = listed("test", null);
  const open = () => {
    const tab = world.tab();
    const channel = new TabChannel("tabs", tab.open);
    /** @type {any[]} */
    const frames = [];
    const seat = { tab, channel, frames, line: /** @type {any} */ (null), outbox: /** @type {any} */ (null) };
    seat.line = new TabLine({
      channel,
      name: "tabs",
      locks: tab.locks,
      clock,
      connect: (heard) => new Connection({
        url: "ws://here/v1/ws", hello: async () => ({ token: "t" }), clock, random: () => 0,
        open: server.open, ...heard,
      }),
      onFrame: (frame) => frames.push(frame),
      onState: () => {},
      onLead: () => void seat.outbox.lead(),
      onRetire: () => seat.outbox.retire(),
      onFollow: () => seat.outbox.follow(),
      position: () => ({ known: frames.length }),
      missed: ({ known }) => frames.slice(known),
      answers: { token: async () => ({ token: "lent" }) },
    });
    seat.outbox = new TabOutbox({
      channel,
      line: seat.line,
      store,
      clock,
      send: async ({ c, cid, text }) => {
        const ack = await seat.line.request("msg.send", { c, d: { cid, text } });
        return { c: ack.c, s: ack.d.s };
      },
      onChange: () => {},
      onPlaced: () => {},
      isLogged: () => false,
    });
    return seat;
  };
  const seats = Array.from({ length: count }, open);
  const begin = async () => {
    for (const { line } of seats) {
      line.start();
      await settle();
    }
    server.welcome();
    await settle();
  };
  /** What reached the server as messages, over all sockets. */
  const sent = () => server.sockets.flatMap((socket) => socket.sent).filter(({ t }) => t === "msg.send");
  const acknowledge = async (s = 2) => {
    const { id } = sent().at(-1);
    server.socket.receive({ t: "ack", re: id, c: "cnv_1", d: { s } });
    await settle();
  };
  return { seats, clock, server, store, begin, open, sent, acknowledge };
}

/** @param {string} cid @param {string | null} [c] */
const draft = (cid, c = null) => ({ cid, c, text: cid });
const states = (/** @type {any} */ { outbox }) =>
  outbox.letters.map((/** @type {any} */ { cid, state }) => `${cid} ${state}`);

describe("TabLine", () => {
  it("needs one socket for all tabs, and every frame reaches each of them", async () => {
    const { seats, server, begin } = office();
    await begin();
    server.socket.receive({ t: "msg.new", c: "cnv_1", s: 2, p: 1, d: {} });
    await settle();
    assert.equal(server.sockets.length, 1);
    assert.deepEqual(seats.map(({ frames }) => frames.map(({ t }) => t)),
      [["welcome", "msg.new"], ["welcome", "msg.new"], ["welcome", "msg.new"]]);
    assert.ok(seats.every(({ line }) => line.isOnline));
  });

  it("brings a tab that is opened later up to date without asking the server", async () => {
    const { server, begin, open } = office(1);
    await begin();
    server.socket.receive({ t: "msg.new", c: "cnv_1", s: 2, p: 1, d: {} });
    const late = open();
    late.line.start();
    await settle();
    assert.deepEqual(late.frames.map(({ t }) => t), ["welcome", "msg.new"]);
    assert.equal(server.sockets.length, 1);
  });

  it("carries requests, answers and refusals of a tab that does not lead", async () => {
    const { seats: [, tab], server, begin } = office(2);
    await begin();
    const asked = tab.line.request("csat", { c: "cnv_1", d: { score: 5 } });
    const refused = tab.line.request("human", { c: "cnv_9" });
    await settle();
    const [, first, second] = server.socket.sent;
    server.socket.receive({ t: "ack", re: first.id, c: "cnv_1", d: { s: 7 } });
    server.socket.receive({ t: "err", re: second.id, d: { code: "not_found", status: 404 } });
    assert.equal((await asked).d.s, 7);
    await assert.rejects(refused, { code: "not_found", status: 404 });
    assert.deepEqual(await tab.line.ask("token"), { token: "lent" });
  });

  it("fails what was asked of a leader that is gone, and connects from the next tab", async () => {
    const { seats: [leader, tab], server, begin } = office(2);
    await begin();
    const asked = tab.line.request("csat", { c: "cnv_1", d: { score: 5 } });
    const failed = assert.rejects(asked, { code: "disconnected" });
    await settle();
    leader.tab.crash();
    await settle();
    await failed;
    assert.equal(server.sockets.length, 2);
    server.welcome();
    assert.ok(tab.line.isOnline);
  });

  it("hands over while the browser keeps its page still, and follows afterwards", async () => {
    const { seats: [leader, tab], server, begin } = office(2);
    await begin();
    leader.line.suspend();
    await settle();
    assert.equal(server.sockets[0].closedWith, 1000);
    assert.equal(tab.line.isLeading, true);
    leader.line.resume();
    server.welcome();
    await settle();
    assert.equal(leader.line.isLeading, false);
    assert.ok(leader.line.isOnline);
  });
});

describe("TabOutbox", () => {
  it("sends what all tabs write through one, in the order it was written", async () => {
    const { seats: [one, two, three], clock, begin, sent, acknowledge } = office();
    await begin();
    void two.outbox.add(draft("first"));
    await clock.advance(1);
    void three.outbox.add(draft("second"));
    await clock.advance(1);
    void one.outbox.add(draft("third"));
    await settle();
    for (const s of [2, 3, 4]) await acknowledge(s);
    assert.deepEqual(sent().map(({ d, c }) => [d.cid, c]),
      [["first", undefined], ["second", "cnv_1"], ["third", "cnv_1"]]);
  });

  it("shows every tab what is on its way", async () => {
    const { seats, begin, acknowledge } = office();
    await begin();
    void seats[1].outbox.add(draft("hi"));
    assert.deepEqual(states(seats[1]), ["hi waiting"]);
    await settle();
    assert.deepEqual(seats.map(states), [["hi sending"], ["hi sending"], ["hi sending"]]);
    await acknowledge();
    assert.deepEqual(seats.map(states), [["hi accepted"], ["hi accepted"], ["hi accepted"]]);
    for (const { outbox } of seats) outbox.logged("hi");
    await settle();
    assert.deepEqual(seats.map(states), [[], [], []]);
  });

  it("sends again, by the same name, what a tab was sending when it crashed", async () => {
    const { seats, server, store, begin, sent, acknowledge } = office();
    await begin();
    void seats[2].outbox.add(draft("hi"));
    await settle();
    seats[0].tab.crash();
    await settle();
    server.welcome();
    void seats[1].outbox.flush();
    await settle();
    assert.deepEqual(sent().map(({ d }) => d.cid), ["hi", "hi"]);
    await acknowledge();
    assert.deepEqual(seats.slice(1).map(states), [["hi accepted"], ["hi accepted"]]);
    assert.deepEqual(await store.all(), []);
  });

  it("sends what a tab had only stored when it was closed", async () => {
    const { seats: [one], store, begin, sent } = office(1);
    await store.put({ ...draft("stored"), at: 1, state: "sending" });
    await begin();
    void one.outbox.flush();
    await settle();
    assert.deepEqual(sent().map(({ d }) => d.cid), ["stored"]);
  });

  it("keeps what was written while no tab leads, and hands it to the next", async () => {
    const { seats: [one, two, three], server, clock, begin, sent } = office();
    await begin();
    one.tab.freeze();
    void three.outbox.add(draft("into the void"));
    three.line.wake();
    await clock.advance(1600);
    server.welcome();
    for (const { outbox } of [two, three]) void outbox.flush();
    await settle();
    assert.deepEqual(sent().map(({ d }) => d.cid), ["into the void"]);
  });

  it("puts into the same conversation what two tabs wrote before there was one", async () => {
    const { seats: [one, two], clock, begin, sent, acknowledge } = office(2);
    await begin();
    void one.outbox.add(draft("hello"));
    const late = { ...draft("hello too"), at: clock.now(), state: "waiting" };
    await acknowledge();
    two.channel.post("letter", { letter: late });
    await settle();
    assert.deepEqual(sent().map(({ c }) => c), [undefined, "cnv_1"]);
  });

  it("retries and discards for a tab that does not lead", async () => {
    const { seats: [, two], server, begin, sent } = office(2);
    await begin();
    void two.outbox.add(draft("long"));
    await settle();
    server.socket.receive({ t: "err", re: sent()[0].id, d: { code: "too_large", status: 413 } });
    await settle();
    assert.deepEqual(states(two), ["long failed"]);
    void two.outbox.retry("long");
    await settle();
    assert.equal(sent().length, 2);
    server.socket.receive({ t: "err", re: sent()[1].id, d: { code: "too_large", status: 413 } });
    await settle();
    two.outbox.remove("long");
    await settle();
    assert.deepEqual(states(two), []);
  });

  it("is empty everywhere after an end", async () => {
    const { seats: [one], store, begin } = office(1);
    await begin();
    void one.outbox.add(draft("secret"));
    one.line.stop();
    await one.outbox.clear();
    await settle();
    assert.deepEqual(await store.all(), []);
  });
});

describe("TabIdentity", () => {
  const jwt = (/** @type {object} */ claims) => `e30.${btoa(JSON.stringify(claims))}.sign`;

  it("asks the tab whose page can name the customer", async () => {
    const world = new TabWorld();
    /** @param {string | null} token */
    const seat = (token) => {
      /** @type {string[]} */
      const named = [];
      const identity = new TabIdentity({
        channel: new TabChannel("tabs", world.tab().open),
        host: { identity: async () => token },
        onNamed: (who) => named.push(who),
      });
      return { identity, named };
    };
    const token = jwt({ sub: "u-1", exp: 1 });
    const [anonymous, known] = [seat(null), seat(token)];
    assert.equal(await anonymous.identity.token(), null);
    await known.identity.tell();
    await settle();
    assert.deepEqual(anonymous.named, ['{"sub":"u-1"}']);
    assert.equal(await anonymous.identity.token(), token);
  });

  it("takes two tokens of one customer for the same, and of another for another", () => {
    assert.equal(claimsOf(jwt({ sub: "u", exp: 1, iat: 0 })), claimsOf(jwt({ sub: "u", exp: 9 })));
    assert.notEqual(claimsOf(jwt({ sub: "u" })), claimsOf(jwt({ sub: "v" })));
    assert.equal(claimsOf(null), "");
    assert.equal(claimsOf("nonsense"), "nonsense");
  });
});
