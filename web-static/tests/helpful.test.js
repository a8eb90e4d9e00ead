// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listed } from "../shared/letter-store.js";
import { Outbox } from "../shared/outbox.js";
import { KeptValues } from "../shared/storage.js";
import { WireError } from "../shared/wire-error.js";
import { ChatBook } from "../widget/chat-book.js";
import { Chat } from "../widget/models/chat.js";
import { Opinions } from "../widget/opinions.js";
import { ManualClock, settle } from "./support/manual-clock.js";

const at = "2026-05-01T12:00:00.000Z";
const bot = { kind: "bot" };
const human = { id: "human", title: "Something else" };
const answer = { from: bot, text: "Like this.", decision: "dec_1", blocks: [{ type: "rule" }] };

/** @param {object[]} messages */
function chatWith(...messages) {
  const chat = new Chat("cnv_1", { onChange: () => {}, clock: new ManualClock() });
  for (const [index, d] of messages.entries()) {
    chat.receive({ t: "msg.new", s: index + 1, p: index, d: { at, m: `msg_${index + 1}`, ...d } });
  }
  return chat;
}

/** @param {boolean} helpful @param {object} [changes] @returns {any} */
const letter = (helpful, changes = {}) =>
  ({ cid: "o1", c: "cnv_1", text: "", at: 0, m: "msg_1", helpful, state: "waiting", ...changes });

/** @param {Chat} chat @param {any[]} [letters] @param {Record<string, boolean>} [known] */
const opinion = (chat, letters = [], known = {}) => chat.lines(letters, known)[0].opinion;

describe("Whether an answer helped", () => {
  it("is asked of what the assistant answered", () => {
    const chat = chatWith(
      answer,
      { from: bot, text: "Plain.", decision: "dec_2" },
      { ...answer, choices: [{ id: "invoice_details", title: "Change my address" }, human] },
    );
    assert.deepEqual(chat.lines([]).map((line) => line.opinion !== undefined), [true, true, true]);
  });

  it("is not asked of questions back, of people, or of notices", () => {
    const chat = chatWith(
      { from: bot, text: "Which one?", decision: "dec_1", choices: [human] },
      { from: bot, text: "Nobody decided to say this." },
      { from: { kind: "agent", id: "agt_1" }, text: "Hello" },
      { from: { kind: "system" }, text: "Someone will be here soon." },
      { from: { kind: "customer" }, text: "Thanks" },
    );
    assert.ok(chat.lines([]).every((line) => line.opinion === undefined));
  });

  it("is shown as it was last said, from the moment it is said", () => {
    const chat = chatWith(answer);
    assert.equal(opinion(chat)?.helpful, undefined);
    assert.equal(opinion(chat, [], { msg_1: false })?.helpful, false);
    assert.equal(opinion(chat, [letter(true)], { msg_1: false })?.helpful, true);
    assert.equal(opinion(chat, [letter(true), letter(false, { cid: "o2" })])?.helpful, false);
    assert.equal(opinion(chat, [letter(true, { m: "msg_9" })])?.helpful, undefined);
  });

  it("is shown as before when the server refuses it", () => {
    const refused = letter(true, { state: "failed", code: "conflict" });
    const shown = opinion(chatWith(answer), [refused], { msg_1: false });
    assert.deepEqual(shown, { helpful: false, isRefused: true, offersPerson: true });
  });

  it("is never a message of its own, and is not taken for a picked reply", () => {
    const chat = chatWith(answer);
    assert.equal(chat.lines([letter(true)]).length, 1);
    const picked = { ...letter(true), helpful: undefined, choice: "human", text: "Somebody" };
    assert.equal(opinion(chat, [picked])?.helpful, undefined);
    assert.equal(chat.lines([picked]).length, 2);
  });

  it("offers a person when it did not, unless one is there or on the way", () => {
    const chat = chatWith(answer);
    assert.equal(opinion(chat)?.offersPerson, false);
    assert.equal(opinion(chat, [], { msg_1: true })?.offersPerson, false);
    assert.equal(opinion(chat, [], { msg_1: false })?.offersPerson, true);
    chat.receive({ t: "conv.upd", s: 2, p: 1, d: { status: "queued", owner: { kind: "queue" } } });
    assert.equal(opinion(chat, [], { msg_1: false })?.offersPerson, false);
  });
});

/**
 * Opinions of a conversation, and what reached the server.
 * @param {(attempt: number) => void} [refuse] throws what the server or the network has against it
 */
function begin(refuse = () => {}, kept = new KeptValues("test", () => null)) {
  /** @type {any[]} */
  const sent = [];
  const connection = /** @type {any} */ ({
    request: async (/** @type {string} */ t, /** @type {any} */ { c, d }) => {
      sent.push([t, c, d.m, d.helpful]);
      refuse(sent.length);
      return { t: "ack" };
    },
  });
  const unused = /** @type {any} */ ({});
  const book = new ChatBook(
    { kept, connection, session: unused, onChange: () => {}, onFrame: () => {} },
  );
  book.current = "cnv_1";
  const outbox = new Outbox({
    store: listed("test", null),
    clock: new ManualClock(),
    onChange: () => {},
    send: (each) => opinions.deliver(each),
  });
  const opinions = new Opinions({ book, connection, outbox });
  return { opinions, outbox, sent, kept };
}

describe("Opinions", () => {
  it("are remembered here once the server knows them, and the last word counts", async () => {
    const { opinions, outbox, sent, kept } = begin();
    await opinions.say({ m: "msg_1", helpful: false });
    await opinions.say({ m: "msg_1", helpful: true });
    await opinions.say({ m: "msg_2", helpful: false });
    assert.deepEqual(sent, [
      ["feedback", "cnv_1", "msg_1", false],
      ["feedback", "cnv_1", "msg_1", true],
      ["feedback", "cnv_1", "msg_2", false],
    ]);
    assert.deepEqual(outbox.letters, []);
    assert.deepEqual(begin(() => {}, kept).opinions.known, { msg_1: true, msg_2: false });
  });

  it("wait for the network, of which only the last of an answer leaves", async () => {
    let isOnline = false;
    const { opinions, outbox, sent } = begin(() => {
      if (!isOnline) throw WireError.disconnected();
    });
    await opinions.say({ m: "msg_1", helpful: false });
    assert.deepEqual(opinions.known, {});
    assert.equal(outbox.letters[0].state, "waiting");
    sent.length = 0;
    isOnline = true;
    void opinions.say({ m: "msg_1", helpful: true });
    await settle();
    assert.deepEqual(sent, [["feedback", "cnv_1", "msg_1", true]]);
    assert.deepEqual(opinions.known, { msg_1: true });
  });

  it("keep a refusal until something else is said, and remember nothing of it", async () => {
    const { opinions, outbox } = begin((attempt) => {
      if (attempt === 1) throw new WireError({ code: "conflict" });
    });
    await opinions.say({ m: "msg_1", helpful: true });
    assert.deepEqual(outbox.letters.map(({ state, code }) => [state, code]), [
      ["failed", "conflict"],
    ]);
    assert.deepEqual(opinions.known, {});
    await opinions.say({ m: "msg_1", helpful: true });
    assert.deepEqual(outbox.letters, []);
    assert.deepEqual(opinions.known, { msg_1: true });
  });

  it("are forgotten before what is remembered fills a cookie", async () => {
    const { opinions, kept } = begin();
    for (let index = 0; index < 60; index += 1) {
      const m = `msg_01kajqz5p4c2y6a8f0g3h5j7${String(index).padStart(2, "0")}`;
      await opinions.say({ m, helpful: false });
    }
    assert.equal(Object.keys(opinions.known).length, 40);
    assert.ok(encodeURIComponent(JSON.stringify(kept.get("helpful"))).length < 2048);
  });
});
