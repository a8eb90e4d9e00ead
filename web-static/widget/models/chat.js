// @ts-check

import { Timeline } from "../../shared/timeline.js";
import { TypingTracker } from "../../shared/typing-tracker.js";
import { Unread } from "../../shared/unread.js";
import { StreamedTexts } from "./streaming.js";

/** @typedef {import("../../shared/connection.js").Frame} Frame */
/** @typedef {import("../../shared/outbox.js").Letter} Letter */

/** @typedef {"clock" | "tick" | "ticks" | "failed"} Mark */

/**
 * One line of the transcript.
 * @typedef {object} Line
 * @property {"message" | "change" | "draft"} kind
 * @property {string} key
 * @property {string | number} at
 * @property {boolean} own
 * @property {boolean} starts whether it begins a group by the same author
 * @property {Mark} [mark]
 * @property {string} [code] why it failed
 * @property {any} [from]
 * @property {string} [text]
 * @property {object[]} [blocks]
 * @property {import("./files.js").SharedFile[]} [files] sent with it
 * @property {{id: string, title: string}[]} [choices]
 * @property {{article: string, title: string, url?: string}[]} [sources]
 * @property {string} [m]
 * @property {Opinion} [opinion] what is said of an answer; none of anything else
 * @property {string} [cid]
 * @property {string} [say] the key of what happened
 * @property {string} [name] who did it
 */

/**
 * What the customer says of an answer of the assistant.
 * @typedef {object} Opinion
 * @property {boolean} [helpful] whether it helped, once they have said so
 * @property {boolean} isRefused whether the server would not hear of the last one
 * @property {boolean} offersPerson whether to offer a person instead
 */

/** What the customer sees of one conversation. No DOM, no network. */
export class Chat {
  status = "bot";
  /** @type {{kind: string, id?: string, name?: string}} */
  owner = { kind: "bot" };
  /** @type {{position: number, expect_s?: number} | null} */
  queue = null;
  /** How far the other side has read or answered. */
  seenByOthers = 0;
  timeline = new Timeline();
  /** Whether what was missed is being asked for. */
  isSyncing = false;
  typing;
  unread;
  #drafts;

  /**
   * @param {string} c
   * @param {object} options
   * @param {() => void} options.onChange
   * @param {number} [options.read] up to where this browser has shown it
   * @param {import("../../shared/clock.js").Clock} [options.clock]
   */
  constructor(c, { onChange, read = 0, clock }) {
    this.c = c;
    this.typing = new TypingTracker(onChange, clock);
    this.unread = new Unread(read);
    this.#drafts = new StreamedTexts(onChange, clock);
  }

  get isEmpty() {
    return !this.timeline.events.some((event) => event.t === "msg.new");
  }

  get isResolved() {
    return this.status === "resolved";
  }

  get canAskForPerson() {
    return this.owner.kind === "bot" || this.owner.kind === "nobody";
  }

  /**
   * @param {Frame} frame
   * @returns {{added: Frame[], missing: boolean}}
   */
  receive(frame) {
    switch (frame.t) {
      case "msg.new":
      case "conv.upd": {
        const result = this.timeline.receive(frame);
        for (const event of result.added) this.#apply(event);
        return result;
      }
      case "typing":
        if (frame.d && frame.d.kind !== "customer") this.typing.receive(frame.d);
        break;
      case "read":
        // The customer themselves, on another device or in another tab.
        if (frame.d?.kind === "customer") this.unread.read(frame.d.upto ?? 0);
        else this.#seen(frame.d?.upto ?? 0);
        break;
      case "queue.pos":
        this.queue = frame.d ?? null;
        break;
      case "msg.delta":
        this.#drafts.receive(frame.d ?? {});
        break;
    }
    return { added: [], missing: false };
  }

  /**
   * What somebody has missed who knows it up to `s`, as the server would say it.
   * @param {number} s
   * @returns {Frame[]}
   */
  framesAfter(s) {
    const { c, queue, seenByOthers, unread } = this;
    const events = this.timeline.events.filter((event) => (event.s ?? 0) > s);
    return [
      ...events,
      { t: "read", c, d: { kind: "agent", upto: seenByOthers } },
      { t: "read", c, d: { kind: "customer", upto: unread.upto } },
      ...(queue ? [{ t: "queue.pos", c, d: queue }] : []),
    ];
  }

  /** The server's log is another one. */
  reset() {
    this.timeline.reset();
    this.unread = new Unread(0);
    this.seenByOthers = 0;
    this.#drafts.clear();
  }

  /**
   * The transcript: the log, then what is on its way, then what is being written.
   * @param {Letter[]} letters
   * @param {Record<string, boolean>} [opinions] by message, whether it helped
   * @returns {Line[]}
   */
  lines(letters, opinions = {}) {
    /** @type {Line[]} */
    const lines = [];
    let before = null;
    for (const event of this.timeline.events) {
      const line = event.t === "msg.new" ? this.#messageLine(event) : changeLine(event, before);
      if (event.t === "conv.upd") before = event.d;
      if (!line) continue;
      if (isAnswer(event.d)) line.opinion = this.#opinion(event.d.m, letters, opinions);
      lines.push(line);
    }
    const logged = new Set(lines.map((line) => line.cid));
    for (const letter of letters) {
      if (letter.helpful === undefined && !logged.has(letter.cid)) lines.push(letterLine(letter));
    }
    const bot = this.timeline.events.findLast(({ d }) => d.from?.kind === "bot")?.d.from;
    for (const { m, text } of this.#drafts.all) {
      lines.push({
        kind: "draft",
        key: `draft-${m}`,
        at: "",
        own: false,
        starts: true,
        text,
        m,
        from: bot ?? { kind: "bot" },
      });
    }
    return grouped(lines);
  }

  /** @param {Frame} event */
  #apply(event) {
    if (event.t === "conv.upd") {
      this.status = event.d.status;
      this.owner = event.d.owner ?? { kind: "nobody" };
      if (this.status !== "queued") this.queue = null;
      if (this.owner.kind !== "bot") this.#drafts.clear();
      return;
    }
    const kind = event.d.from?.kind;
    this.#drafts.settle(event.d.m);
    if (kind !== "customer") this.typing.arrived(kind);
    if (kind === "agent" || kind === "bot") this.#seen(event.s ?? 0);
    this.unread.receive(event, "customer");
  }

  /** @param {number} upto */
  #seen(upto) {
    this.seenByOthers = Math.max(this.seenByOthers, upto);
  }

  /**
   * What is on its way counts already.
   * @param {string} m
   * @param {Letter[]} letters
   * @param {Record<string, boolean>} opinions
   * @returns {Opinion}
   */
  #opinion(m, letters, opinions) {
    const letter = letters.filter((each) => each.m === m && each.helpful !== undefined).at(-1);
    const isRefused = letter?.state === "failed";
    const helpful = letter && !isRefused ? letter.helpful : opinions[m];
    return { helpful, isRefused, offersPerson: helpful === false && this.canAskForPerson };
  }

  /** @param {Frame} event @returns {Line} */
  #messageLine({ d, s = 0 }) {
    const own = d.from?.kind === "customer";
    return {
      kind: "message",
      key: d.cid && own ? d.cid : d.m,
      at: d.at,
      own,
      starts: true,
      mark: own ? (s <= this.seenByOthers ? "ticks" : "tick") : undefined,
      from: d.from,
      text: d.text,
      blocks: d.blocks,
      files: d.files,
      choices: d.choices,
      sources: d.sources,
      m: d.m,
      cid: d.cid,
    };
  }
}

/**
 * Whether a message is an answer of the assistant: asking which of several things is meant is not.
 * @param {any} d
 */
function isAnswer({ from, decision, choices, sources, blocks }) {
  return from?.kind === "bot" && !!decision &&
    (!choices?.length || sources?.length > 0 || blocks?.length > 0);
}

/** @param {Letter} letter @returns {Line} */
export function letterLine(letter) {
  const mark = letter.state === "failed"
    ? "failed"
    : letter.state === "accepted" ? "tick" : "clock";
  return {
    kind: "message",
    key: letter.cid,
    cid: letter.cid,
    at: letter.at,
    own: true,
    starts: true,
    mark,
    code: letter.code,
    text: letter.text,
    files: letter.files,
    from: { kind: "customer" },
  };
}

/**
 * What a change means to a customer; null when it means nothing to them.
 * @param {Frame} event
 * @param {any} before the change before it
 * @returns {Line | null}
 */
function changeLine({ d, s }, before) {
  const say = wordsFor(d, before);
  if (!say) return null;
  const name = d.owner?.name ?? "";
  return { kind: "change", key: `change-${s}`, at: d.at, own: false, starts: true, say, name };
}

/** @param {any} now @param {any} before @returns {string | null} */
function wordsFor(now, before) {
  if (!before) return null;
  if (now.status === "resolved") return before.status === "resolved" ? null : "resolved";
  if (now.status === "queued") {
    if (before.status === "queued") return null;
    return now.reason?.code === "transferred" ? "toQueueAgain" : "toQueue";
  }
  if (now.owner?.kind === "agent") return now.owner.id === before.owner?.id ? null : "joined";
  if (now.owner?.kind !== "bot" || before.owner?.kind === "bot") return null;
  return before.status === "resolved" ? "reopened" : "toBot";
}

/**
 * Marks where the author changes or five minutes passed.
 * @param {Line[]} lines
 */
function grouped(lines) {
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (!before || before.kind === "change" || line.kind === "change") continue;
    const sameAuthor = before.from?.kind === line.from?.kind && before.from?.id === line.from?.id;
    const close =
      Number(new Date(line.at || Date.now())) - Number(new Date(before.at || Date.now())) < 300_000;
    line.starts = !(sameAuthor && close);
  }
  return lines;
}
